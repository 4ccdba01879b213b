"""Doctor killed before any of its file operations, or failed at any: what it leaves is swept, and no request is touched."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any, List

import pytest

import inbox
import outbox
from inbox.names import is_our_temporary
from shared import permissions, probe
from shared.checkup import examine
from shared.disk import Disk
from shared.found import OK
from shared.probe import Places, is_probe
from tests.faults.fault_calls import KINDS, FaultyCalls, die, die_torn, failing
from tests.faults.forks import can_fork, in_a_child
from tests.faults.scenarios import Place, make_place

pytestmark = pytest.mark.skipif(not can_fork(), reason="needs fork, which Windows has not")
_MOST = 400


def act(place: Place, calls: Any) -> List[str]:
    """Everything doctor does to a share, in one thread; the verdicts."""
    disk, root = place.disk(calls, durable=True), place.road.root
    box = inbox.open_inbox(root, disk)
    places = Places(disk, root, box.pending, place.road.outbox.done)
    answers = outbox.answers_known(outbox.open_outbox(root, disk))
    checks = {
        "share": lambda: inbox.share(box),
        "folders": lambda: permissions.folders(disk, [*inbox.folders_of(box), *answers.folders]),
        **probe.checks(places, True),
        **inbox.queue_checks(box, 600.0, answers),
    }
    return [examine({"share": check}, 30.0)[0].verdict for check in checks.values()]


def left(place: Place) -> List[Path]:
    """What doctor left, the topmost of each."""
    found = [path for path in place.road.root.rglob("*") if path.name.startswith((".doctor", ".clock"))]
    return [path for path in found if not any(is_probe(above.name) for above in path.parents)]


@pytest.fixture
def place(quick_folder: Path, synthetic_data: Path) -> Place:
    """A queue with one request."""
    made = make_place(quick_folder / "place", synthetic_data)
    made.submit("a")
    return made


def test_doctor_leaves_nothing_and_finds_nothing_on_a_good_share(place: Place) -> None:
    before = sorted(place.road.root.rglob("*"))
    verdicts = act(place, FaultyCalls())
    assert verdicts.count(OK) == len(verdicts) - 1  # the request waits, and there is no worker
    assert sorted(place.road.root.rglob("*")) == before


@pytest.mark.timeout(300)
def test_killed_at_any_operation_it_leaves_only_what_is_swept_and_every_request_is_answered(place: Place) -> None:
    calls = FaultyCalls()
    act(place, calls)
    numbers = range(1, len(calls.reached) + 1)
    assert 40 < len(numbers) < _MOST
    for number in numbers:
        for fault in (die, die_torn) if calls.reached[number - 1].name == "write" else (die,):
            ended = in_a_child(lambda fault=fault, number=number: act(place, FaultyCalls(fault, number)))  # type: ignore[misc]
            assert ended == -signal.SIGKILL, number
    remains = left(place)
    assert remains
    assert all(is_our_temporary(path.name) for path in remains)
    _swept_after_an_hour(place, remains)


def _swept_after_an_hour(place: Place, remains: List[Path]) -> None:
    for path in remains:
        past = path.stat().st_mtime - 3700
        os.utime(path, (past, past))
    box = place.road.inbox
    now = inbox.server_now(box)
    assert now
    probe.sweep(Disk(), [*inbox.folders_of(box), *outbox.answers_known(place.road.outbox).folders], now)
    assert [path for path in left(place) if is_probe(path.name)] == []
    assert place.road.drain() == 0
    assert place.road.answers() == {"a": "SUCCEEDED"}
    assert place.road.left() == []


@pytest.mark.parametrize("kind", ["ENOSPC", "EIO", "EACCES", "ESTALE", "winerror 32"])
@pytest.mark.timeout(300)
def test_whichever_operation_fails_doctor_ends_and_says_so(place: Place, kind: str) -> None:
    calls = FaultyCalls(every=True)
    act(place, calls)
    make = KINDS[kind].make
    for number, reached in enumerate(calls.reached, start=1):
        if KINDS[kind].may_hit(reached.name, reached.changes):
            for forever in (False, True):
                act(place, FaultyCalls(failing(make), number, every=True, forever=forever))
    assert [path.name for path in (place.road.inbox.pending).glob("[!.]*")] == [f"4-0-a~{_mark(place)}.json"]


def _mark(place: Place) -> str:
    [file] = place.road.inbox.pending.glob("[!.]*")
    return file.stem.rpartition("~")[2]

"""Files, processes and terminals that refuse for a while: nothing is lost over them, and nobody else pays."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Any, Callable, List

import pytest

import inbox
from inbox import NotNow, Waiting
from pc.desk import open_desk
from pc.launchers.here import Here
from pc.patience import Patience
from pc.worker import Worker
from shared.calls import Calls
from shared.disk import Disk
from shared.events import Log
from tests.harness.interleave import Recorder, disk_with
from tests.harness.processes import STRATEGIES, Machine
from tests.harness.road import SMALL, Road, until


class Stuck(Calls):
    """Files of that name cannot be renamed out of pending while it says so."""

    def __init__(self, name: str) -> None:
        self.name, self.is_stuck, self.tried = name, True, 0

    def rename(self, source: Any, target: Any) -> None:  # type: ignore[override]
        """As os.rename, if it may."""
        if self.is_stuck and os.path.basename(source) == self.name:
            self.tried += 1
            raise PermissionError(1, "somebody holds it", str(source))
        os.rename(source, target)


def _claims(road: Road) -> List[str]:
    return sorted(path.name for path in road.inbox.claims.iterdir())


def _worker(road: Road, calls: Calls) -> Worker:
    desk = open_desk(road.settings, Log(quiet=True), Disk(False, calls=calls, patience=0.0))
    return Worker(desk, Here(desk), Patience(desk, first=0.001))


def test_a_file_that_could_not_be_moved_is_no_death_and_gathers_no_claims(road: Road) -> None:
    """Three drains failed on it; then it is let go, and answered."""
    road.drop("held.json", {**SMALL, "request_id": "held"})
    calls = Stuck("held.json")
    for number in range(3):
        assert _worker(road, calls).drain() == 3
        assert calls.tried > 2 * (number + 1), "each drain tried more than once"
        assert len([name for name in _claims(road) if name.endswith(".json")]) == number + 1, "one claim a drain, not a try"
        assert len([name for name in _claims(road) if name.endswith(".back")]) == number + 1
    calls.is_stuck = False
    assert _worker(road, calls).drain() == 0
    assert [attempt["ended"] for attempt in road.manifest("held")["attempts"]] == ["given back"] * 3 + ["answered"]
    assert road.left() == []


def test_a_file_that_cannot_be_moved_stops_no_run_of_a_drain(new_road: Callable[..., Road], tmp_path: Path) -> None:
    """It failed often enough for the drain to give up, while a good request runs longer than that."""
    from pc.launchers.processes import open_launcher

    road = new_road(slots=2, strategies_path=STRATEGIES)
    good = road.submit(strategy="waits", params={"started": str(tmp_path / "started"), "until": str(tmp_path / "go")})
    road.drop("held.json", {**SMALL, "request_id": "held", "priority": 0})
    calls = Stuck("held.json")
    desk = open_desk(road.settings, Log(quiet=True), Disk(False, calls=calls, patience=0.0))
    worker = Worker(desk, open_launcher(desk), Patience(desk, first=0.001))
    draining = threading.Thread(target=worker.drain)
    draining.start()
    until(lambda: calls.tried > 8 and (tmp_path / "started").exists())
    (tmp_path / "go").touch()
    draining.join(30)
    assert [attempt["ended"] for attempt in road.manifest(good)["attempts"]] == ["answered"]


def test_a_share_that_is_away_for_days_is_still_waited_for(road: Road) -> None:
    """At one try every half minute the thousandth comes after eight hours."""
    patience = Patience(open_desk(road.settings, Log(quiet=True)))
    for _ in range(5000):
        patience.failed(OSError(5, "away"))
    assert patience.seconds() == 30.0


def test_our_own_bell_does_not_hurry_what_was_given_back_in_trouble(road: Road) -> None:
    """The rename of a give-back rings as any other."""
    waiting = Waiting(road.inbox)
    path = road.drop("x.1-0a1b2c3d.back.json", {**SMALL, "request_id": "x"})
    waiting.put_off(path, 100.0, NotNow.TROUBLE)
    waiting.rung([path.name], 50.0)
    assert waiting.next(50.0) is None
    assert waiting.is_worth_waiting_for(50.0)
    waiting.look(101.0)
    assert waiting.next(101.0) == path


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets one process set the limits of another")
def test_a_child_that_cannot_be_made_gives_its_request_back(tmp_path: Path, synthetic_data: Path) -> None:
    """No more processes, or no more open files: a claim without a run would be nobody's."""
    import resource

    with Machine(tmp_path, synthetic_data) as machine:
        worker = machine.watch()
        machine.answered(machine.road.submit())  # its child is there and warm
        first = machine.road.submit(strategy="dies", params={"how": "exit"})
        before = resource.prlimit(worker.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(worker.pid, resource.RLIMIT_NOFILE, (len(os.listdir(f"/proc/{worker.pid}/fd")) + 1, before[1]))
        machine.answered(first)  # its child is gone, and no other can be made
        second = machine.road.submit()
        worker.until_event("SHARE_TROUBLED")
        assert worker.is_running()
        resource.prlimit(worker.pid, resource.RLIMIT_NOFILE, before)
        assert machine.answered(second)["status"] == "SUCCEEDED"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a console is lost differently here")
def test_a_log_nobody_reads_any_more_stops_no_work(tmp_path: Path, synthetic_data: Path) -> None:
    """`pc watch 2>&1 | less`, and less was left."""
    pipe = tmp_path / "stderr"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with Machine(tmp_path, synthetic_data) as machine:
        worker = machine.start("pc", "watch", before=["sh", "-c", f'exec "$@" 2>{pipe}', "sh"])
        until(lambda: list((machine.reports / "running").glob("*/alive")))
        os.close(reader)
        assert machine.answered(machine.road.submit())["status"] == "SUCCEEDED"
        assert worker.is_running()


def test_a_name_that_is_no_utf8_is_nobodys(new_road: Callable[..., Road]) -> None:
    """An old system's mount writes names in its own encoding."""
    road = new_road(lease_seconds=0.001)
    odd = os.fsdecode(b"\xb0\xa1.1")
    for folder, name in ((road.inbox.claims, f"{odd}.json"), (road.outbox.building, f"{odd}.x"), (road.inbox.running, odd)):
        (folder / name).mkdir() if folder is not road.inbox.claims else (folder / name).write_bytes(b"")
    request_id = road.submit()
    assert road.drain() == 0
    assert road.answers() == {request_id: "SUCCEEDED"}
    assert inbox.claimed_ids(road.inbox) == []


def test_no_file_lies_in_an_answer_that_its_manifest_does_not_name(road: Road) -> None:
    """Out of memory just after a result file was begun: the answer tells of it, and is whole."""

    class Full(Recorder):
        def before(self, name: str, path: str) -> None:
            if name == "write" and path.endswith("metrics.json"):
                raise MemoryError

    request_id = road.submit()
    assert road.drain(disk_with(Full())) == 1
    assert road.manifest(request_id)["error"]["code"] == "E-RUN-MEMORY"
    assert road.left() == []

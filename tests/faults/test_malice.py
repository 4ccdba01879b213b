"""Somebody with access to the folders, or a careless strategy, tries to destroy, replace, or stop what is not theirs."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Callable

import pytest

import inbox
import outbox
from outbox import Draft
from shared.calls import Calls
from tests.harness.interleave import Between, Recorder, disk_with
from tests.harness.people import NO_SUCH_PID, Person
from tests.harness.road import SMALL, Road

A = {**SMALL, "request_id": "a"}
B = {**SMALL, "request_id": "a", "capital": 7_000_000}


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder that is none of the queue's."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "precious.json").write_text('{"strategy": "krx_ma200"}')
    (folder / "precious.txt").write_text("mine")
    return folder


def _untouched(folder: Path) -> bool:
    return sorted(path.name for path in folder.iterdir()) == ["precious.json", "precious.txt"]


def test_of_a_link_in_building_only_the_link_goes(road: Road, outside: Path) -> None:
    """A draft of an answered id is litter; what a link leads to is not."""
    road.drop("a.json", A)
    road.drain()
    (road.outbox.building / "a.9.x").symlink_to(outside)
    road.drain()
    assert _untouched(outside)
    assert road.left() == []


@pytest.mark.parametrize("alive", [None, {"host": None, "pid": NO_SUCH_PID, "start": 1.0}])
def test_a_link_in_running_is_no_dead_worker(alive: Any, new_road: Callable[..., Road], outside: Path) -> None:
    """Its files would be answered and removed as what a dead worker held."""
    road = new_road(lease_seconds=0.001)
    if alive:
        (outside / "alive").write_text(json.dumps(alive))
    (road.inbox.running / "old~00000001").symlink_to(outside)
    road.drain()
    (outside / "alive").unlink(missing_ok=True)
    assert _untouched(outside)
    assert road.answers() == {}


def test_a_give_back_never_replaces_a_file_of_the_name_it_would_take(road: Road) -> None:
    """Names of that shape may be dropped by anybody."""
    person = Person(road)
    claim = person.take(road.drop("victim.json", {**A, "request_id": "victim"}))
    assert claim is not None
    for name in ("victim.1.back.json", "victim.1-00000000.back.json"):
        road.drop(name, {**A, "request_id": f"innocent-{len(name)}"})
    person.give_back(claim)
    assert len(list(road.inbox.pending.iterdir())) == 3


@pytest.mark.parametrize(("ended", "status"), [(inbox.STOPPED, "FAILED"), (inbox.GIVEN_BACK, "SUCCEEDED")])
def test_a_request_whose_worker_is_always_stopped_is_given_up(road: Road, ended: str, status: str) -> None:
    """A strategy may end its own worker, politely; a disk that is full for a night is no fault of any request."""
    road.drop("a.json", A)
    for _ in range(20):
        person = Person(road)
        claim = person.take_next()
        assert claim is not None
        inbox.give_back(road.inbox, claim.held, ended)
        person.me.leave()
    road.drain()
    manifest = road.manifest("a")
    assert manifest["status"] == status
    assert [attempt["ended"] for attempt in manifest["attempts"]] == [ended] * 20 + ["answered"]
    assert road.left() == []


def test_somebody_who_took_the_id_of_a_refusal_makes_no_request_vanish(road: Road) -> None:
    """`a~<8 hex>` was chosen by a person before `a` got other content of just that digest."""
    taken = inbox.conflict_id("a", inbox.asked_from(json.dumps(B).encode(), 0.0, "b").digest)
    road.drop("a.json", A)
    road.drop("taken.json", {**SMALL, "request_id": taken})
    road.drain()
    road.drop("b.json", B)
    assert road.drain() == 1
    assert sorted(road.answers().values()) == ["REJECTED", "SUCCEEDED", "SUCCEEDED"]


def test_other_content_under_a_cancelled_id_is_refused_not_dropped(road: Road) -> None:
    """The cancel was for what lay there then."""
    road.drop("a.json", A)
    (road.inbox.pending / "a.cancel").write_text("")
    road.drain()
    road.drop("b.json", B)
    assert road.drain() == 1
    assert sorted(road.answers().values()) == ["CANCELLED", "REJECTED"]


def test_an_answer_sealed_where_a_strangers_folder_lay_is_not_put_aside(road: Road) -> None:
    """Both found the stranger's folder; the other moved it and sealed before we moved."""
    stranger = road.outbox.done / "a"
    stranger.mkdir()
    (stranger / "notes.txt").write_text("mine")

    def the_other_seals() -> None:
        os.rename(stranger, road.root / "moved")
        first = Draft(road.outbox, "a", 1)
        first.write("request.json", b"{}")
        assert first.seal({"status": "SUCCEEDED", "request_sha256": "1"}, lambda: True)

    late = Between("rename", f"{road.outbox.done}/a", the_other_seals)
    second = Draft(outbox.open_outbox(road.root, disk_with(late)), "a", 2)
    second.write("request.json", b"{}")
    assert second.seal({"status": "CANCELLED", "request_sha256": "2"}, lambda: True) is False
    assert late.happened
    assert road.answers() == {"a": "SUCCEEDED"}


def test_who_still_holds_the_log_open_cannot_change_the_answer(road: Road) -> None:
    """A process that a strategy left writes on."""
    draft = Draft(road.outbox, "a", 1)
    log = draft.open_log("run.log")
    os.write(log, b"told in time\n")
    draft.adopt("run.log")
    assert draft.seal({"status": "SUCCEEDED", "request_sha256": ""}, lambda: True)
    os.write(log, b"told too late\n")
    os.close(log)
    assert outbox.verify(road.outbox, "a")
    assert (road.outbox.done / "a" / "run.log").read_bytes() == b"told in time\n"


def test_a_run_that_prints_without_end_keeps_the_beginning(road: Road) -> None:
    """Its answer stays of a size that can be carried."""
    draft = Draft(road.outbox, "a", 1)
    log = draft.open_log("run.log")
    for _ in range(9):
        os.write(log, b"x" * (1 << 20))
    os.close(log)
    draft.adopt("run.log")
    assert Path(draft.folder, "run.log").stat().st_size < (9 << 20)
    assert Path(draft.folder, "run.log").read_bytes().endswith(b"it is not kept\n")


def test_the_word_of_an_answer_that_is_not_there_removes_no_request(road: Road) -> None:
    """A strategy got hold of the pipe and said `ended`."""
    from pc.ending import Sealed
    from pc.launchers import Ending
    from pc.launchers.here import Here
    from pc.patience import Patience
    from pc.runs import Runs

    person = Person(road)
    claim = person.take(road.drop("a.json", A))
    assert claim is not None
    runs = Runs(person.desk, Here(person.desk), Patience(person.desk))
    runs.finish(person.shift, Ending(claim, Sealed(True, "SUCCEEDED")))
    assert claim.file.exists()


@pytest.mark.parametrize("owner", ["x" * 300 + "~00000001", "a\x00b~00000001", "../../etc~00000001", "\ud800~00000001", 5])
def test_a_claim_of_nobody_is_a_torn_one(owner: Any, new_road: Callable[..., Road]) -> None:
    """It blocks its id for a lease, and the worker and all others not at all."""
    road = new_road(lease_seconds=0.001)
    (road.inbox.claims / "a.1.json").write_text(json.dumps({"incarnation": owner}))
    os.utime(road.inbox.claims / "a.1.json", (1, 1))
    road.drop("a.json", A)
    road.drop("b.json", {**A, "request_id": "b"})
    road.drain()
    assert road.answers() == {"a": "SUCCEEDED", "b": "SUCCEEDED"}


class _Forbidden:
    """One name that cannot be asked about, as on a disk with a bad sector."""

    def __init__(self, part: str) -> None:
        self._part = part

    def __getattr__(self, name: str) -> Any:
        call = getattr(Calls, name)

        def asked(*arguments: Any) -> Any:
            if isinstance(arguments[0], (str, Path)) and self._part in str(arguments[0]):
                raise OSError(5, "Input/output error")
            return call(*arguments)

        return asked


def test_one_bad_file_never_blocks_the_rest(road: Road) -> None:
    """The first in line cannot be read, and all behind it are answered in the same drain."""
    road.drop("1-bad.json", {**A, "request_id": "bad"})
    wanted = [f"good-{number}" for number in range(5)]
    for request_id in wanted:
        road.drop(f"2-{request_id}.json", {**A, "request_id": request_id})
    from shared.disk import Disk

    assert road.drain(Disk(False, calls=_Forbidden("1-bad"), patience=0.0)) == 3
    assert sorted(road.answers()) == wanted
    assert road.drain() == 0
    assert sorted(road.answers()) == sorted([*wanted, "bad"])


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_an_alive_that_is_no_file_is_a_folder_without_one(kind: str, new_road: Callable[..., Road], tmp_path: Path) -> None:
    """The worker looks at it every second."""
    road = new_road(lease_seconds=0.001)
    folder = road.inbox.running / "old~00000001"
    folder.mkdir()
    if kind == "folder":
        (folder / "alive").mkdir()
    else:
        (folder / "alive").symlink_to(tmp_path)
    os.utime(folder, (1, 1))
    road.drop("a.json", A)
    road.drain()
    assert road.answers() == {"a": "SUCCEEDED"}


def test_many_wishes_to_cancel_look_at_the_waiting_files_once(road: Road) -> None:
    """Thousands of them beside thousands of foreign files would else keep a worker from its heartbeat."""
    wanted = [f"r{number}" for number in range(30)]
    for request_id in wanted:
        road.drop(f"foreign {request_id}.json", {**A, "request_id": request_id})
        (road.inbox.pending / f"{request_id}.cancel").write_text("")
    recorder = Recorder()
    assert road.drain(disk_with(recorder)) == 0
    assert road.answers() == dict.fromkeys(wanted, "CANCELLED")
    assert road.left() == []
    read = [path for name, path in recorder.steps if name == "open" and "/pending/foreign" in path]
    assert len(read) <= 5 * len(wanted)


def test_a_stranger_of_a_long_name_in_a_workers_folder_is_answered_too(new_road: Callable[..., Road]) -> None:
    """Given back under a name longer than the file system takes, it would fail for ever."""
    road = new_road(lease_seconds=0.001)
    folder = road.inbox.running / "old~00000001"
    folder.mkdir()
    (folder / f"{'x' * 240}.json").write_text(json.dumps(SMALL))
    os.utime(folder, (1, 1))
    assert road.drain() == 0
    assert list(road.answers().values()) == ["SUCCEEDED"]


def test_a_link_to_a_folder_in_pending_does_not_lead_the_bell_astray(road: Road) -> None:
    """Followed, two of them would be a tree without end."""
    from pc.bell import Bell
    from shared.events import Log
    from tests.harness.road import until

    for name in ("one", "two"):
        (road.inbox.pending / name).symlink_to(".")
    bell = Bell(road.inbox.pending, road.inbox.running, Log(quiet=True))
    try:
        heard: "set[str]" = set()
        number = 0

        def rung() -> bool:
            nonlocal number
            number += 1
            road.drop(f"{number}.json", A)
            heard.update(bell.names())
            return bool(heard)

        assert until(rung)
    finally:
        bell.silence()


def test_what_a_run_left_running_does_not_meet_the_next(new_road: Callable[..., Road], tmp_path: Path) -> None:
    """A thread, a timer and a process of the first; the second is a clean run in a fresh process."""
    from pc.desk import open_desk
    from pc.launchers.processes import open_launcher
    from pc.worker import Worker
    from shared import machine
    from shared.events import Log
    from tests.harness.road import until

    own = tmp_path / "own"
    own.mkdir()
    text = (
        "import os, signal, subprocess, threading\nfrom pydantic import BaseModel, ConfigDict\n"
        "from shared.strategies import Targets\n"
        "class Params(BaseModel):\n    model_config = ConfigDict(extra='forbid')\n    leave: bool = False\nSYMBOLS = ('KOSPI',)\n"
        "def decide(prices, params):\n    import numpy as np\n    print('process', os.getpid())\n    if params.leave:\n"
        "        signal.alarm(2)\n        threading.Thread(target=threading.Event().wait, args=(60,), daemon=True).start()\n"
        "        print('child', subprocess.Popen(['sleep', '60']).pid)\n"
        "    return Targets(np.array([0]), np.array([[1.0]]))\n"
    )
    (own / "leaves.py").write_text(text)
    road = new_road(strategies_path=own)
    first = road.submit(strategy="leaves", params={"leave": True}, priority=9)
    second = road.submit(strategy="leaves")
    desk = open_desk(road.settings, Log(quiet=True), road.disk)
    worker = Worker(desk, open_launcher(desk))
    assert worker.drain() == 0, [road.manifest(name).get("error") for name in road.answers()]
    logs = {request_id: (road.outbox.done / request_id / "run.log").read_text() for request_id in (first, second)}
    process = {
        request_id: next(line for line in log.splitlines() if line.startswith("process")) for request_id, log in logs.items()
    }
    assert process[first] != process[second]
    left = next(line.split()[1] for line in logs[first].splitlines() if line.startswith("child"))
    assert until(lambda: machine.start_of(int(left)) is None)

"""Small complete stories of the queue, each a function of a folder and the file operations it is to use.

It exists so that killing and failing walk the same stories: prepared without faults, acted with one, their end known before.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

import inbox
import outbox
from inbox import Incarnation
from pc.desk import Desk, open_desk
from pc.launchers.here import open_launcher
from pc.patience import Patience
from pc.worker import Worker
from shared.disk import Disk
from shared.events import Log
from tests.faults.endless import Endless
from tests.faults.forks import in_a_child
from tests.harness.road import Road

SMALL = {"strategy": "one_row", "charts": False, "start": "2024-01-01", "end": "2024-01-31", "benchmarks": []}
STRATEGY = '''"""Holds from the first day on, and writes down that it ran."""
from pathlib import Path
from pydantic import BaseModel
from shared.strategies import Targets

SYMBOLS = ("KOSPI",)


class Params(BaseModel):
    id: str


def decide(prices, params):
    import numpy as np

    if prices.dates[-1] < np.datetime64("2024-01-31"):  # asked again by the check that it does not look ahead
        return Targets(np.array([0]), np.array([[1.0]]))
    home = Path(__file__).parent.parent
    late = (home / "reports" / "done" / params.id).exists() or any((home / "reports" / "answered").glob(f"*/{params.id}"))
    with open(home / "runs.txt", "a") as file:
        file.write(f"{params.id} {'LATE' if late else 'in-time'}\\n")
    return Targets(np.array([0]), np.array([[1.0]]))
'''
AN_HOUR = 3600.0


class Place:
    """One folder in which a story happens: reports, archive, the strategy, and what ran."""

    def __init__(self, home: Path, data: Path, **changes: Any) -> None:
        self.home = home
        self.durable = False  # whether whoever acts here flushes: where only processes die, nothing needs it
        patient = {"lease_seconds": 600.0, "grace_seconds": 0.0, "scan_seconds": 0.3, "heartbeat_seconds": 30.0}
        self.road = Road(home / "reports", data, strategies_path=home / "own", **{**patient, **changes})

    def submit(self, request_id: str, **content: Any) -> str:
        """One good request, by a submitter nothing happens to."""
        return self.road.submit(**asking(request_id, **content))

    def desk(self, calls: Any, durable: bool = False, **changes: Any) -> Desk:
        """A worker's desk over these file operations."""
        durable = durable or self.durable
        settings = self.road.settings.model_copy(update={"durable": durable, **changes})
        return open_desk(settings, Log(quiet=True), self.disk(calls, durable))

    def disk(self, calls: Any, durable: bool = False) -> Disk:
        """A disk over these file operations."""
        return Disk(durable or self.durable, calls, patience=0.0)

    def drain(self, calls: Any, durable: bool = False, **changes: Any) -> int:
        """A worker that runs things in this process takes all there is, and waits for nothing where the share fails."""
        desk = self.desk(calls, durable, **changes)
        return Worker(desk, open_launcher(desk), patience=Patience(desk, first=0.0)).drain()

    def runs(self) -> List[List[str]]:
        """Every run that began: its id, and whether its answer was visible then."""
        file = self.home / "runs.txt"
        return [line.split() for line in file.read_text().splitlines()] if file.exists() else []

    def an_hour_passes(self) -> None:
        """For everything that tells how old it is: heartbeats, claims, half-written files."""
        for pattern in ("running/*", "running/*/alive", "claims/*", "pending/.*"):
            for path in self.road.root.glob(pattern):
                past = path.stat().st_mtime - AN_HOUR
                os.utime(path, (past, past))


Expected = Dict[str, str]


class Scenario(NamedTuple):
    """A story: what is prepared (it answers what must come of it), what happens, and how it is brought to its end."""

    name: str
    prepare: Callable[[Place], Expected]
    act: Callable[[Place, Any], Any]
    end: Optional[Callable[[Place, Any], Any]] = None
    stride: int = 1  # every so many-th operation of the recovery is killed: small stories are told exhaustively
    acknowledged: bool = True  # False: a request is promised an answer only if the story came to its end
    completed: Optional[Expected] = None  # where more is promised once the story came to its end: what
    is_a_drain: bool = True  # a worker acts, which ends by itself; a person's command may raise

    @property
    def takes_all(self) -> bool:
        """Whether whoever acts is to answer everything there is."""
        return self.act in (Place.drain, _drain_durably)

    def finish(self, place: Place, calls: Any) -> None:
        """What a person does next anyway: drain once more."""
        (self.end or Place.drain)(place, calls)


def asking(request_id: str, **content: Any) -> Dict[str, Any]:
    """The content of a request for one run."""
    return {**SMALL, "request_id": request_id, "params": {"id": request_id}, **content}


def make_place(home: Path, data: Path) -> Place:
    """A new one."""
    (home / "own").mkdir(parents=True)
    (home / "own" / "one_row.py").write_text(STRATEGY)
    return Place(home, data)


def copied(source: Path, target: Path, data: Path) -> Place:
    """A copy to break things in; tombstones say where their answer lies, so that is the copy's too."""
    shutil.copytree(source, target)
    for stone in (target / "reports" / "answered").glob("*/*"):
        stone.write_text(stone.read_text().replace(f"{source}/", f"{target}/"))
    return Place(target, data)


# ---- what was there before ----


def _nothing(place: Place) -> Expected:
    return {"a": "SUCCEEDED"}


def _one(place: Place) -> Expected:
    return {place.submit("a"): "SUCCEEDED"}


def _one_for_many_deaths(place: Place) -> Expected:
    return {place.submit("a", max_attempts=9): "SUCCEEDED"}


def _one_perhaps_cancelled(place: Place) -> Expected:
    return {place.submit("a"): "CANCELLED or SUCCEEDED"}


def answered(place: Place) -> Expected:
    """One request, answered in peace."""
    expected = _one(place)
    place.drain(plain())
    return expected


def _duplicate(place: Place) -> Expected:
    expected = answered(place)
    place.submit("a")
    return expected


def _other_content(place: Place) -> Expected:
    expected = answered(place)
    place.submit("a", capital=5_000_000)
    return {**expected, _conflict_in(place, "a"): "REJECTED"}


def _cancelled_while_waiting(place: Place) -> Expected:
    place.submit("a")
    inbox.cancel(place.road.inbox, "a", "a typo")
    return {"a": "CANCELLED"}


def _cancelled_while_another_runs_it(place: Place) -> Expected:
    """The other worker is this very process: alive, by pid and by heartbeat."""
    place.submit("a")
    claim_all(place.road.inbox)
    inbox.cancel(place.road.inbox, "a", "a typo")
    return {"a": "CANCELLED"}


def _claimed_by_the_dead(place: Place) -> Expected:
    expected = _one_for_many_deaths(place)
    assert in_a_child(lambda: claim_all(place.road.inbox)) == 0
    return expected


def _claimed_by_the_dead_with_a_torn_alive(place: Place) -> Expected:
    expected = _claimed_by_the_dead(place)
    for alive in place.road.inbox.running.glob("*/alive"):
        alive.write_bytes(alive.read_bytes()[:20])
    place.an_hour_passes()
    return expected


def _a_torn_claim(place: Place) -> Expected:
    expected = _one_for_many_deaths(place)
    (place.road.inbox.claims / "a.1.json").write_bytes(b'{"incarnation":"tes')
    place.an_hour_passes()
    return expected


def _killed_while_comparing(place: Place) -> Expected:
    """A duplicate under a fresh name in a dead worker's folder, beside litter of the answered id."""
    expected = _duplicate(place)

    def move() -> None:
        me = Incarnation(place.road.inbox, "tester", 600.0)
        assert inbox.bring_in(me, *_first(place))

    assert in_a_child(move) == 0
    (place.road.inbox.claims / "a.1.json").write_bytes(b"{}")
    (place.road.inbox.claims / "a.1.back").write_bytes(b"")
    outbox.Draft(place.road.outbox, "a", 1).write("report.txt", b"half")
    return expected


def _expired(place: Place) -> Expected:
    return {place.submit("a", expires_at="2020-01-01T00:00:00+09:00"): "EXPIRED"}


def _used_up(place: Place) -> Expected:
    place.submit("a", max_attempts=1)
    assert in_a_child(lambda: claim_all(place.road.inbox)) == 0
    return {"a": "FAILED"}


def _broken(place: Place) -> Expected:
    place.road.drop("broken.json", b'{"strategy": ')
    return {_first(place)[1].request_id: "REJECTED"}


def _three_of_one_kind_each(place: Place) -> Expected:
    """A foreign file with a BOM, a request with an unknown strategy, a good one."""
    place.road.drop("momentum.json", b"\xef\xbb\xbf" + json.dumps({**SMALL, "params": {"id": "momentum"}}).encode())
    foreign = _first(place)[1].request_id
    place.submit("b", strategy="one_raw")
    return {foreign: "SUCCEEDED", "b": "REJECTED", place.submit("c"): "SUCCEEDED"}


# ---- what happens ----


def _submit(place: Place, calls: Any) -> None:
    inbox.submit(inbox.open_inbox(place.road.root, place.disk(calls, durable=True)), asking("a"))


def _cancel(place: Place, calls: Any) -> None:
    inbox.cancel(inbox.open_inbox(place.road.root, place.disk(calls, durable=True)), "a", "a typo")


def _drain_durably(place: Place, calls: Any) -> int:
    return place.drain(calls, durable=True)


def stop_while_running(place: Place, calls: Any) -> int:
    """A worker told to stop while its only run has no end: with no grace left it gives the request back."""
    return _with_an_endless_run(place.desk(calls), lambda worker: worker.stop())


def _cancel_while_running(place: Place, calls: Any) -> int:
    """A cancel arrives while this worker runs the request."""
    desk = place.desk(calls, scan_seconds=0.0001, heartbeat_seconds=0.0001)
    return _with_an_endless_run(desk, lambda worker: inbox.cancel(place.road.inbox, "a", "a typo"))


def _with_an_endless_run(desk: Desk, then: Callable[[Worker], None]) -> int:
    launcher = Endless(desk)
    worker = Worker(desk, launcher, patience=Patience(desk, first=0.0))
    launcher.then = lambda: then(worker)
    return worker.drain()


def claim_all(box: inbox.Inbox) -> None:
    """A worker takes what waits and is then seen no more."""
    me = Incarnation(box, "tester", 600.0)
    for path in sorted(me.inbox.pending.glob("*.json")):
        asked = inbox.read_asked(me.inbox, path)
        assert asked
        assert inbox.take(me, path, asked, asked.request_id)


def _conflict_in(place: Place, request_id: str) -> str:
    return inbox.conflict_id(request_id, _first(place)[1].digest)


def _first(place: Place) -> Tuple[Path, inbox.Asked]:
    path = next(place.road.inbox.pending.glob("*.json"))
    asked = inbox.read_asked(place.road.inbox, path)
    assert asked
    return path, asked


def plain() -> Any:
    """File operations nothing happens to."""
    from shared.calls import Calls

    return Calls


SCENARIOS = (
    Scenario("submit", _nothing, _submit, stride=3, acknowledged=False, is_a_drain=False),
    Scenario("run one", _one, Place.drain),
    Scenario("run one durably", _one, _drain_durably),
    Scenario("settle a duplicate", _duplicate, Place.drain),
    Scenario("refuse other content under the same id", _other_content, Place.drain, stride=2),
    Scenario("wish to cancel", _one_perhaps_cancelled, _cancel, stride=3, is_a_drain=False),
    Scenario("cancel while it waits", _cancelled_while_waiting, Place.drain, stride=3),
    Scenario("cancel while another runs it", _cancelled_while_another_runs_it, Place.drain, stride=3),
    Scenario("cancel while running", _one_perhaps_cancelled, _cancel_while_running, stride=3),
    Scenario("give back", _one, stop_while_running),
    Scenario("take over", _claimed_by_the_dead, Place.drain, stride=9),
    Scenario("take over after a torn alive", _claimed_by_the_dead_with_a_torn_alive, Place.drain, stride=9),
    Scenario("take over a torn claim", _a_torn_claim, Place.drain, stride=9),
    Scenario("finish what the dead compared", _killed_while_comparing, Place.drain),
    Scenario("expire", _expired, Place.drain, stride=5),
    Scenario("attempts used up", _used_up, Place.drain, stride=5),
    Scenario("refuse broken JSON", _broken, Place.drain, stride=3),
    Scenario("several of several kinds", _three_of_one_kind_each, Place.drain, stride=29),
)

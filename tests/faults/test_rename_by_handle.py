"""On SMB and Windows a rename opens the file and then renames what it opened, wherever that is by then: two workers
renaming one file both succeed. Claiming by rename is won twice there; ours never gives two answers and loses nothing.

Two workers race for one request, one step at a time: every schedule in which the first is stopped once, goes on, and
every one in which the second is stopped as well.
"""

from __future__ import annotations

import functools
import math
import os
import threading
from pathlib import Path
from typing import Any, Callable, List, Sequence, Tuple

import outbox
from inbox import Claim, Progress, is_still_ours
from pc.desk import Desk, open_desk
from pc.ending import Sealed
from pc.launchers import Ending
from pc.worker import Worker
from shared.calls import Calls
from shared.disk import Disk
from shared.events import Log
from tests.faults.forks import shared_out
from tests.harness.road import Road

_TOO_LONG = 30.0


class Baton:
    """Whose step it is: the first worker makes `plan[0]` steps, the second `plan[1]`, and so on; then each to its end."""

    def __init__(self, plan: Sequence[float]) -> None:
        self._plan = list(plan)
        self._turn, self._left = 0, self._next_stint()
        self._changed = threading.Condition()
        self.steps = [0, 0]

    def step(self, me: int) -> None:
        """Wait until this step is ours to make."""
        with self._changed:
            self._wait_for(me)
            if self._left == 0:
                self._hand_over(me)
                self._wait_for(me)
            self._left -= 1
            self.steps[me] += 1

    def leave(self, me: int) -> None:
        """No more steps of ours: all others are the other's."""
        with self._changed:
            self._plan = []
            self._hand_over(me)

    def _hand_over(self, me: int) -> None:
        self._turn, self._left = 1 - me, self._next_stint()
        self._changed.notify_all()

    def _next_stint(self) -> float:
        return self._plan.pop(0) if self._plan else math.inf

    def _wait_for(self, me: int) -> None:
        assert self._changed.wait_for(lambda: self._turn == me, _TOO_LONG), "the other worker hangs"


class Handle:
    """An opened file: its path is where the file is now, '' once it is gone."""

    def __init__(self, path: str) -> None:
        os.lstat(path)
        self.path = path


class Server:
    """The file server: it renames and removes what was opened."""

    def __init__(self) -> None:
        self._handles: List[Handle] = []

    def open(self, path: "os.PathLike[str] | str") -> Handle:
        """A handle of what has that name now; FileNotFoundError if nothing has."""
        handle = Handle(os.fspath(path))
        self._handles.append(handle)
        return handle

    def rename(self, handle: Handle, target: "os.PathLike[str] | str") -> None:
        """Rename the file, wherever it is."""
        source, wanted = handle.path, os.fspath(target)
        if not source:
            raise FileNotFoundError(wanted)
        os.rename(source, wanted)
        for one in self._handles:
            if one.path == source or one.path.startswith(source + os.sep):
                one.path = wanted + one.path[len(source) :]

    def unlink(self, handle: Handle) -> None:
        """Remove the file, wherever it is."""
        gone = handle.path
        if not gone:
            raise FileNotFoundError
        os.unlink(gone)
        for one in self._handles:
            one.path = "" if one.path == gone else one.path


class ServerCalls:
    """One worker's file operations on that server, each step at the scheduler's word."""

    def __init__(self, server: Server, baton: Baton, me: int) -> None:
        self._server, self._baton, self._me = server, baton, me
        for name in dir(Calls):
            if not name.startswith("_") and name not in ("rename", "unlink"):
                setattr(self, name, self._stepping(getattr(Calls, name)))

    def rename(self, source: Path, target: Path) -> None:
        """Two steps: open, rename what was opened."""
        self._server.rename(self._opened(source, target), target)

    def unlink(self, path: Path) -> None:
        """Two steps: open, remove what was opened."""
        self._server.unlink(self._opened(path, path))

    def _opened(self, path: Path, target: Path) -> Handle:
        self._step(target)
        handle = self._server.open(path)
        self._step(target)
        return handle

    def _stepping(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def act(*arguments: Any) -> Any:
            self._step(arguments[0])
            return call(*arguments)

        return act

    def _step(self, path: object) -> None:
        if not isinstance(path, int) and _is_shared(str(path)):
            self._baton.step(self._me)


class Instant:
    """A launcher that seals a small answer at once."""

    def __init__(self, desk: Desk, started: List[str]) -> None:
        self._desk, self._started = desk, started
        self._ended: List[Ending] = []

    def warm(self) -> None:
        """Nothing to warm."""

    def free(self) -> int:
        """One, once the last ending was collected."""
        return 0 if self._ended else 1

    def start(self, claim: Claim) -> None:
        """Draft and seal."""
        self._started.append(claim.request_id)
        draft = outbox.Draft(self._desk.outbox, claim.request_id, claim.attempt)
        draft.write("request.json", claim.asked.data)
        facts = {"status": "SUCCEEDED", "request_sha256": claim.asked.digest}
        ours = draft.seal(facts, lambda: is_still_ours(self._desk.inbox, claim))
        self._ended.append(Ending(claim, Sealed(ours, "SUCCEEDED")))

    def collect(self) -> List[Ending]:
        """The one ending, once."""
        ended, self._ended = self._ended, []
        return ended

    def progress(self) -> List[Progress]:
        """Nothing runs while anybody could ask."""
        return []

    def stop(self, request_id: str) -> None:
        """Nothing runs."""

    def waitables(self) -> List[Any]:
        """Nothing to wait for."""
        return []

    def close(self) -> None:
        """Nothing to close."""


def test_a_bare_rename_is_won_by_both(quick_folder: Path) -> None:
    """What everybody writes first, in three lines, and why it is not enough."""
    file = quick_folder / "request.json"
    file.write_text("{}")
    won = []

    def claim(me: int, calls: Any) -> None:
        calls.rename(file, quick_folder / f"worker-{me}" / "pending" / "request.json")
        won.append(me)

    for me in (0, 1):
        (quick_folder / f"worker-{me}" / "pending").mkdir(parents=True)
    _race([1], [functools.partial(claim, me) for me in (0, 1)])
    assert sorted(won) == [0, 1]


def test_our_claim_is_won_once_in_every_schedule(quick_folder: Path, synthetic_data: Path) -> None:
    """All schedules with one and with two preemptions."""
    alone = _raced(quick_folder, synthetic_data, ())
    assert alone[0] == "", alone
    steps = range(1, alone[1][0] + 1)  # of the one that comes first and does it all
    plans: List[Tuple[int, ...]] = [(i,) for i in steps] + [(i, j) for i in steps for j in steps]
    assert len(plans) > 400, alone
    found = shared_out(functools.partial(_raced, quick_folder, synthetic_data), plans, quick_folder)
    wrong = [f"after {plan} steps: {complaint}" for plan, (complaint, _) in zip(plans, found) if complaint]
    assert not wrong, f"{len(wrong)} of {len(plans)}:\n" + "\n".join(wrong[:10])


def _raced(folder: Path, data: Path, plan: Sequence[float]) -> Tuple[str, List[int]]:
    """What is wrong after that schedule, and how many steps each worker made."""
    road = Road(folder / f"race-{'-'.join(map(str, plan))}", data, lease_seconds=600.0)
    road.submit(request_id="a")
    answered: List[str] = []
    started: List[str] = []
    steps = _race(plan, [lambda calls: answered.extend(_drain(road, calls, started)) for _ in (0, 1)])
    before = {name: manifest["run_id"] for name in outbox.answers(road.outbox) for manifest in [road.manifest(name)]}
    answered += _drain(road, Calls, started)
    wrong = [] if answered == ["SUCCEEDED"] else [f"answered {len(answered)} times"]
    wrong += [] if started == ["a"] else [f"claimed by {len(started)}"]
    wrong += [] if road.answers() == {"a": "SUCCEEDED"} else [f"there is {road.answers()}"]
    wrong += [f"{name} was answered anew" for name, run in before.items() if road.manifest(name)["run_id"] != run]
    return "; ".join(wrong + [f"{name} is left" for name in road.left()]), steps


def _drain(road: Road, calls: Any, started: List[str]) -> List[str]:
    desk = open_desk(road.settings, Log(quiet=True), Disk(durable=False, calls=calls, patience=0.0))
    worker = Worker(desk, Instant(desk, started))
    assert worker.drain() == 0
    return list(worker.statuses.elements())


def _race(plan: Sequence[float], workers: Sequence[Callable[[Any], None]]) -> List[int]:
    """Both at once, one step at a time; the steps each made."""
    server, baton = Server(), Baton(plan)
    raised: List[BaseException] = []

    def live(me: int) -> None:
        try:
            workers[me](ServerCalls(server, baton, me))
        except BaseException as error:
            raised.append(error)
        finally:
            baton.leave(me)

    threads = [threading.Thread(target=live, args=(me,), daemon=True) for me in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_TOO_LONG)
    assert not raised, raised
    return baton.steps


def _is_shared(path: str) -> bool:
    """Whether the other worker may be looking there: not at our heartbeat, nor into our draft."""
    place = Path(path)
    return (
        place.name == "pending" or "done" in place.parts or (place.suffix in (".json", ".back") and "building" not in place.parts)
    )

"""The stories of a sync: two folders as they are prepared, the one sync something happens to, and what must come of it.

It exists so that a sync is killed, failed and cut off its power at every file operation in the same stories.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, NamedTuple

import inbox
import outbox
from shared.disk import Disk
from tests.harness.road import SMALL
from tests.harness.two_sides import TwoSides, nas_pulls, pc_pushes

Expected = Dict[str, str]
Act = Callable[[TwoSides, Any], Any]


class Story(NamedTuple):
    """Two folders as they are prepared, with what must come of it, and the one sync that is struck."""

    name: str
    way: Callable[..., TwoSides]
    prepare: Callable[[TwoSides], Expected]
    act: Act


# ---- what is prepared ----


def _asked(sides: TwoSides) -> Expected:
    """A request, one without an id, and a wish to cancel a third."""
    for name in ("a", "c"):
        sides.nas.submit(request_id=name)
    inbox.cancel(sides.nas.inbox, "c", "a typo")
    path = sides.nas.drop("momentum.json", {**SMALL, "start": "2024-02-01"})
    foreign = inbox.read_asked(sides.nas.inbox, path)
    assert foreign
    return {"a": "SUCCEEDED", "c": "CANCELLED", foreign.request_id: "SUCCEEDED"}


def _answered_there(sides: TwoSides) -> Expected:
    """The same, answered and not home yet; beside it other content under an answered id."""
    expected = _asked(sides)
    sides.nas.sync()
    sides.pc.sync()
    sides.pc.drain()
    return expected


def _brought(sides: TwoSides) -> Expected:
    """The answers lie on the NAS, not yet believed."""
    expected = _answered_there(sides)
    sides.pc.sync()
    return expected


def _asked_twice(sides: TwoSides) -> Expected:
    """An answer is home; the same is asked again, and something else under its id."""
    sides.nas.submit(request_id="a")
    sides.settle()
    sides.nas.submit(request_id="a")
    sides.nas.submit(request_id="a", start="2024-02-01")
    [other] = {asked.digest for asked in _waiting(sides)} - {_digest_of_answer(sides, "a")}
    return {"a": "SUCCEEDED", inbox.conflict_id("a", other): "REJECTED"}


def _damaged_there(sides: TwoSides) -> Expected:
    """An answer that is bad over there, beside a good one."""
    expected = {"a": "SUCCEEDED", "b": "not home"}
    for name in expected:
        sides.nas.submit(request_id=name)
    sides.nas.sync()
    sides.pc.drain()
    figures = sides.pc.outbox.done / "b" / "metrics.json"
    figures.write_bytes(figures.read_bytes()[:-1])
    return expected


def _nas(sides: TwoSides, calls: Any) -> None:
    sides.nas.sync(Disk(True, calls, patience=0.0))


def _pc(sides: TwoSides, calls: Any) -> None:
    sides.pc.sync(Disk(True, calls, patience=0.0))


SYNC_STORIES = (
    Story("the NAS sends", nas_pulls, _asked, _nas),
    Story("the NAS fetches", nas_pulls, _answered_there, _nas),
    Story("the NAS ends what is answered", nas_pulls, _asked_twice, _nas),
    Story("the NAS refuses what is damaged", nas_pulls, _damaged_there, _nas),
    Story("the PC fetches", pc_pushes, lambda sides: (_asked(sides), sides.nas.sync())[0], _pc),
    Story("the PC sends", pc_pushes, _answered_there, _pc),
    Story("the NAS takes in what was brought", pc_pushes, _brought, _nas),
)


def _hurried(sides: TwoSides, calls: Any) -> None:
    """As rsync writes over there: what it brought may all be lost with the power."""
    sides.pc.sync(Disk(False, calls, patience=0.0))
    _nas(sides, calls)


POWER_STORIES = (Story("the NAS takes in what nobody flushed", pc_pushes, _answered_there, _hurried),)


# ---- what must hold ----


def half_shown(sides: TwoSides) -> List[str]:
    """Whatever the NAS shows at that moment is whole."""
    wrong = []
    for name in sides.nas.outbox.done.iterdir():
        try:
            sides.manifest(name.name)
        except Exception as error:
            wrong.append(f"{name.name} is shown and is not whole: {error}")
    return wrong


def at_the_end(sides: TwoSides, expected: Expected) -> List[str]:
    """One verified answer each, on both sides the same; nothing left; what is bad over there is bad still."""
    sides.settle()
    home = {name: status for name, status in expected.items() if status != "not home"}
    wrong = [] if sides.nas.answers() == home else [f"the NAS shows {sides.nas.answers()}, not {home}"]
    for name in set(home).intersection(outbox.answers(sides.pc.outbox)):  # what the NAS refused by itself the PC never heard of
        if sides.manifest(name)["run_id"] != sides.pc.manifest(name)["run_id"]:
            wrong.append(f"{name} has two answers")
    waiting = {asked.request_id for asked in _waiting(sides)}
    wrong += [f"{name} is no longer asked for" for name in set(expected) - set(home) - waiting]
    wrong += [f"{name} is asked for still" for name in waiting & set(home)]
    return wrong + [f"{name} is left" for name in sides.pc.left() if not name.endswith(".tmp")]  # these are swept a lease later


def _waiting(sides: TwoSides) -> List[inbox.Asked]:
    found = [inbox.read_asked(sides.nas.inbox, path) for path in sides.nas.inbox.pending.glob("*.json")]
    return [asked for asked in found if asked]


def _digest_of_answer(sides: TwoSides, request_id: str) -> str:
    return str(sides.manifest(request_id)["request_sha256"])

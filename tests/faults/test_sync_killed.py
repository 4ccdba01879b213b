"""Whichever file operation a sync is killed at, or fails at, every request comes home as one verified answer.

The two folders are on one machine and carried by copying, so that every operation of the carrier is struck as well.
"""

from __future__ import annotations

import functools
import hashlib
import shutil
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Tuple

import pytest

import inbox
from shared.disk import Disk
from tests.faults.fault_calls import KINDS, FaultyCalls, die, die_torn, failing, failing_afterwards
from tests.faults.forks import can_fork, in_a_child, shared_out
from tests.harness.road import SMALL
from tests.harness.two_sides import TwoSides, nas_pulls, pc_pushes

pytestmark = pytest.mark.skipif(not can_fork(), reason="needs fork and SIGKILL, which Windows has not")
Expected = Dict[str, str]
Act = Callable[[TwoSides, Any], Any]


class Story(NamedTuple):
    """Two folders as they are prepared, with what must come of it, and the one sync that is struck."""

    name: str
    way: Callable[..., TwoSides]
    prepare: Callable[[TwoSides], Expected]
    act: Act


class Kill(NamedTuple):
    """Where a sync is killed."""

    at: int
    torn: bool


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


STORIES = (
    Story("the NAS sends", nas_pulls, _asked, _nas),
    Story("the NAS fetches", nas_pulls, _answered_there, _nas),
    Story("the NAS ends what is answered", nas_pulls, _asked_twice, _nas),
    Story("the NAS refuses what is damaged", nas_pulls, _damaged_there, _nas),
    Story("the PC fetches", pc_pushes, lambda sides: (_asked(sides), sides.nas.sync())[0], _pc),
    Story("the PC sends", pc_pushes, _answered_there, _pc),
    Story("the NAS takes in what was brought", pc_pushes, _brought, _nas),
)


# ---- struck ----


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_killed_at_any_operation_and_again_in_the_next_sync(story: Story, quick_folder: Path, synthetic_data: Path) -> None:
    prepared, expected = _prepared(story, quick_folder, synthetic_data)
    kills = _kills(story, prepared, quick_folder, synthetic_data)
    strike = functools.partial(_killed, story, expected, quick_folder, synthetic_data)
    found = shared_out(strike, [((kill,), prepared) for kill in kills], quick_folder)
    _no_complaints([wrong for wrong, _, _ in found])
    different = {fingerprint: (kills_so_far, home) for _, fingerprint, (kills_so_far, home) in found}
    again = [
        ((*so_far, kill), home)
        for so_far, home in different.values()
        for kill in _kills(story, home, quick_folder, synthetic_data)[:: max(1, len(different) // 6)]
    ]
    _no_complaints([wrong for wrong, _, _ in shared_out(strike, again, quick_folder)])


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
@pytest.mark.parametrize("kind", ["ENOSPC", "EIO", "ESTALE", "EACCES"])
def test_failing_at_any_operation_once(story: Story, kind: str, quick_folder: Path, synthetic_data: Path) -> None:
    prepared, expected = _prepared(story, quick_folder, synthetic_data)
    reached = _reached(story, prepared, quick_folder, synthetic_data)
    make = KINDS[kind]
    points = [at for at, one in enumerate(reached, 1) if make.may_hit(one.name, one.changes)]
    assert points
    fail = functools.partial(_failed, story, expected, kind, (quick_folder, synthetic_data))
    _no_complaints(shared_out(fail, [(at, prepared) for at in points], quick_folder))


def _prepared(story: Story, home: Path, data: Path) -> Tuple[Path, Expected]:
    sides = story.way(home / "prepared", data)
    return home / "prepared", story.prepare(sides)


def _reached(story: Story, prepared: Path, home: Path, data: Path) -> List[Any]:
    calls, place = FaultyCalls(), home / "rehearsal"
    shutil.copytree(prepared, place, symlinks=True)
    story.act(story.way(place, data), calls)
    shutil.rmtree(place)
    return calls.reached


def _kills(story: Story, prepared: Path, home: Path, data: Path) -> List[Kill]:
    reached = _reached(story, prepared, home, data)
    before = [Kill(at, False) for at, _ in enumerate(reached, 1)]
    return before + [Kill(at, True) for at, one in enumerate(reached, 1) if one.name == "write"]


Struck = Tuple[Tuple[Kill, ...], Path]


def _killed(story: Story, expected: Expected, home: Path, data: Path, struck: Struck) -> Tuple[str, str, Struck]:
    """Kill it there, look, then let time do its work on a copy: what is wrong, and the folders it was left in."""
    kills, source = struck
    place = home / f"killed-{'-'.join(f'{kill.at}{kill.torn}' for kill in kills)}"
    shutil.copytree(source, place, symlinks=True)
    sides, last = story.way(place, data), kills[-1]
    in_a_child(lambda: story.act(sides, FaultyCalls(die_torn if last.torn else die, last.at)))
    wrong = _half_shown(sides)
    left = home / f"{place.name}-left"
    shutil.copytree(place, left, symlinks=True)
    wrong += _at_the_end(sides, expected)
    shutil.rmtree(place)
    text = f"{story.name} killed at {kills}: {'; '.join(wrong)}" if wrong else ""
    return text, _fingerprint(left), (kills, left)


def _failed(story: Story, expected: Expected, kind: str, where: Tuple[Path, Path], struck: Tuple[int, Path]) -> str:
    home, data = where
    at, source = struck
    place = home / f"failed-{at}"
    shutil.copytree(source, place, symlinks=True)
    sides, wrong = story.way(place, data), []
    for fault in (failing, failing_afterwards):
        try:
            story.act(sides, FaultyCalls(fault(KINDS[kind].make), at, every=False))
        except OSError:
            pass  # a command ends so, with its exit code
        wrong += _half_shown(sides)
    wrong += _at_the_end(sides, expected)
    shutil.rmtree(place)
    return f"{story.name} with {kind} at {at}: {'; '.join(wrong)}" if wrong else ""


# ---- what must hold ----


def _half_shown(sides: TwoSides) -> List[str]:
    """Whatever the NAS shows at that moment is whole."""
    wrong = []
    for name in sides.nas.outbox.done.iterdir():
        try:
            sides.manifest(name.name)
        except Exception as error:
            wrong.append(f"{name.name} is shown and is not whole: {error}")
    return wrong


def _at_the_end(sides: TwoSides, expected: Expected) -> List[str]:
    """One verified answer each, on both sides the same; nothing left; what is bad over there is bad still."""
    sides.settle()
    home = {name: status for name, status in expected.items() if status != "not home"}
    wrong = [] if sides.nas.answers() == home else [f"the NAS shows {sides.nas.answers()}, not {home}"]
    for name in home:
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


def _fingerprint(home: Path) -> str:
    """The names and sizes in both reports folders; chance and time are in neither's length."""
    lines = [
        f"{path.relative_to(home)} {path.stat().st_size if path.is_file() else '/'}"
        for side in ("nas", "pc")
        for path in sorted((home / side / "reports").rglob("*"))
        if not path.name.endswith(".tmp")
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _no_complaints(wrong: List[str]) -> None:
    told = [one for one in wrong if one]
    assert not told, f"{len(told)} of {len(wrong)}:\n" + "\n".join(told[:20])

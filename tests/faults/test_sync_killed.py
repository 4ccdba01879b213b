"""Whichever file operation a sync is killed at, or fails at, every request comes home as one verified answer.

The two folders are on one machine and carried by copying, so that every operation of the carrier is struck as well.
"""

from __future__ import annotations

import functools
import hashlib
import shutil
from pathlib import Path
from typing import Any, List, NamedTuple, Tuple

import pytest

from tests.faults.fault_calls import KINDS, FaultyCalls, die, die_torn, failing, failing_afterwards
from tests.faults.forks import can_fork, in_a_child, shared_out
from tests.faults.sync_stories import SYNC_STORIES, Expected, Story, at_the_end, half_shown
from tests.harness.dose import in_turn, one_in, spread

pytestmark = pytest.mark.skipif(not can_fork(), reason="needs fork and SIGKILL, which Windows has not")


_LEFT_BEHIND = 6  # so many of the folders that first kills left, and of second kills in these, spread over all of them;
_SECOND_KILLS = 8  # first kills are at every third operation, at the others for other code
_ERRORS = ("ENOSPC", "EIO", "ESTALE", "EACCES")


class Kill(NamedTuple):
    """Where a sync is killed."""

    at: int
    torn: bool


# ---- struck ----


@pytest.mark.parametrize("story", SYNC_STORIES, ids=lambda story: story.name)
def test_killed_at_any_operation_and_again_in_the_next_sync(story: Story, quick_folder: Path, synthetic_data: Path) -> None:
    prepared, expected = _prepared(story, quick_folder, synthetic_data)
    kills = one_in(3, _kills(story, prepared, quick_folder, synthetic_data))
    strike = functools.partial(_killed, story, expected, quick_folder, synthetic_data)
    found = shared_out(strike, [((kill,), prepared) for kill in kills], quick_folder)
    _no_complaints([wrong for wrong, _, _ in found])
    different = {fingerprint: (kills_so_far, home) for _, fingerprint, (kills_so_far, home) in found}
    homes = list(different.values())
    again = [
        ((*so_far, kill), home)
        for so_far, home in spread(homes, _LEFT_BEHIND)
        for kill in _kills(story, home, quick_folder, synthetic_data)
    ]
    _no_complaints([wrong for wrong, _, _ in shared_out(strike, spread(again, _SECOND_KILLS), quick_folder)])


@pytest.mark.parametrize("story", SYNC_STORIES, ids=lambda story: story.name)
@pytest.mark.parametrize("kind", _ERRORS)
def test_failing_at_any_operation_once(story: Story, kind: str, quick_folder: Path, synthetic_data: Path) -> None:
    prepared, expected = _prepared(story, quick_folder, synthetic_data)
    reached = _reached(story, prepared, quick_folder, synthetic_data)
    make = KINDS[kind]
    in_question = (at for at in range(1, len(reached) + 1) if kind in in_turn(_ERRORS, at, 1))
    points = [at for at in in_question if make.may_hit(reached[at - 1].name, reached[at - 1].changes)]
    assert points
    fail = functools.partial(_failed, story, expected, kind, (quick_folder, synthetic_data))
    _no_complaints(shared_out(fail, [(at, prepared) for at in one_in(3, points)], quick_folder))


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
    wrong = half_shown(sides)
    left = home / f"{place.name}-left"
    shutil.copytree(place, left, symlinks=True)
    wrong += at_the_end(sides, expected)
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
        wrong += half_shown(sides)
    wrong += at_the_end(sides, expected)
    shutil.rmtree(place)
    return f"{story.name} with {kind} at {at}: {'; '.join(wrong)}" if wrong else ""


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

"""Whenever the power goes during a sync, on either side, every request comes home as one verified answer.

Both folders are taken for one disk, so what a carrier brought to the other machine may be gone as well; power_cut.py says
which legal states are built.
"""

from __future__ import annotations

import functools
import shutil
from pathlib import Path
from typing import List, NamedTuple

import pytest

from tests.faults.forks import can_fork, shared_out
from tests.faults.power_cut import Recorded, State, states
from tests.faults.sync_stories import POWER_STORIES, SYNC_STORIES, Expected, Story, at_the_end, half_shown
from tests.harness.dose import spread

pytestmark = pytest.mark.skipif(not can_fork(), reason="shares the work out by fork, which Windows has not")


_MOST_STATES, _EVERY_DAY = 250, 60  # of one story, spread over all of it


class Told(NamedTuple):
    """A story that was told to its end: what must come of it, how many steps it took, and where."""

    story: Story
    expected: Expected
    steps: int
    room: Path
    data: Path


@pytest.mark.parametrize("story", [*SYNC_STORIES, *POWER_STORIES], ids=lambda story: story.name)
def test_a_power_cut_at_any_moment_of_a_sync(story: Story, quick_folder: Path, synthetic_data: Path) -> None:
    sides = story.way(quick_folder / "told", synthetic_data)
    expected = story.prepare(sides)
    recorded = Recorded(quick_folder / "told")
    story.act(sides, recorded)
    told = Told(story, expected, len(recorded.steps), quick_folder, synthetic_data)
    found = states(recorded)
    assert len(found) > 1, "the story changes nothing"
    found = spread(found[:: 1 + len(found) // _MOST_STATES], _EVERY_DAY)
    wrong = [complaint for complaint in shared_out(functools.partial(_complaint, told), found, quick_folder) if complaint]
    assert not wrong, f"{len(wrong)} of {len(found)}:\n" + "\n".join(wrong[:20])


def _complaint(told: Told, state: State) -> str:
    home = told.room / f"cut-{state.cut}-{abs(hash(state.files))}"
    state.build(home)
    sides = told.story.way(home, told.data)
    wrong: List[str] = half_shown(sides) + at_the_end(sides, told.expected)
    shutil.rmtree(home)
    return f"cut after step {state.cut} of {told.steps} ({state.how}): {'; '.join(wrong)}" if wrong else ""

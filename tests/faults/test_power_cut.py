"""Whenever the power goes, what was acknowledged is answered once, every answer verifies, and nothing torn is believed.

Every story is told over recorded file operations, cut at each of them, and each legal state of the disk (power_cut.py says
which are built) is recovered by a fresh worker. To add a story: one line in all_stories.py.
"""

from __future__ import annotations

import functools
import shutil
from pathlib import Path
from typing import List, NamedTuple, Set, Tuple

import pytest

from shared.calls import Calls
from tests.faults import checks
from tests.faults.all_stories import STORIES
from tests.faults.checks import Answers
from tests.faults.forks import can_fork, shared_out
from tests.faults.power_cut import Recorded, State, states
from tests.faults.power_stories import POWER_STORIES
from tests.faults.scenarios import Expected, Place, Scenario, make_place
from tests.harness.dose import spread

pytestmark = pytest.mark.skipif(not can_fork(), reason="shares the work out by fork, which Windows has not")

_MOST_STATES, _EVERY_DAY = 1500, 100
_ENDED_WELL: Set[Tuple[object, ...]] = set()


class Told(NamedTuple):
    """A story that was told to its end: what must come of it, how many steps it took, what was answered then."""

    scenario: Scenario
    expected: Expected
    steps: int
    answers: Answers
    room: Path
    data: Path


@pytest.mark.parametrize("scenario", [*STORIES, *POWER_STORIES], ids=lambda scenario: scenario.name)
def test_a_power_cut_at_any_moment(scenario: Scenario, quick_folder: Path, synthetic_data: Path) -> None:
    """Recovered, every legal state ends as if the power had not gone."""
    place = make_place(quick_folder / "told", synthetic_data)
    expected = scenario.prepare(place)
    place.durable = True
    recorded = Recorded(place.home)
    scenario.act(place, recorded)
    told = Told(scenario, expected, len(recorded.steps), checks.answers(place), quick_folder, synthetic_data)
    found = states(recorded)
    assert len(found) > 1, "the story changes nothing"
    found = spread(found[:: 1 + len(found) // _MOST_STATES], _EVERY_DAY)
    wrong = [complaint for complaint in shared_out(functools.partial(_complaint, told), found, quick_folder) if complaint]
    assert not wrong, f"{len(wrong)} of {len(found)}:\n" + "\n".join(wrong[:20])


def _complaint(told: Told, state: State) -> str:
    home = told.room / f"cut-{state.cut}-{abs(hash(state.files))}"
    state.build(home)
    place = Place(home, told.data)
    wrong = _recovered(told, state, place)
    shutil.rmtree(home)
    return f"cut after step {state.cut} ({state.how}): {'; '.join(wrong)}" if wrong else ""


def _recovered(told: Told, state: State, place: Place) -> List[str]:
    is_over = state.cut == told.steps
    expected = told.scenario.completed or told.expected if is_over else told.expected
    wrong = checks.after_the_fault(told.scenario, place, expected)
    before = {**checks.answers(place), **(told.answers if is_over else {})}
    promised = is_over or told.scenario.acknowledged or bool(before) or checks.is_asked(place)
    key = (checks.fingerprint(place), tuple(expected.items()), promised, tuple(sorted(before)), told.scenario.end)
    if wrong or key in _ENDED_WELL:
        return wrong
    place.an_hour_passes()
    told.scenario.finish(place, Calls)
    if place.road.left():  # the folder of a dead worker that left: as young as the request that was taken out of it
        place.an_hour_passes()
        place.drain(Calls)
    wrong = checks.at_the_end(place, expected if promised else {}, before, 1)
    _ENDED_WELL.update([] if wrong else [key])
    return wrong

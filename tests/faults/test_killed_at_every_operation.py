"""Whichever file operation a worker is killed at, nothing is lost, nothing answered twice, nothing left behind.

Every story is killed (SIGKILL) before each of its operations and in the middle of each write; and whatever that leaves
is recovered by a worker that is killed at its operations in turn, before a last one drains in peace.
"""

from __future__ import annotations

import functools
import shutil
import signal
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Set, Tuple

import pytest

from shared.calls import Calls
from tests.faults import checks
from tests.faults.all_stories import STORIES
from tests.faults.fault_calls import FaultyCalls, Reached, die, die_torn
from tests.faults.forks import can_fork, in_a_child, shared_out
from tests.faults.scenarios import Expected, Place, Scenario, copied, make_place
from tests.harness.dose import spread

pytestmark = pytest.mark.skipif(not can_fork(), reason="needs fork and SIGKILL, which Windows has not")

_LEFT_BEHIND, _SECOND_KILLS = 6, 4  # folders of first kills that are recovered under fire, and kills in each recovery
_REHEARSALS = 5
_RECOVERED: Set[Tuple[object, ...]] = set()


class Kill(NamedTuple):
    """Where a process is killed: before an operation, or in the middle of it."""

    at: int
    torn: bool
    name: str

    def calls(self) -> FaultyCalls:
        """File operations that do so."""
        return FaultyCalls(die_torn if self.torn else die, self.at)

    def __str__(self) -> str:
        return f"{'in the middle of' if self.torn else 'before'} operation {self.at} ({self.name})"


class Stage(NamedTuple):
    """A story, the folder it starts from, and where its copies go."""

    scenario: Scenario
    prepared: Path
    expected: Expected
    room: Path
    data: Path

    def copied(self, source: Path, name: str) -> Place:
        """A copy of a place to break things in."""
        return copied(source, self.room / name, self.data)


class State(NamedTuple):
    """A folder somebody was killed over: what it is, where it is kept, the kills so far, and what was wrong with it."""

    fingerprint: str
    home: Path
    kills: Tuple[Kill, ...]
    wrong: List[str]


@pytest.mark.parametrize("scenario", STORIES, ids=lambda scenario: scenario.name)
def test_killed_at_any_operation_and_again_in_the_recovery(scenario: Scenario, quick_folder: Path, synthetic_data: Path) -> None:
    """Every first kill; then, for folders these leave, each different, kills of its recovery: for all of them in a thorough
    check."""
    place = make_place(quick_folder / "prepared", synthetic_data)
    stage = Stage(scenario, place.home, scenario.prepare(place), quick_folder, synthetic_data)
    # How often a worker looks while a run goes on is a matter of time: a long rehearsal kills nobody at its later operations.
    rehearsals = [_operations(stage, stage.prepared, scenario.act, "rehearsal") for _ in range(_REHEARSALS)]
    kills = kills_of(min(rehearsals, key=len), only_effects=False)
    assert kills, "the story changes nothing"

    states = shared_out(functools.partial(_killed_once, stage), kills, quick_folder)
    _no_complaints(states)
    assert sum(len(state.kills) for state in states) >= 0.5 * len(kills), "most were killed too late"
    different = {state.fingerprint: state for state in states if _is_new(state.fingerprint, stage)}
    again = shared_out(functools.partial(_killed_again, stage), spread(list(different.values()), _LEFT_BEHIND), quick_folder)
    _no_complaints([state for found in again for state in found])


def _is_new(fingerprint: str, stage: Stage) -> bool:
    """Whether no earlier story left that very folder, to become the same."""
    key = (fingerprint, tuple(stage.expected.items()), stage.scenario.end)
    known = key in _RECOVERED
    _RECOVERED.add(key)
    return not known


def kills_of(operations: List[Reached], only_effects: bool) -> List[Kill]:
    """Before each operation and within each write. Without those that change nothing: before them is before the next."""
    wanted = [(at, reached) for at, reached in enumerate(operations, start=1) if reached.had_effect or not only_effects]
    before = [Kill(at, False, reached.name) for at, reached in wanted]
    return before + [Kill(at, True, reached.name) for at, reached in wanted if reached.name == "write"]


def _killed_once(stage: Stage, kill: Kill) -> State:
    place = stage.copied(stage.prepared, f"once-{kill.at}-{kill.torn}")
    state = _struck(stage, place, (kill,), lambda: stage.scenario.act(place, kill.calls()))
    if not state.wrong:
        kept = stage.copied(place.home, f"{place.home.name}-recovered")
        state.wrong.extend(_recovered(stage, kept, 1))
        shutil.rmtree(kept.home)
    return state


def _killed_again(stage: Stage, state: State) -> List[State]:
    """The recovery of one folder, killed at each operation; equal folders are drained once."""
    found: Dict[str, State] = {}
    operations = _operations(stage, state.home, stage.scenario.finish, f"{state.home.name}-rehearsal")
    for kill in spread(kills_of(operations, only_effects=True)[:: stage.scenario.stride], _SECOND_KILLS):
        place = stage.copied(state.home, f"{state.home.name}-again")
        place.an_hour_passes()
        second = _struck(stage, place, (*state.kills, kill), functools.partial(stage.scenario.finish, place, kill.calls()))
        if second.fingerprint not in found:
            found[second.fingerprint] = second
            second.wrong.extend([] if second.wrong else _recovered(stage, place, 2))
        shutil.rmtree(place.home)
    return list(found.values())


def _struck(stage: Stage, place: Place, kills: Tuple[Kill, ...], act: Callable[[], Any]) -> State:
    """Run it in a child that is killed, and look at what it left."""
    code = in_a_child(act)
    wrong = [] if code in (0, -signal.SIGKILL) else [f"it was to be killed, but ended with {code}"]
    wrong += checks.after_the_fault(stage.scenario, place, stage.expected)
    return State(checks.fingerprint(place), place.home, kills if code else kills[:-1], wrong)


def _recovered(stage: Stage, place: Place, kills: int) -> List[str]:
    """A fresh worker, an hour later, in peace: what is wrong then."""
    before = checks.answers(place)
    promised = stage.scenario.acknowledged or bool(before) or checks.is_asked(place)
    place.an_hour_passes()
    stage.scenario.finish(place, Calls)
    return checks.at_the_end(place, stage.expected if promised else {}, before, kills)


def _operations(stage: Stage, home: Path, act: Callable[[Place, Any], Any], name: str) -> List[Reached]:
    """What the story does when nothing happens to it."""
    place, calls = stage.copied(home, name), FaultyCalls()
    if home != stage.prepared:
        place.an_hour_passes()
    act(place, calls)
    shutil.rmtree(place.home)
    return calls.reached


def _no_complaints(states: List[State]) -> None:
    wrong = [f"killed {', then '.join(map(str, state.kills))}: {'; '.join(state.wrong)}" for state in states if state.wrong]
    assert not wrong, f"{len(wrong)} of {len(states)}:\n" + "\n".join(wrong[:20])

"""Whichever file operation fails, and however, the worker ends in time, loses nothing, and blames no request for it.

Every operation of every story fails, once and for good, undone and done but not told, with an error it can give: in a
thorough check with each of them. Then a worker on a mended share must give the one right answer and leave
nothing behind.
"""

from __future__ import annotations

import functools
import shutil
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Set, Tuple

import pytest

from shared.calls import Calls
from shared.errors import RelayError
from tests.faults import checks
from tests.faults.all_stories import STORIES
from tests.faults.fault_calls import KINDS, FaultyCalls, Kind, Reached, changes, failing, failing_afterwards, failing_half_way
from tests.faults.forks import can_fork, shared_out
from tests.faults.scenarios import Expected, Place, Scenario, copied, make_place
from tests.harness.dose import in_turn, one_in

pytestmark = pytest.mark.skipif(not can_fork(), reason="shares the work out by fork, which Windows has not")

_LONGEST_SECONDS = 10.0
_ENDINGS = (0, 1, 2, 3)


class Failure(NamedTuple):
    """One operation and how it fails."""

    at: int
    operation: str
    error: str
    how: str

    def calls(self) -> FaultyCalls:
        """File operations that do so."""
        fault = _WAYS[self.how](KINDS[self.error].make)
        only = functools.partial(_can_give, KINDS[self.error])
        return FaultyCalls(fault, self.at, every=True, forever=self.how == "for good", only=only)

    @property
    def is_over_at_once(self) -> bool:
        """Whether the same worker must make good for it. A claim it created without knowing looks like another's: that
        waits for a lease."""
        return self.how != "for good" and not (self.operation == "open" and self.how == "once, though it was done")

    def __str__(self) -> str:
        return f"operation {self.at} ({self.operation}) gives {self.error} {self.how}"


_WAYS: Dict[str, Callable[[Any], Any]] = {
    "once": failing,
    "for good": failing,
    "once, half written": failing_half_way,
    "once, though it was done": failing_afterwards,
}
_NEVER_DONE = ("EMFILE", "ENOSPC", "EACCES", "winerror 5", "winerror 32", "winerror 33")  # refusals: nothing was done


@pytest.mark.parametrize("scenario", STORIES, ids=lambda scenario: scenario.name)
def test_failing_at_any_operation(scenario: Scenario, quick_folder: Path, synthetic_data: Path) -> None:
    """Each operation, in each way."""
    place = make_place(quick_folder / "prepared", synthetic_data)
    expected = scenario.prepare(place)
    failures = _failures(_rehearsed(scenario, place, quick_folder / "rehearsal", synthetic_data))
    assert len(failures) > 3
    tell = functools.partial(_told, scenario, expected, place.home, synthetic_data)
    wrong = [complaint for complaint in shared_out(tell, failures, quick_folder) if complaint]
    assert not wrong, f"{len(wrong)} of {len(failures)}:\n" + "\n".join(wrong[:20])


def _failures(operations: List[Reached]) -> List[Failure]:
    """Each third operation with one of the errors it can give, in every way; in a thorough check each with every error."""
    found = []
    for turn, (at, reached) in enumerate(one_in(3, list(enumerate(operations, start=1)))):
        hitting = [name for name, kind in KINDS.items() if kind.may_hit(reached.name, reached.changes)]
        for name in in_turn(hitting, turn, 1):
            ways = ["once", "for good"]
            ways += ["once, half written"] if reached.name == "write" and name in ("ENOSPC", "EIO") else []
            ways += ["once, though it was done"] if ways and reached.had_effect and name not in _NEVER_DONE else []
            found += [Failure(at, reached.name, name, how) for how in ways]
    return found


def _can_give(kind: Kind, name: str, arguments: Tuple[Any, ...]) -> bool:
    return kind.may_hit(name, changes(name, arguments))


def _rehearsed(scenario: Scenario, prepared: Place, home: Path, data: Path) -> List[Reached]:
    calls = FaultyCalls(every=True)
    scenario.act(copied(prepared.home, home, data), calls)
    shutil.rmtree(home)
    return calls.reached


_ENDED_WELL: Set[str] = set()


def _told(scenario: Scenario, expected: Expected, prepared: Path, data: Path, failure: Failure) -> str:
    """What is wrong with this failure, or nothing."""
    home = prepared.parent / f"{failure.at}-{failure.error}-{failure.how}".replace(" ", "-")
    place = copied(prepared, home, data)
    wrong = _acted(scenario, place, expected, failure) + checks.after_the_fault(scenario, place, expected)
    wrong += [f"{name} became {status}" for name, status in _blamed(place, expected).items()]
    end = checks.fingerprint(place)
    if not wrong and end not in _ENDED_WELL:
        wrong = _mended(scenario, place, expected)
        _ENDED_WELL.update([] if wrong else [end])
    shutil.rmtree(home)
    return f"{failure}: {'; '.join(wrong)}" if wrong else ""


def _acted(scenario: Scenario, place: Place, expected: Expected, failure: Failure) -> List[str]:
    """A worker ends by itself, in time; a person's command may raise what the share said."""
    calls, began = failure.calls(), time.monotonic()
    try:
        ended = scenario.act(place, calls)
        wrong = [] if ended is None or ended in _ENDINGS else [f"the drain ended with {ended}"]
    except (OSError, RelayError) as error:
        wrong = [] if not scenario.is_a_drain else [f"the drain raised {type(error).__name__}: {error}"]
    took = time.monotonic() - began
    wrong += [f"it took {took:.1f} s"] if took > _LONGEST_SECONDS else []
    if not wrong and scenario.takes_all and failure.is_over_at_once:
        wrong += [f"{name} was left without an answer" for name in sorted(expected.keys() - checks.answers(place).keys())]
    return wrong


def _blamed(place: Place, expected: Expected) -> Dict[str, str]:
    """Answers that a request did not deserve."""
    told = {name: checks.status_of(place, name) for name in checks.answers(place)}
    return {name: status for name, status in told.items() if status not in expected.get(name, "").split(" or ")}


def _mended(scenario: Scenario, place: Place, expected: Expected) -> List[str]:
    before = checks.answers(place)
    promised = scenario.acknowledged or bool(before) or checks.is_asked(place)
    place.an_hour_passes()
    scenario.finish(place, Calls)
    return checks.at_the_end(place, expected if promised else {}, before, 9)

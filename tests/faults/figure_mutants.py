"""The rules of the measures, each broken by one text edit.

It exists beside the other lists: these break what a figure says, not how it got there.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

HAND, TRIPS = "tests/pc/test_measures.py", "tests/pc/test_measures_trips.py"

FIGURE_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "years are the calendar's",
        "pc/engine/measures/measure.py",
        "cagr = yearly(last, span.calendar_days)",
        "cagr = yearly(last, round(len(growth) * 365.25 / 252))",
        f"{HAND}::test_growth_a_year_is_counted_by_the_calendar_and_the_old_way_beside_it",
    ),
    Mutant(
        "a fall that still runs is not over on the last day",
        "pc/engine/measures/falls.py",
        "RUNNING if fall.end is None else str(end)",
        "str(end)",
        f"{HAND}::test_a_fall_that_is_still_running_is_not_over_and_says_since_when",
    ),
    Mutant(
        "selling a part ends no trade",
        "pc/engine/measures/trips.py",
        'flat = np.abs(ordered["held"]) <= 1e-9 * np.abs(shares)',
        "flat = shares < 0",
        f"{TRIPS}::test_partial_exits_end_no_trade_and_costs_are_in_its_gain",
    ),
    Mutant(
        "a benchmark of fewer dates has fewer of them a year",
        "pc/engine/measures/relative.py",
        "a_year * (len(rows) - 1) / int(rows[-1] - rows[0])",
        "a_year",
        "tests/pc/test_measures_relative.py::test_a_day_only_one_of_them_traded_is_left_out_and_its_move_is_in_the_next",
    ),
)

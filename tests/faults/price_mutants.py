"""The rules of prices and universes, each broken by one text edit.

It exists beside the other lists: these break what a run believes about its numbers before it computes any.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

BAD, DROPPED = "tests/shared/test_bad_prices.py", "tests/shared/test_dropped_prices.py"
PANEL, UNIVERSES = "tests/shared/test_prices.py", "tests/shared/test_universes.py"

PRICE_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "the month that is cut is worked out again",
        "shared/market/months.py",
        "    return np.concatenate([hashes[: int((months[begin] - months[0]).astype(np.int64))], last])",
        "    return hashes[: int((months[begin] - months[0]).astype(np.int64)) + len(last)]",
        f"{PANEL}::test_the_months_of_a_part_are_those_of_the_same_rows_alone",
    ),
    Mutant(
        "two rows that differ are refused",
        "shared/market/joining.py",
        "    if len(differ):",
        "    if False:",
        f"{BAD}::test_a_row_that_comes_twice_is_counted_once_and_one_that_differs_is_refused",
    ),
    Mutant(
        "a file too young to be sure of is read again",
        "shared/market/dropped.py",
        "if max(seen[1], seen[3]) + _TIMES_APART < noted",
        "if seen[1] > 0",
        f"{DROPPED}::test_a_file_too_young_to_be_sure_of_is_read_again",
    ),
    Mutant(
        "a symbol listed for fewer days waits",
        "shared/market/membership.py",
        "np.where(listed, np.nan_to_num(guessed), np.nan)",
        "np.nan_to_num(guessed)",
        f"{UNIVERSES}::test_a_symbol_listed_for_fewer_days_waits_and_a_day_without_trade_counts_as_none",
    ),
)

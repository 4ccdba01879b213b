"""The rules of what is odd about prices, and of files as providers, each broken by one text edit.

It exists beside the other lists: these break what is said of a price before anybody believes it.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

QUALITY, FILES, NAVER = "tests/shared/test_quality.py", "tests/shared/test_file_providers.py", "tests/shared/test_naver.py"
LOOKS, EXAMINING, ENDS = (f"shared/market/quality/{name}.py" for name in ("looks", "examining", "ends"))

CACHE = "tests/shared/test_local_cache.py"

QUALITY_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "what was fetched more than a day ago is not fresh",
        "shared/market/providers/local_cache.py",
        "    if not is_fresh(series, now):",
        "    if not series.rows:",
        f"{CACHE}::test_what_is_older_than_a_day_is_none",
    ),
    Mutant(
        "days that were not fetched are not there",
        "shared/market/providers/local_cache.py",
        "    if wanted[0] < series.asked_from or wanted[1] > series.asked_to:",
        "    if wanted[0] > series.asked_to:",
        f"{CACHE}::test_days_it_was_not_fetched_for_are_not_told_as_if_it_had_been",
    ),
    Mutant(
        "the limit of a move is that of its day",
        LOOKS,
        "            table[:, place] = np.where(rates > 0, rates / 100 * times, np.inf)",
        "            table[:, place] = rates[-1] / 100 * times",
        f"{QUALITY}::test_a_jump_is_one_beyond_the_limit_of_its_day_market_and_kind",
    ),
    Mutant(
        "a fund that moves twice the market has twice the limit",
        LOOKS,
        "times = 2 if is_double(prices, symbol) else 1",
        "times = 1",
        f"{QUALITY}::test_a_jump_is_one_beyond_the_limit_of_its_day_market_and_kind",
    ),
    Mutant(
        "a number below zero fills nothing",
        EXAMINING,
        "            numbers[name] = np.where(below, 0.0, getattr(prices, name))",
        "            numbers[name] = np.where(below, 1.0, getattr(prices, name))",
        f"{QUALITY}::test_a_number_below_zero_is_masked_and_that_bar_fills_nothing",
    ),
    Mutant(
        "abnormal prices are left out",
        ENDS,
        "        if wrong >= _FEW and wrong > bars * _MANY:",
        "        if wrong > bars:",
        f"{QUALITY}::test_abnormal_prices_are_skipped_as_an_error_and_a_persons_own_files_never",
    ),
    Mutant(
        "a person's own files are never left out",
        EXAMINING,
        "    gone = list(ends.left_out(masked, said.impossible)) if leaves_out else []",
        "    gone = list(ends.left_out(masked, said.impossible))",
        f"{QUALITY}::test_abnormal_prices_are_skipped_as_an_error_and_a_persons_own_files_never",
    ),
    Mutant(
        "a holiday makes nothing stale",
        ENDS,
        '    if last < np.datetime64(expected, "D") and len(missing):',
        '    if last < np.datetime64(expected, "D"):',
        f"{QUALITY}::test_on_a_holiday_nothing_is_stale",
    ),
    Mutant(
        "half a line is no bar",
        "shared/market/providers/_one_file.py",
        "    return cells_of(whole + end, list), [",
        "    return cells_of(content, list), [",
        f"{FILES}::test_half_a_line_is_no_bar",
    ),
    Mutant(
        "the bar of a session that goes on is not taken",
        "shared/market/providers/naver.py",
        '    kept = [row for row in rows if row["date"] <= last]',
        '    kept = [row for row in rows if row["date"] <= today]',
        f"{NAVER}::test_the_bar_of_a_session_that_goes_on_is_not_taken",
    ),
    Mutant(
        "an adjusted close stands beside no plain price",
        "shared/market/providers/_one_file.py",
        '    kept = ("close", "volume") if adjusted else NUMBERS',
        "    kept = NUMBERS if adjusted else NUMBERS",
        f"{FILES}::test_where_only_the_close_is_adjusted_no_other_price_stands_beside_it",
    ),
)

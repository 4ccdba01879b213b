"""The rules of the cache of prices, each broken by one text edit.

It exists beside the other lists: these break what is believed of bars that were fetched another day.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

CACHE, DAMAGED = "tests/shared/test_cache.py", "tests/shared/test_cache_damaged.py"
PLAN, KILLED = "shared/market/cache/plan.py", "tests/faults/test_cache_killed.py"
BENCH = "tests/pc/test_bench_data.py"

CACHE_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "a tail with other prices is not joined to what was kept",
        PLAN,
        "(told.is_rebased or _is_apart(",
        "(_is_apart(",
        f"{CACHE}::test_a_split_seen_in_the_overlap_changes_nothing_until_all_of_it_was_asked_for",
    ),
    Mutant(
        "a tail of another basis is not joined to what was kept",
        PLAN,
        "or bars.adjusted != series.adjusted or not days",
        "or not days",
        f"{CACHE}::test_a_tail_that_cannot_be_held_against_what_was_kept_is_not_joined_to_it",
    ),
    Mutant(
        "a tail without a day in common is not joined to what was kept",
        PLAN,
        "or bars.adjusted != series.adjusted or not days",
        "or bars.adjusted != series.adjusted",
        f"{CACHE}::test_a_tail_that_cannot_be_held_against_what_was_kept_is_not_joined_to_it",
    ),
    Mutant(
        "a lost year is not whole because some of its days were answered",
        PLAN,
        "inside = asked.start <= lost.start and lost.end <= asked.end",
        "inside = True",
        f"{DAMAGED}::test_an_answer_for_a_bit_of_what_was_lost_is_not_enough",
    ),
    Mutant(
        "what was lost and comes back is no revision",
        PLAN,
        "Span(series.asked_from, series.end)) & ~lost",
        "Span(series.asked_from, series.end))",
        f"{DAMAGED}::test_a_damaged_part_is_set_aside_and_its_days_are_asked_for_again",
    ),
    Mutant(
        "a part is not believed whose bytes are others",
        "shared/market/cache/parts.py",
        "    if hashlib.sha256(data).hexdigest() != part.sha256:",
        "    if not data:",
        f"{DAMAGED}::test_what_was_set_aside_can_be_looked_at_for_a_while",
    ),
    Mutant(
        "a row is not believed that is not as it was sealed",
        "shared/market/cache/rows.py",
        "    if sealed(row[:-1], rows) != row:",
        "    if not row:",
        f"{DAMAGED}::test_a_row_that_somebody_edited_is_not_believed",
    ),
    Mutant(
        "what is in force is no litter",
        "shared/market/cache/shelves.py",
        "if name not in kept and _OURS.fullmatch(name)]",
        "if _OURS.fullmatch(name)]",
        f"{KILLED}::test_killed_at_any_operation_and_statement",
    ),
    Mutant(
        "litter goes with the next answer",
        "shared/market/cache/cache.py",
        "        self._shelves.sweep(place, [part.file for part in plan.parts])\n",
        "",
        f"{KILLED}::test_killed_at_any_operation_and_statement",
    ),
    Mutant(
        "purge takes a symbol as it is, and no part of one",
        "shared/market/cache/cache.py",
        "and symbol in (None, one.symbol)]",
        'and (symbol or "") in one.symbol]',
        f"{CACHE}::test_what_is_purged_is_that_very_symbol_and_no_other",
    ),
    Mutant(
        "an answer of that day does not say that a day has no bar",
        "shared/market/cache/series.py",
        "series.updated_at.date() - _LATE)",
        "series.updated_at.date())",
        f"{CACHE}::test_on_a_holiday_nothing_is_missing_once_the_answer_could_have_had_it",
    ),
    Mutant(
        "the overlap is of bars and not of days",
        PLAN,
        "overlap_from=tail[0],",
        "overlap_from=tail[-1] - 4 * _DAY,",
        f"{CACHE}::test_a_symbol_halted_for_weeks_is_asked_for_from_its_last_bars_on",
    ),
    Mutant(
        "half an answer does not cost the other half",
        PLAN,
        "    if told.gone > OVERLAP and told.gone * 10 > told.compared:",
        "    if told.gone >= told.compared:",
        f"{CACHE}::test_an_answer_without_a_tenth_of_the_days_of_before_is_an_outage_and_costs_none_of_them",
    ),
    Mutant(
        "what was kept can be found again, or the file is set aside",
        "shared/market/cache/ledger.py",
        "        if found is None or found.parts != parts:",
        "        if found is None and not self.all():",
        f"{DAMAGED}::test_no_bit_that_turns_in_the_database_gives_another_price",
    ),
    Mutant(
        "a part that is written again under its own name is counted",
        "pc/bench/kept_prices.py",
        "if before.get(path) != changed)",
        "if path not in before)",
        f"{BENCH}::test_a_symbol_of_which_all_parts_are_written_again_is_counted",
    ),
    Mutant(
        "a table in which something could not be measured does not end well",
        "pc/bench/table.py",
        "TRY_LATER if None in reached or found.not_measured else 0",
        "TRY_LATER if None in reached else 0",
        f"{BENCH}::test_what_could_not_be_measured_is_said_beside_the_figures_and_does_not_end_well",
    ),
    Mutant(
        "the sums of the bench are of the prices that were kept",
        "pc/bench/warm_panel.py",
        '    assert abs(sums["close"] / expected - 1) < 1e-12',
        '    assert sums["close"]',
        f"{BENCH}::test_the_panel_that_is_measured_holds_what_was_kept_and_is_opened_as_a_run_opens_it",
    ),
)

"""Rules of the scanner, each broken by one edit, and the test that must notice."""

from __future__ import annotations

from tests.faults.mutant import Mutant

SCAN = "tests/nas/test_scan.py"
RULES = "tests/nas/test_scan_rules.py"

SCAN_MUTANTS = (
    Mutant(
        "a scan goes on from what is really held",
        "shared/market/picking/one_day.py",
        "after = seen.held(before)[0]",
        "after = seen.held(())[0]",
        f"{RULES}::test_from_what_was_held_yesterday_it_comes_to_what_the_backtest_holds_today",
    ),
    Mutant(
        "a core holding that is held takes no place in a scan",
        "shared/market/picking/one_day.py",
        "before = [column for column in map(seen.sight.column, mine) if column not in core]",
        "before = [column for column in map(seen.sight.column, mine)]",
        f"{RULES}::test_core_holdings_are_bought_first_never_sold_and_take_no_place",
    ),
    Mutant(
        "who is held is measured, eligible or not",
        "shared/strategies/surge_trend_sector.py",
        "sight.and_held(eligible.mask & (pick.change_over(sight, 1) >= params.jump))",
        "eligible.mask & (pick.change_over(sight, 1) >= params.jump)",
        f"{RULES}::test_who_is_held_is_judged_by_the_sell_rules_though_nobody_may_buy_it",
    ),
    Mutant(
        "ranking one day does not change what was measured",
        "shared/market/picking/scores.py",
        'np.array(change.T, order="C")',
        "np.ascontiguousarray(change.T)",
        f"{RULES}::test_what_is_shown_is_what_was_measured",
    ),
    Mutant(
        "what was told of a day is told once, kill or not",
        "nas/scanning/announcing.py",
        "identity=f\"scan {document['day']} {change.number} {sign}\",",
        'identity="",',
        f"{SCAN}::test_one_killed_before_it_noted_that_it_told_does_not_tell_twice",
    ),
    Mutant(
        "what comes back is not new",
        "nas/scanning/announcing.py",
        "new=tuple(one for one in appeared if one not in ever)",
        "new=tuple(appeared)",
        f"{SCAN}::test_only_what_changed_is_told_again_within_a_day",
    ),
    Mutant(
        "stale prices give no signals",
        "nas/scanning/looking.py",
        "if last < expected:",
        "if last > expected:",
        f"{SCAN}::test_stale_prices_are_put_off_and_told_once",
    ),
    Mutant(
        "no regime is guessed where its index is missing",
        "nas/scanning/looking.py",
        "    _refuse_without(panel, read_by(strategy))\n",
        "",
        f"{SCAN}::test_an_index_nobody_has_is_an_outage_and_no_regime_is_guessed",
    ),
    Mutant(
        "made-up signals are told to nobody",
        "nas/scanning/announcing.py",
        'synthetic=document["synthetic"],',
        "synthetic=False,",
        f"{SCAN}::test_made_up_prices_are_told_to_nobody",
    ),
    Mutant(
        "who only tries something out leaves the day's signals alone",
        "nas/scanning/scan.py",
        "if not (turn.is_dry or seen.question.plan.is_tried):",
        "if not turn.is_dry:",
        f"{SCAN}::test_who_tries_something_else_is_shown_it_and_nothing_is_kept_or_told",
    ),
)

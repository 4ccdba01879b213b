"""The rules of trading, of looking ahead and of telling again; each broken by one text edit.

It exists because a wrong rule of money still makes a curve that looks right.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

FRICTIONS, AHEAD, REUSE = "tests/pc/test_frictions.py", "tests/pc/test_look_ahead.py", "tests/pc/test_reuse.py"
BOOK, MARKET, KNOWN = "pc/engine/book.py", "pc/engine/market.py", "outbox/known.py"

ENGINE_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "only sales are taxed",
        BOOK,
        "tax = amount * self._market.tax(bar, column) if shares < 0 else 0.0",
        "tax = amount * self._market.tax(bar, column)",
        f"{FRICTIONS}::test_a_sale_pays_the_tax_of_its_market_and_a_purchase_pays_none",
    ),
    Mutant(
        "at the upper limit nobody buys",
        MARKET,
        "(moved >= limit) if buying",
        "(moved <= -limit) if buying",
        f"{FRICTIONS}::test_nobody_buys_at_the_upper_limit_or_sells_at_the_lower_one",
    ),
    Mutant(
        "a listing that ended is paid out less the loss",
        BOOK,
        "* (1 - self._terms.delisting_loss)",
        "* 1",
        f"{FRICTIONS}::test_a_listing_that_ends_pays_its_last_close_out_less_the_loss_that_was_named",
    ),
    Mutant(
        "what was stopped rests for the cooldown",
        BOOK,
        "self._barred[column] = row + self._terms.cooldown_days\n\n    def stop_level",
        "self._barred[column] = -1\n\n    def stop_level",
        f"{FRICTIONS}::test_what_was_stopped_is_not_bought_back_by_a_wish_that_was_there_before",
    ),
    Mutant(
        "the floor of cash is not spent",
        BOOK,
        "money = max(self._cash - self._floor, 0.0)",
        "money = max(self._cash, 0.0)",
        f"{FRICTIONS}::test_a_floor_of_cash_is_never_spent_whatever_the_next_open_costs",
    ),
    Mutant(
        "a stop goes by the close of its row",
        BOOK,
        "self._market.mark(row, column) <= self.stop_level(column)",
        "self._market.mark(row - 1, column) <= self.stop_level(column)",
        f"{FRICTIONS}::test_a_stop_is_told_by_the_close_and_filled_at_the_next_open",
    ),
    Mutant(
        "the volatility is that of the sessions before the decision",
        "pc/engine/wishes.py",
        "row - terms.volatility_days) : row + 1]",
        "row - terms.volatility_days) : row + 2]",
        f"{FRICTIONS}::test_a_target_of_volatility_never_looks_past_its_decision",
    ),
    Mutant(
        "rows are asked again with nothing after them",
        "pc/engine/lookahead.py",
        "prices.until(row + 1)",
        "prices.until(row + 99)",
        f"{AHEAD}::test_an_honest_strategy_is_never_accused",
    ),
    Mutant(
        "the ends of listings to come are not known",
        "pc/engine/lookahead.py",
        "for symbol, day in prices.delisted.items() if day <= last}",
        "for symbol, day in prices.delisted.items()}",
        f"{AHEAD}::test_who_dies_later_is_not_known_before",
    ),
    Mutant(
        "an earlier result of another key is not believed",
        KNOWN,
        'if manifest.get("key") == key and',
        "if",
        f"{REUSE}::test_a_note_for_an_answer_of_another_key_is_not_believed",
    ),
    Mutant(
        "terms are part of the key",
        "pc/reuse.py",
        "asdict(scope.terms), scope.period",
        "scope.period",
        f"{REUSE}::test_whatever_is_asked_otherwise_is_computed",
    ),
    Mutant(
        "who wants a fresh result gets one",
        "pc/answer.py",
        "None if request.fresh else told_again",
        "told_again",
        f"{REUSE}::test_a_fresh_one_is_computed_and_is_from_then_on_the_one_that_is_told",
    ),
    Mutant(
        "the benchmarks that were compared are part of the key",
        "pc/reuse.py",
        "[*scope.growths]]",
        "request.benchmarks]",
        f"{REUSE}::test_benchmarks_a_strategy_brings_are_not_those_of_who_names_others",
    ),
    Mutant(
        "a strategy is asked again without what it remembers",
        "pc/afresh.py",
        "fresh = _executed(code, strategy.module)",
        "fresh = strategy.module",
        f"{AHEAD}::test_what_a_strategy_remembers_of_all_prices_hides_no_look_ahead",
    ),
    Mutant(
        "only who was a member may be held on",
        "pc/engine/belonging.py",
        "held = wanted[place] & ~barred[place]",
        "held = wanted[place]",
        "tests/pc/test_belonging.py::test_who_comes_to_the_universe_later_is_not_bought_before",
    ),
    Mutant(
        "a fill is held against the volume of its own bar",
        "pc/engine/beyond_volume.py",
        'prices.volume[fills["row"],',
        'prices.volume[fills["decided"],',
        "tests/pc/test_beyond_volume.py::test_a_fill_larger_than_its_bar_is_told_with_day_and_numbers",
    ),
    Mutant(
        "rows before large moves are asked",
        "pc/engine/lookahead.py",
        "return sorted(order[:_LARGEST].tolist()), sorted(order[-_LARGEST:].tolist())",
        "return [], []",
        f"{AHEAD}::test_one_that_peeks_on_a_few_days_only_is_caught_before_the_largest_moves",
    ),
)

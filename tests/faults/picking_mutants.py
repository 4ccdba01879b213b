"""Rules of the strategies that pick, each broken by one edit, and the test that must notice."""

from __future__ import annotations

from tests.faults.mutant import Mutant

MOMENTUM = "tests/strategies/test_momentum_topn.py"
CORE = "tests/strategies/test_hold_core.py"

PICKING_MUTANTS = (
    Mutant(
        "who is held stays until ranked at the bottom",
        "shared/market/picking/holding.py",
        "kept = [column for column in held if may_stay[column]]",
        "kept = list[int]()",
        f"{MOMENTUM}::test_a_held_symbol_is_kept_until_it_is_ranked_in_the_bottom_fifth",
    ),
    Mutant(
        "a core holding takes nobody's place",
        "shared/market/picking/holding.py",
        "        free[:, self.columns] = False\n",
        "",
        f"{CORE}::test_it_takes_no_place_even_when_it_is_the_best",
    ),
    Mutant(
        "no stop loss sells a core holding",
        "pc/engine/book.py",
        "return 0.0 if column in self._kept else self._paid",
        "return self._paid",
        f"{CORE}::test_between_two_decisions_no_stop_sells_it_either",
    ),
    Mutant(
        "who does not trade today does not come in",
        "shared/strategies/momentum_topN_v1.py",
        "core.without(stays & sight.at(sight.prices.tradable))",
        "core.without(stays)",
        f"{MOMENTUM}::test_a_halted_symbol_is_not_bought_and_a_held_one_stays",
    ),
    Mutant(
        "what nobody knows is not taken for liquid",
        "shared/market/picking/eligible.py",
        "mask & (liquidity.mean >= min_value)",
        "mask & ~(liquidity.mean < min_value)",
        f"{MOMENTUM}::test_who_has_neither_value_nor_volume_is_left_out_and_that_is_said",
    ),
    Mutant(
        "score_abs takes only what rose enough",
        "shared/strategies/score_rank_v1.py",
        'eligible.mask & (scores > params.threshold) if params.mode == "score_abs" else eligible.mask',
        "eligible.mask",
        "tests/strategies/test_score_rank.py::test_score_abs_takes_of_them_only_those_that_rose_by_more_than_the_threshold",
    ),
    Mutant(
        "of one sector only so many are held",
        "shared/market/picking/sectors.py",
        " and sum(of[one] == of[column] for one in held) < places.of_one",
        "",
        "tests/strategies/test_surge_trend_sector.py::test_of_one_sector_only_so_many_and_the_best_first",
    ),
)

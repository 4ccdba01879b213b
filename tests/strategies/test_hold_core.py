"""HOLD_CORE: bought by itself, never sold by a rule, in nobody's place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Dict, List

import numpy as np

from pc.engine import Terms, simulate
from shared.market import Prices
from shared.strategies.momentum_topN_v1 import Params, decide
from tests.harness.panels import fills, reasons
from tests.harness.picks import BEFORE, NAN, names_held, story

PLAIN: Dict[str, Any] = {
    "lookbacks": (1,),
    "weights": (1.0,),
    "ranking": "weighted_mom",
    "min_liquidity": 0,
    "exclude": (),
    "regime_symbol": None,
    "rebalance": "DAILY",
}


def params(**given: Any) -> Params:
    return Params(**{**PLAIN, **given})


def held(prices: Prices, **given: Any) -> Dict[int, str]:
    return names_held(prices, decide(prices, params(**given)))


def test_five_and_three_core_holdings_are_eight_positions_of_an_eighth_each() -> None:
    prices = story({name: [100.0, 120.0 - place] for place, name in enumerate("ABCDEFGHIJ")})
    targets = decide(prices, params(top_n=5, core_holdings="A,I,J"))
    assert names_held(prices, targets)[1] == "ABCDEFIJ"
    assert set(targets.weights[-1].tolist()) == {0.0, 0.125}


def test_it_is_bought_on_the_first_day_whatever_its_score() -> None:
    prices = story({"A": [100, 110], "B": [100, 105], "C": [100, 50]})
    assert decide(prices, params(top_n=1, core_holdings=["C"])).weights[0].tolist() == [0.5, 0.0, 0.5]
    assert held(prices, top_n=1, core_holdings=["C"])[1] == "AC"


def test_it_is_not_sold_at_the_bottom_of_the_ranking_nor_when_the_regime_is_off() -> None:
    prices = story({"A": [100, 110, 120], "B": [100, 90, 80], "M": [100, 90, 80]})
    assert held(prices, top_n=1, core_holdings=["B"], regime_symbol="M", regime_window=3)[2] == "B"
    weights = decide(prices, params(top_n=3, core_holdings=["B"], regime_symbol="M", regime_window=3)).weights[-1]
    assert weights.tolist() == [0.0, 0.25, 0.0]  # its own part; what the others had is cash


def test_no_filter_sells_it() -> None:
    named = {"A": "KODEX 인버스", "B": "KODEX 200"}
    prices = story({"A": [100, 101], "B": [100, 110]}, {"A": [1.0, 1.0]}, names=named)
    assert held(prices, top_n=1, core_holdings=["A"], exclude=["INVERSE"], min_liquidity=100_000)[1] == "AB"


def test_a_stop_loss_sells_the_others_and_not_the_core() -> None:
    closes = [100.0, 100, 100, 60, 60, 60]
    prices = story({"A": closes, "B": closes})
    targets = decide(prices, params(top_n=1, sell_rank=1, core_holdings=["B"]))
    simulation = simulate(prices, targets, Terms(1_000_000, stop_loss=0.2, cooldown_days=5))
    assert list(simulation.held) == [1]
    assert all(shares > 0 for _, column, shares, _ in fills(simulation) if column == 1)
    all_can_be_stopped = simulate(prices, replace(targets, kept=()), Terms(1_000_000, stop_loss=0.2, cooldown_days=5))
    assert list(all_can_be_stopped.held) == []


def test_between_two_decisions_no_stop_sells_it_either() -> None:
    closes = [100.0] * 10 + [60.0] * 10  # decided on 2024-01-31, row 30
    prices = story({"A": closes, "B": closes})
    targets = decide(prices, params(top_n=1, sell_rank=1, core_holdings=["B"], rebalance="MONTHLY"))
    simulation = simulate(prices, targets, Terms(1_000_000, stop_loss=0.2))
    stopped = [fill for fill, reason in zip(fills(simulation), reasons(simulation), strict=True) if reason == "stop"]
    assert [(row, column) for row, column, *_ in stopped] == [(BEFORE + 11, 0)]


def test_it_takes_no_place_even_when_it_is_the_best() -> None:
    prices = story({"A": [100, 150], "B": [100, 110], "C": [100, 105]})
    assert held(prices, top_n=1, core_holdings=["A"], sell_rank=1)[1] == "AB"
    assert held(prices, top_n=2, core_holdings=["A"], sell_rank=1)[1] == "ABC"


def test_one_listed_later_is_bought_then_and_kept_on_days_without_a_price() -> None:
    prices = story({"A": [100, 101, 102, 103], "B": [NAN, 50, NAN, 51]})
    days = held(prices, top_n=1, core_holdings=["B"], sell_rank=1)
    assert [days[day] for day in range(4)] == ["A", "AB", "AB", "AB"]
    weights = decide(prices, params(top_n=1, core_holdings=["B"], sell_rank=1)).weights
    assert weights[0].tolist() == [1.0, 0.0]
    assert weights[-1].tolist() == [0.5, 0.5]


def test_it_ends_with_its_listing() -> None:
    prices = story({"A": [100, 101, 102], "B": [100, 100, NAN]}, delisted={"B": date(2024, 1, 26)})
    days = held(prices, top_n=1, core_holdings=["B"])
    assert (days[1], days[2]) == ("AB", "A")


def test_who_is_in_no_universe_is_ignored_with_a_warning() -> None:
    prices = story({"A": [100, 110], "B": [100, 105]})
    targets = decide(prices, params(top_n=1, core_holdings=["091160", "B", "426030"]))
    assert names_held(prices, targets)[1] == "AB"
    assert targets.notes == ("CORE_HOLDINGS invalid: 091160, 426030: not in the universe, ignored",)


def test_a_symbol_that_is_only_looked_at_is_in_no_universe() -> None:
    members = np.ones((BEFORE + 2, 2), dtype=bool)
    members[:, 1] = False
    prices = story({"A": [100, 110], "M": [100, 105]}, members=members)
    targets = decide(prices, params(top_n=1, core_holdings=["M"], regime_symbol="M", regime_window=3))
    assert names_held(prices, targets)[1] == "A"
    assert targets.notes == ("CORE_HOLDINGS invalid: M: not in the universe, ignored",)


def test_one_that_leaves_the_universe_is_kept_all_the_same() -> None:
    members = np.ones((BEFORE + 3, 2), dtype=bool)
    members[BEFORE + 1 :, 1] = False
    prices = story({"A": [100, 110, 120], "B": [100, 100, 100]}, members=members)
    assert held(prices, top_n=1, core_holdings=["B"])[2] == "AB"


def test_live_is_told_what_the_backtest_does() -> None:
    """Whoever asks for one day sees the scores, ranks and regime the decision of that day was made of."""
    from shared.market.picking import positions, sight_at
    from shared.strategies.momentum_topN_v1 import standing

    prices = story({"B": [100, 90, 120], "A": [100, 110, 120], "C": [100, 100, 100]})
    asked = params(top_n=1, core_holdings=["C"])
    seen = standing(sight_at(prices, BEFORE + 2), asked)
    assert seen.sight.symbols == ("A", "B", "C")
    assert np.allclose(seen.scores, [[120 / 110 - 1, 120 / 90 - 1, 0.0]])
    assert positions(seen.scores, seen.eligible.mask).tolist() == [[2, 1, 3]]
    assert (seen.fit.tolist(), seen.held(())) == ([[True, True, False]], [[1]])
    assert seen.core.held.tolist() == [[True]]
    assert bool(seen.regime.on[0])
    days: List[str] = [held(prices, top_n=1, core_holdings=["C"], sell_rank=0.4)[2]]
    assert days == ["BC"]

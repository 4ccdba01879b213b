"""buy_and_hold, equal_weight, inverse_volatility and target_volatility by hand."""

from __future__ import annotations

from datetime import date
from math import sqrt
from statistics import stdev
from typing import Any, Dict, List

import numpy as np
import pytest

from pc.engine import Terms, simulate
from shared.market import Prices
from shared.strategies import Targets, buy_and_hold, equal_weight, inverse_volatility, target_volatility
from tests.harness.picks import BEFORE, NAN, Closes, story

DAILY: Dict[str, Any] = {"rebalance": "DAILY"}


def last(targets: Targets) -> List[float]:
    found: List[float] = targets.weights[-1].tolist()
    return found


# ---- buy_and_hold ----


def bought(prices: Prices) -> Dict[int, List[float]]:
    targets = buy_and_hold.decide(prices, buy_and_hold.Params())
    assert not targets.rebalance
    return dict(zip(targets.rows.tolist(), targets.weights.tolist(), strict=True))


def test_all_there_is_is_bought_on_the_first_day_and_nothing_is_decided_after_it() -> None:
    prices = story({"A": [100, 200, 50], "B": [100, 100, 100]})
    assert bought(prices) == {0: [0.5, 0.5]}
    simulation = simulate(prices, buy_and_hold.decide(prices, buy_and_hold.Params()), Terms(1_000_000, lot=0))
    assert len(simulation.fills) == 2
    assert simulation.equity[-1] == pytest.approx(750_000)


def test_one_listed_later_gets_its_part_on_that_day() -> None:
    assert bought(story({"A": [100, 100], "B": [NAN, 50]})) == {0: [1.0, 0.0], BEFORE + 1: [0.5, 0.5]}


def test_a_hole_is_no_listing_and_an_ended_one_gets_no_new_part() -> None:
    prices = story({"A": [100, NAN, 100, 100], "B": [NAN, NAN, NAN, 50]})
    assert list(bought(prices)) == [0, BEFORE + 3]
    over = story({"A": [100, NAN, NAN], "B": [NAN, NAN, 50]}, delisted={"A": date(2024, 1, 25)})
    assert bought(over)[BEFORE + 2] == [0.0, 1.0]


def test_who_is_no_member_is_not_bought() -> None:
    members = np.zeros((BEFORE + 2, 2), dtype=bool)
    members[:, 0] = True
    assert bought(story({"A": [100, 100], "B": [100, 100]}, members=members)) == {0: [1.0, 0.0]}


# ---- equal_weight ----


def equal(prices: Prices, **given: Any) -> Targets:
    return equal_weight.decide(prices, equal_weight.Params(**{**DAILY, **given}))


def test_every_eligible_symbol_has_the_same_part_at_each_rebalance() -> None:
    targets = equal(story({"A": [100, 300], "B": [100, 50], "C": [NAN, 80]}))
    assert targets.rebalance
    assert targets.rows.tolist() == list(range(BEFORE + 2))
    assert targets.weights[0].tolist() == [0.5, 0.5, 0.0]
    assert last(targets) == [1 / 3, 1 / 3, 1 / 3]


def test_filters_take_their_parts_away() -> None:
    prices = story({"A": [100, 100], "B": [100, 100]}, {"A": [1.0] * (BEFORE + 2)}, names={"A": "가", "B": "인버스"})
    assert last(equal(prices, min_liquidity=50_000)) == [0.0, 1.0]
    assert last(equal(prices, exclude=["INVERSE"])) == [1.0, 0.0]
    assert last(equal(prices, exclude=["INVERSE"], min_liquidity=50_000)) == [0.0, 0.0]
    assert equal(prices, min_liquidity=1).rows[0] == 19


def test_it_is_monthly_unless_asked_otherwise() -> None:
    days = np.arange(np.datetime64("2024-01-01"), np.datetime64("2024-12-31"))
    prices = story({"A": [100.0] * 30}, dates=days[np.is_busday(days)][: BEFORE + 30])
    targets = equal_weight.decide(prices, equal_weight.Params())
    assert [str(prices.dates[row]) for row in targets.rows] == ["2024-01-31", "2024-02-29"]


# ---- inverse_volatility ----


def inverse(prices: Prices, **given: Any) -> Targets:
    return inverse_volatility.decide(prices, inverse_volatility.Params(**{**DAILY, "window": 2, **given}))


def test_the_calmer_has_the_larger_part() -> None:
    # Two changes each: +1 % and -1 % move half as much as +2 % and -2 %, so they get two thirds.
    prices = story({"A": [100, 101, 101 * 0.99], "B": [100, 102, 102 * 0.98]})
    assert last(inverse(prices)) == pytest.approx([2 / 3, 1 / 3], rel=1e-12)


def test_what_did_not_move_is_left_out_and_that_is_said() -> None:
    targets = inverse(story({"A": [100, 101, 99], "B": [100, 100, 100]}))
    assert last(targets) == [1.0, 0.0]
    assert targets.weights[0].tolist() == [0.0, 0.0]
    assert targets.notes == ("2 symbol(s) did not move for 2 sessions and were left out then: nothing divides by that",)
    steady = inverse(story({"A": [100, 101, 99], "B": [100, 110, 121]}))  # 10 % a day is no risk at all
    assert last(steady) == [1.0, 0.0]


def test_one_listed_later_waits_for_a_whole_window() -> None:
    prices = story({"A": [100, 101, 99, 100], "B": [NAN, 50, 51, 50]})
    weights = inverse(prices).weights
    assert weights[-2].tolist() == [1.0, 0.0]
    assert (weights[-1] > 0).all()
    assert inverse_volatility.lookback(inverse_volatility.Params()) == 61
    assert inverse(prices, window=25).rows[0] == 25


# ---- target_volatility ----


def targeted(prices: Prices, **given: Any) -> Targets:
    return target_volatility.decide(prices, target_volatility.Params(**{**DAILY, "window": 3, **given}))


def test_less_of_everything_is_held_the_more_it_moves() -> None:
    closes: Closes = {"A": [100, 104, 100, 104], "B": [100, 100, 100, 100]}
    moved = stdev([0.02, -2 / 104, 0.02]) * sqrt(252)  # half of A's moves
    assert last(targeted(story(closes), target=0.1)) == pytest.approx([0.05 / moved] * 2, rel=1e-12)


def test_never_more_than_all_is_held() -> None:
    assert last(targeted(story({"A": [100, 104, 100, 104]}), target=9)) == [1.0]
    assert last(targeted(story({"A": [100, 100, 100, 100]}), target=0.1)) == [1.0]


def test_where_nobody_is_eligible_all_is_cash() -> None:
    targets = targeted(story({"A": [100, 104, 100]}, names={"A": "가"}), exclude="가")
    assert last(targets) == [0.0]


def test_it_is_what_the_rule_of_the_request_does_to_equal_parts() -> None:
    """One idea in two places must be one number."""
    from pc.engine import tempered

    closes: Closes = {"A": [100, 104, 100, 107, 103], "B": [100, 98, 97, 99, 95]}
    prices = story(closes)
    by_rule = tempered(equal(prices), prices, Terms(1e6, volatility_target=0.1, volatility_days=3))
    by_strategy = targeted(prices, target=0.1)
    assert by_rule.weights[by_strategy.rows] == pytest.approx(by_strategy.weights, rel=1e-12)

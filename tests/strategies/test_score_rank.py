"""score_rank_v1 by hand: both modes, and what the old paper added."""

from __future__ import annotations

from typing import Any, Dict, List

import numpy as np
import pytest

from shared.errors import ParamsInvalid
from shared.market import Prices
from shared.strategies import strategy_of
from shared.strategies.score_rank_v1 import Params, decide, lookback, reads
from tests.harness.picks import BEFORE, NAN, Closes, names_held, story

RISING: Closes = {"A": [100, 110], "B": [100, 100.4], "C": [100, 100.6], "D": [100, 90]}


def held(prices: Prices, **given: Any) -> Dict[int, str]:
    return names_held(prices, decide(prices, Params(**{"wl": 1, "rebalance": "DAILY", **given})))


def weights(prices: Prices, **given: Any) -> List[float]:
    """Of the last decision."""
    found: List[float] = decide(prices, Params(**{"wl": 1, "rebalance": "DAILY", **given})).weights[-1].tolist()
    return found


def test_rank_takes_the_best_whether_they_rose_or_fell() -> None:
    assert held(story(RISING), mode="rank", top=3)[1] == "ABC"
    assert held(story(RISING), mode="rank", top=5)[1] == "ABCD"


def test_score_abs_takes_of_them_only_those_that_rose_by_more_than_the_threshold() -> None:
    assert held(story(RISING), top=3)[1] == "AC"
    assert held(story(RISING), top=1)[1] == "A"
    assert held(story({"A": [100, 50], "B": [100, 150]}), threshold=0.5)[1] == ""  # exactly at it is not above it
    assert held(story(RISING), threshold=-1)[1] == "ABCD"


def test_the_parts_are_equal_and_what_nobody_has_is_cash() -> None:
    assert weights(story(RISING), top=4) == [0.25, 0.0, 0.25, 0.0]


def test_everybody_is_picked_anew_each_time() -> None:
    closes: Closes = {"A": [100, 110, 110], "B": [100, 100, 101], "C": [100, 100, 100]}
    days = held(story(closes), mode="rank", top=1)
    assert (days[1], days[2]) == ("A", "B")


def test_a_momentum_over_more_sessions_is_told_from_the_close_so_many_rows_ago() -> None:
    closes: Closes = {"A": [100, 120, 120], "B": [100, 100, 110]}
    assert held(story(closes), mode="rank", wl=2, top=1)[2] == "A"
    assert held(story(closes), mode="rank", wl=1, top=1)[2] == "B"


def test_who_does_not_trade_that_day_is_held_on_but_not_bought() -> None:
    closes: Closes = {"A": [100, 101, 102], "B": [100, 120, 120]}
    assert held(story(closes, {"B": [0.0, 0.0]}), mode="rank", wl=2, top=1)[2] == "A"
    assert held(story(closes, {"B": [1.0, 0.0]}), mode="rank", wl=2, top=1)[2] == "B"


def test_in_a_bad_regime_a_share_of_everything_is_held() -> None:
    away = np.ones((BEFORE + 3, 2), dtype=bool)
    away[:, 1] = False
    prices = story({"A": [100, 110, 120], "M": [100, 100, 90]}, members=away)
    regime = {"regime_symbol": "M", "regime_window": 3, "top": 2}
    assert weights(prices, **regime) == [0.25, 0.0]
    assert weights(prices, **regime, regime_off_share=0) == [0.0, 0.0]
    assert weights(prices, top=2) == [0.5, 0.0]


def test_one_listed_later_counts_once_it_has_the_whole_momentum() -> None:
    closes: Closes = {"A": [100, 101, 102, 103], "B": [NAN, 50, 60, 70]}
    days = held(story(closes), mode="rank", wl=2, top=1)
    assert [days[day] for day in range(4)] == ["A", "A", "A", "B"]


def test_filters_are_off_until_asked_for() -> None:
    prices = story({"A": [100, 110], "B": [100, 105]}, {"A": [1.0] * (BEFORE + 2)}, names={"B": "KODEX 인버스", "A": "가"})
    assert held(prices)[1] == "AB"
    assert held(prices, min_liquidity=50_000)[1] == "B"
    assert held(prices, exclude="INVERSE")[1] == "A"


def test_its_lookback_is_the_longest_it_reads() -> None:
    assert (lookback(Params()), reads(Params())) == (64, ())
    assert (lookback(Params(regime_symbol="KOSPI")), reads(Params(regime_symbol="KOSPI"))) == (200, ("KOSPI",))
    assert decide(story({"A": [100.0] * 70}), Params(rebalance="DAILY")).rows[0] == 63


def test_the_mode_is_one_of_two_and_never_passed_over() -> None:
    with pytest.raises(ParamsInvalid, match="does not take mode='best'"):
        strategy_of("score_rank_v1", {"mode": "best"}, None)

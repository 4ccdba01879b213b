"""trend_following_etf by hand: above its own average, best by momentum, while the market is above its own."""

from __future__ import annotations

from typing import Any, Dict

import numpy as np

from shared.market import Prices
from shared.strategies.trend_following_etf import Params, decide, lookback, reads
from tests.harness.picks import BEFORE, NAN, Closes, names_held, story

PLAIN: Dict[str, Any] = {"trend": 3, "momentum": 1, "top": 1, "regime_symbol": None, "rebalance": "DAILY"}


def held(prices: Prices, **given: Any) -> Dict[int, str]:
    return names_held(prices, decide(prices, Params(**{**PLAIN, **given})))


def test_the_best_by_momentum_among_those_above_their_average() -> None:
    # B rose most on the last day and is still below its average of three: (150 + 100 + 120) / 3 = 123.3.
    closes: Closes = {"A": [100, 100, 105], "B": [150, 100, 120], "C": [100, 100, 104]}
    assert held(story(closes))[2] == "A"
    assert held(story(closes), top=3)[2] == "AC"


def test_a_close_equal_to_its_average_is_not_above_it() -> None:
    assert held(story({"A": [100.1, 100.1, 100.1]}))[2] == ""


def test_where_nobody_is_above_everything_is_cash() -> None:
    assert held(story({"A": [100, 90, 80], "B": [100, 95, 90]}), top=2)[2] == ""


def test_the_parts_are_those_of_all_places() -> None:
    closes: Closes = {"A": [100, 100, 105], "B": [100, 90, 80]}
    assert decide(story(closes), Params(**{**PLAIN, "top": 5})).weights[-1].tolist() == [0.2, 0.0]


def test_below_the_markets_average_nothing_is_held() -> None:
    away = np.ones((BEFORE + 3, 2), dtype=bool)
    away[:, 1] = False
    regime = {"regime_symbol": "M", "regime_window": 3}
    bad = story({"A": [100, 101, 102], "M": [100, 100, 90]}, members=away)
    good = story({"A": [100, 101, 102], "M": [100, 100, 110]}, members=away)
    assert held(bad, **regime)[2] == ""
    assert held(good, **regime)[2] == "A"
    assert held(story({"A": [100, 101, 102]}), **regime, regime_unknown="off")[2] == ""


def test_the_average_counts_days_with_a_trade_only() -> None:
    # The halted day's carried close is no fourth close: (100 + 100 + 106) / 3 = 102, and 106 is above.
    closes: Closes = {"A": [100, 100, 100, 106], "B": [100, 99, 98, 97]}
    assert held(story(closes, {"A": [1.0, 0.0, 1.0]}))[3] == "A"
    # On the halted day itself the verdict of the day before stands.
    assert held(story({"A": [100, 105, 105]}, {"A": [1.0, 0.0]}))[2] == "A"


def test_one_listed_later_counts_once_it_has_a_whole_average_of_its_own() -> None:
    closes: Closes = {"A": [100, 90, 80, 70, 60], "B": [NAN, 50, 60, 70, 80]}
    days = held(story(closes))
    assert [days[day] for day in range(5)] == ["", "", "", "B", "B"]


def test_its_lookback_is_the_longest_it_reads() -> None:
    assert (lookback(Params()), reads(Params())) == (200, ("069500",))
    assert lookback(Params(trend=60, momentum=60, regime_symbol=None)) == 61
    assert decide(story({"A": [100.0] * 70}), Params(**{**PLAIN, "trend": 60})).rows[0] == 59

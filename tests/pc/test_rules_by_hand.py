"""The other seven rules in cases worked out by hand, and the parameters that contradict each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shared.errors import ParamsInvalid
from shared.market import Prices
from shared.strategies import decided, strategy_of
from tests.harness.slow_rules import standing
from tests.harness.walks import NAN, of_closes, panel

OUT, IN, EARLY = 0.0, 1.0, None
CLOSES = [10.0, 10, 13, 10, 10, 14]


def weights(name: str, prices: Prices, **params: Any) -> "list[float | None]":
    found = standing(decided(strategy_of(name, params, None), prices), len(prices.dates))
    return [None if row is None else row[0] for row in found]


def bars(high: "list[float]", low: "list[float]", close: "list[float]", volume: "list[float]") -> Prices:
    columns = [np.array(one, dtype=np.float64)[:, None] for one in (low, high, low, close, volume)]
    return panel(columns[0], columns[1], columns[2], columns[3], columns[4])


def test_macd_is_in_above_its_signal_and_out_below() -> None:
    """Slow average 10, 12, 10.67, 10.22; line 0, 1, -0.67, -0.22; signal 0.5, -0.28, -0.24 from the third day on."""
    assert weights("macd", of_closes(CLOSES[:5]), fast=1, slow=2, signal=2) == [EARLY, EARLY, IN, OUT, IN]


def test_rsi_macd_needs_both_to_come_in_and_one_to_go_out() -> None:
    """The RSI is 100, 50, 0, 100 from the third day on; the MACD says in, out, in, in."""
    both = {"period": 2, "oversold": 60, "overbought": 90, "fast": 1, "slow": 2, "signal": 2}
    assert weights("rsi_macd", of_closes(CLOSES), **both) == [EARLY, EARLY, OUT, OUT, IN, OUT]
    assert weights("rsi_macd", of_closes([*CLOSES[:5], 9.0]), **both)[-2:] == [IN, OUT], "the MACD alone, the RSI being 0"


def test_a_cross_is_in_while_the_fast_average_is_above_and_equal_ones_change_nothing() -> None:
    """Averages of two: 11, 11.5, 11, 11.5."""
    assert weights("moving_average_cross", of_closes([10, 12, 11, 11, 12]), fast=1, slow=2) == [EARLY, IN, OUT, OUT, IN]
    assert weights("moving_average_cross", of_closes([10, 12, 12, 12]), fast=1, slow=2) == [EARLY, IN, IN, IN]


def test_bollinger_is_in_near_the_lower_band_and_out_near_the_upper_one() -> None:
    """Of two closes the later one lies on one of the bands; where both are equal there are none."""
    assert weights("bollinger_bands", of_closes([10, 9, 9, 11, 11]), window=2, width=1) == [EARLY, IN, IN, OUT, OUT]
    # mean 11, deviation 1.633: 9 lies 0.194 of the way up between bands two deviations away
    assert weights("bollinger_bands", of_closes([13, 11, 9]), window=3, width=2, enter_below=0.195)[-1] == IN
    assert weights("bollinger_bands", of_closes([13, 11, 9]), window=3, width=2, enter_below=0.193)[-1] == OUT


def test_unusual_volume_goes_the_way_of_the_price() -> None:
    """More than 1.5 times the mean of two days is more than three times the day before; 3 of 1 is exactly that."""
    close = [10.0, 11, 10, 10, 11]
    moves = {"window": 2, "multiple": 1.5}
    assert weights("volume_breakout", bars(close, close, close, [1, 4, 13, 100, 300]), **moves) == [EARLY, IN, OUT, OUT, OUT]
    assert weights("volume_breakout", bars(close, close, close, [1, 3, 3, 3, 10]), **moves) == [EARLY, OUT, OUT, OUT, IN]


def test_a_volume_nobody_knows_is_no_signal_and_in_no_mean() -> None:
    close = [10.0, 11, 12, 13]
    found = weights("volume_breakout", bars(close, close, close, [1, 1, NAN, 4]), window=2, multiple=1.5)
    assert found == [EARLY, OUT, OUT, IN]


def test_a_trend_is_in_while_all_lies_in_order_and_out_when_all_is_reversed_or_any_is_broken() -> None:
    """On the fifth day the close falls below the short average; only on the last all of it is the other way round."""
    closes, windows = of_closes([1, 2, 3, 4, 3, 2, 1]), {"short": 2, "middle": 3, "long": 4}
    assert weights("trend_following", closes, **windows) == [EARLY] * 3 + [IN, IN, IN, OUT]
    assert weights("trend_following", closes, **windows, leave="broken") == [EARLY] * 3 + [IN, OUT, OUT, OUT]


def test_volatility_is_in_on_calm_days_and_out_on_wild_ones() -> None:
    """Ranges of 1, 10, 3, 2 (exactly the threshold) and 1 percent."""
    found = bars([100, 101, 110, 103, 102, 101], [100.0] * 6, [100.0] * 6, [1.0] * 6)
    assert weights("atr_volatility", found, period=1) == [EARLY, IN, OUT, OUT, OUT, IN]


def test_a_range_nobody_knows_is_no_signal() -> None:
    found = bars([100, NAN, 101, 110], [100.0] * 4, [100.0] * 4, [1.0] * 4)
    assert weights("atr_volatility", found, period=1) == [EARLY, EARLY, IN, OUT]


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("macd", {"fast": 26}, r"fast \(26\) must be below slow \(26\)"),
        ("rsi_macd", {"oversold": 70}, r"oversold \(70\) must be below overbought \(70\)"),
        ("rsi_macd", {"slow": 10}, r"fast \(12\) must be below slow \(10\)"),
        ("moving_average_cross", {"fast": 50}, r"fast \(50\) must be below slow \(50\); defaults: fast 20, slow 50"),
        ("bollinger_bands", {"enter_below": 0.9}, r"enter_below \(0.9\) must be below leave_above \(0.9\)"),
        ("bollinger_bands", {"width": 0}, "does not take width=0"),
        ("volume_breakout", {"multiple": 20}, r"multiple \(20\) must be below window \(20\)"),
        ("trend_following", {"middle": 20}, r"short \(20\) must be below middle \(20\), and that below long \(200\)"),
        ("trend_following", {"short": 1}, "does not take short=1"),
        ("trend_following", {"leave": "never"}, "does not take leave='never'"),
        ("atr_volatility", {"calm": 5}, r"calm \(5\) must be below wild \(5\)"),
    ],
)
def test_parameters_that_contradict_each_other_are_refused(name: str, given: "dict[str, object]", said: str) -> None:
    with pytest.raises(ParamsInvalid, match=said):
        strategy_of(name, given, None)

"""What holds for every indicator whatever the prices: no look ahead, columns alone, scale, and no digit lost in twenty years."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.market import Prices
from shared.market import indicators as ours
from shared.market.indicators import Bars, traded
from tests.harness.walks import ragged, same, walk

Reading = Callable[[Bars], Any]
IN_WON: dict[str, Reading] = {
    "sma": lambda b: ours.sma(b.close, 4),
    "ema": lambda b: ours.ema(b.close, 4),
    "wilder": lambda b: ours.wilder(b.close, 4),
    "macd": lambda b: np.hstack(ours.macd(b.close, 3, 5, 2)),
    "bands": lambda b: np.hstack(ours.bollinger(b.close, 4, 2)[:3]),
    "sum": lambda b: ours.rolling_sum(b.close, 4),
    "std": lambda b: ours.rolling_std(b.close, 4, 1),
    "max": lambda b: ours.rolling_max(b.close, 4),
    "min": lambda b: ours.rolling_min(b.close, 4),
    "slope": lambda b: ours.slope(b.close, 4),
    "range": lambda b: np.hstack((ours.true_range(b), ours.atr(b, 3))),
}
WITHOUT_UNIT: dict[str, Reading] = {
    "rsi": lambda b: np.hstack((ours.rsi(b.close, 3), ours.simple_rsi(b.close, 3))),
    "momentum": lambda b: ours.momentum(b.close, 4),
    "position": lambda b: ours.bollinger(b.close, 4, 2).position,
    "volatility": lambda b: ours.realised_volatility(b.close, 4),
    "zscore": lambda b: np.hstack((ours.zscore(b.close, 4), ours.zscore(b.volume, 4, 1))),
    "directions": lambda b: np.hstack(ours.adx(b, 3)),
    "mfi": lambda b: ours.mfi(b, 3),
}
ALL = {**IN_WON, **WITHOUT_UNIT}
each = pytest.mark.parametrize("name", ALL)
quickly = settings(max_examples=10, deadline=None)


@each
@quickly
@given(ragged(), st.integers(1, 40))
def test_a_value_is_the_same_to_the_bit_whatever_comes_later(name: str, prices: Prices, kept: int) -> None:
    whole, cut = ALL[name](traded(prices)), ALL[name](traded(prices.until(kept)))
    assert same(whole[:kept], cut)


@each
@quickly
@given(ragged(), st.integers(0, 10**6))
def test_columns_do_not_know_each_other(name: str, prices: Prices, seed: int) -> None:
    """In any order, and alone: the same to the bit."""
    order = np.random.default_rng(seed).permutation(len(prices.symbols))
    bars = traded(prices)
    whole, turned = ALL[name](bars), ALL[name](Bars(*(one[:, order] for one in bars)))
    several = whole.shape[1] // len(order)
    assert same(np.hstack([whole[:, part * len(order) + order] for part in range(several)]), turned)
    alone = ALL[name](Bars(*(one[:, [0]] for one in bars)))
    assert same(whole[:, :: len(order)], alone)


def test_many_columns_are_the_same_as_few_to_the_bit() -> None:
    """Few are walked in plain Python, many row by row in numpy."""
    bars = traded(walk(200, 60, 11))
    for name in ("ema", "wilder", "macd", "range", "rsi", "directions"):
        whole = ALL[name](bars)
        for place in (0, 59):
            assert same(whole[:, place::60], ALL[name](Bars(*(one[:, [place]] for one in bars)))), name


@each
@quickly
@given(ragged(), st.integers(-20, 20))
def test_prices_in_another_unit_give_the_same(name: str, prices: Prices, power: int) -> None:
    """To the bit where the unit is a power of two."""
    bars, factor = traded(prices), 2.0**power
    scaled = Bars(bars.high * factor, bars.low * factor, bars.close * factor, bars.volume)
    assert same(ALL[name](scaled), ALL[name](bars) * (factor if name in IN_WON else 1.0))


@pytest.mark.parametrize("window", [2, 20, 200, 1000])
def test_twenty_years_lose_no_digit(window: int) -> None:
    """Against exact fractions: a price that grew 400-fold, and volumes over nine powers of ten."""
    prices = walk(5000, 1, 12)
    grown = np.array(prices.close) * np.linspace(0.05, 20, 5000)[:, None]
    for values in (grown, np.floor(np.array(prices.volume) ** 1.7)):
        mean, std, slope = ours.sma(values, window), ours.rolling_std(values, window), ours.slope(values, window)
        for row in (window - 1, window, 2 * window + 1, 2497, 4999):
            exact = [Fraction(one) for one in values[max(0, row - window + 1) : row + 1, 0].tolist()]
            if len(exact) < window or row < window - 1:
                continue
            middle = sum(exact) / window
            spread = math.sqrt(sum((one - middle) ** 2 for one in exact) / window)
            lever = [Fraction(2 * place - window + 1, 2) for place in range(window)]
            rise = sum(weight * one for weight, one in zip(lever, exact, strict=True)) / sum(weight**2 for weight in lever)
            assert abs(mean[row, 0] / float(middle) - 1) <= 1e-12
            assert abs(std[row, 0] / spread - 1) <= 1e-12
            assert abs(slope[row, 0] - float(rise)) <= 1e-12 * spread
            assert abs(ours.rolling_sum(values, window)[row, 0] / math.fsum(map(float, exact)) - 1) <= 1e-12


def test_a_small_swing_on_a_large_price_keeps_its_digits() -> None:
    """Two prices one won apart at a hundred million: sums of squares would have lost the deviation altogether."""
    close = 1e8 + np.arange(400.0)[:, None] % 2
    assert np.abs(ours.rolling_std(close, 20)[19:] - 0.5).max() <= 1e-12
    assert np.abs(ours.sma(close, 20)[19:] - (1e8 + 0.5)).max() == 0.0

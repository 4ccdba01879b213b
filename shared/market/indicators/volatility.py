"""How wide prices swing: true range and its average, Bollinger's bands, realised volatility.

It exists so that a stop, a band and a volatility target measure with one rule.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np

from shared.market.indicators.bars import Bars, whatever_volume
from shared.market.indicators.known import blank, over_known, ratio
from shared.market.indicators.recursion import from_mean
from shared.market.indicators.rolling import rolling_std, spread
from shared.market.indicators.trend import momentum
from shared.market.prices import Floats


class Bands(NamedTuple):
    """A mean, `width` standard deviations to either side, and where between them the value is (0 lower, 1 upper)."""

    mid: Floats
    upper: Floats
    lower: Floats
    position: Floats


@over_known
def bollinger(values: Floats, window: int, width: float) -> Bands:
    """Bollinger's bands by the population's deviation; no position (NaN) where the bands are one line."""
    mid, deviation, away = spread(values, window)
    reach = width * deviation
    return Bands(mid, mid + reach, mid - reach, 0.5 + ratio(away, 2 * reach, np.nan))


def true_range(bars: Bars) -> Floats:
    """From the lower of low and last close to the higher of high and last close; from the second bar on."""
    return _true_range(whatever_volume(bars))


def atr(bars: Bars, window: int) -> Floats:
    """Wilder's average of the true range, from row `window` on."""
    return _atr(whatever_volume(bars), window)


@over_known
def realised_volatility(values: Floats, window: int, per_year: float = 252.0) -> Floats:
    """The sample deviation of the last `window` simple returns, times the root of the sessions per year."""
    return rolling_std(momentum(values, 1), window, 1) * sqrt(per_year)


def ranges(bars: Bars) -> Floats:
    """The true range of every bar but the first."""
    before = bars.close[:-1]
    return np.maximum(bars.high[1:], before) - np.minimum(bars.low[1:], before)


@over_known
def _true_range(bars: Bars) -> Floats:
    found = blank(bars.close)
    found[1:] = ranges(bars)
    return found


@over_known
def _atr(bars: Bars, window: int) -> Floats:
    found = blank(bars.close)
    found[1:] = from_mean(ranges(bars), window, 1 / window)
    return found

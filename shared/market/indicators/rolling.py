"""What the last `window` known values of a column say: sum, mean, spread, extremes, slope.

It exists so that whoever needs a window takes it from here, right to the last digits.
"""

from __future__ import annotations

import numpy as np

from shared.market.indicators.known import blank, over_known, ratio
from shared.market.indicators.windows import Centre, Half, centre, extremes, halves, sums
from shared.market.prices import Floats


@over_known
def rolling_sum(values: Floats, window: int) -> Floats:
    """The sum of the last `window` values."""
    return whole_windows(values, window, sums(values, window))


@over_known
def rolling_mean(values: Floats, window: int) -> Floats:
    """Their mean; equal values average to exactly themselves."""
    middle = centre(*halves(values, window))
    return whole_windows(values, window, middle.origin + middle.above)


@over_known
def rolling_std(values: Floats, window: int, ddof: int = 0) -> Floats:
    """Their standard deviation, by `window - ddof`; equal values have exactly 0."""
    return spread(values, window, ddof)[1]


@over_known
def rolling_max(values: Floats, window: int) -> Floats:
    """The largest of them."""
    return whole_windows(values, window, extremes(np.maximum, values, window))


@over_known
def rolling_min(values: Floats, window: int) -> Floats:
    """The smallest of them."""
    return whole_windows(values, window, extremes(np.minimum, values, window))


@over_known
def zscore(values: Floats, window: int, ddof: int = 0) -> Floats:
    """How many standard deviations the last value lies above the mean; NaN where all are equal."""
    _, deviation, away = spread(values, window, ddof)
    return ratio(away, deviation, np.nan)


@over_known
def slope(values: Floats, window: int) -> Floats:
    """By how much the least-squares line through them rises from one row to the next."""
    if window < 2:
        raise ValueError(f"a slope over {window} row")
    older, newer = halves(values, window, _lever)
    # A row's place in the window, counted from its middle: the older part's places count backwards from its last row.
    middle = (window - 1) / 2
    steep = (older.rows - 1 - middle) * older.total - older.further
    steep += (older.rows - middle) * newer.total + newer.further
    steep += (newer.origin - older.origin) * (older.rows * newer.rows / 2)
    return whole_windows(values, window, steep / (window * (window * window - 1) / 12))


def spread(values: Floats, window: int, ddof: int = 0) -> tuple[Floats, Floats, Floats]:
    """Mean and deviation of whole windows of `values`, and how far the last value lies above the mean."""
    if window - ddof < 1:
        raise ValueError(f"a standard deviation of {window} values by {window - ddof}")
    older, newer = halves(values, window, _square)
    middle = centre(older, newer)
    deviation = np.sqrt(np.maximum(_squares(older, newer, middle), 0.0) / (window - ddof))
    away = (values[window - 1 :] - middle.origin) - middle.above
    mean, deviation, away = (whole_windows(values, window, one) for one in (middle.origin + middle.above, deviation, away))
    return mean, deviation, away


def whole_windows(values: Floats, window: int, found: Floats) -> Floats:
    """What was found for each whole window, at the row where it ends; NaN before the first."""
    panel = blank(values)
    panel[window - 1 :] = found
    return panel


def _square(_: Floats, away: Floats) -> Floats:
    return away * away


def _lever(place: Floats, away: Floats) -> Floats:
    return place * away


def _squares(older: Half, newer: Half, middle: Centre) -> Floats:
    """Of the distances from the mean of the whole window: those within the two parts, and that between them."""
    between = middle.apart * middle.apart * (older.rows * newer.rows / (older.rows + newer.rows))
    return _within(older) + _within(newer) + between


def _within(half: Half) -> Floats:
    return half.further - half.total * half.total / np.maximum(half.rows, 1)

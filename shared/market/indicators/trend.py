"""Where prices go: averages of every kind, MACD, momentum.

It exists so that every strategy means the same average by the same name.
"""

from __future__ import annotations

from typing import NamedTuple

from shared.market.indicators.known import blank, over_known, ratio
from shared.market.indicators.recursion import from_mean
from shared.market.indicators.rolling import rolling_mean
from shared.market.prices import Floats

sma = rolling_mean


class Macd(NamedTuple):
    """The distance of two averages, the average of that distance, and how far it is above it."""

    line: Floats
    signal: Floats
    histogram: Floats


@over_known
def ema(values: Floats, window: int) -> Floats:
    """Exponential average: moves 2 / (window + 1) of the way, from the mean of the first `window` values on."""
    return from_mean(values, window, 2 / (window + 1))


@over_known
def wilder(values: Floats, window: int) -> Floats:
    """Wilder's average: moves 1 / window of the way, from the mean of the first `window` values on."""
    return from_mean(values, window, 1 / window)


@over_known
def macd(values: Floats, fast: int, slow: int, signal: int) -> Macd:
    """Both averages begin at row `slow - 1`: the fast one from the mean of the last `fast` values up to there."""
    if not 1 <= fast < slow:
        raise ValueError(f"a fast average of {fast} and a slow one of {slow} values")
    line = blank(values)
    late = values[slow - fast :]
    line[slow - fast :] = from_mean(late, fast, 2 / (fast + 1)) - from_mean(values, slow, 2 / (slow + 1))[slow - fast :]
    average = blank(values)
    average[slow - 1 :] = from_mean(line[slow - 1 :], signal, 2 / (signal + 1))
    return Macd(line, average, line - average)


@over_known
def momentum(values: Floats, window: int) -> Floats:
    """By what share the last value is above the one `window` values before; NaN where that one is 0."""
    if window < 1:
        raise ValueError(f"a change over {window} rows")
    found = blank(values)
    before = values[:-window]
    found[window:] = ratio(values[window:] - before, before, float("nan"))
    return found

"""How strongly prices move: RSI in both kinds, MFI, ADX.

It exists so that the rules' thresholds (30, 70, 20 …) always mean the same number.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from shared.market.indicators.bars import Bars, whatever_volume
from shared.market.indicators.known import blank, over_known, ratio
from shared.market.indicators.recursion import from_mean, moving
from shared.market.indicators.rolling import whole_windows
from shared.market.indicators.volatility import ranges
from shared.market.indicators.windows import sums
from shared.market.prices import Floats

NEITHER = 50.0  # what moved neither up nor down is not weak


class Direction(NamedTuple):
    """How much of the movement went up, how much down, and how one-sided that was for a while."""

    adx: Floats
    plus: Floats
    minus: Floats


@over_known
def rsi(values: Floats, window: int) -> Floats:
    """Wilder's RSI: his average of the gains as a share of that of gains and losses, in percent; 50 where nothing moved."""
    up, down = _moves(values)
    return _later(values, _share(from_mean(up, window, 1 / window), from_mean(down, window, 1 / window)))


@over_known
def simple_rsi(values: Floats, window: int) -> Floats:
    """The same by plain sums over the last `window` changes (Cutler's RSI, and that of the old web system)."""
    return _later(values, _share(*(whole_windows(one, window, sums(one, window)) for one in _moves(values))))


@over_known
def mfi(bars: Bars, window: int) -> Floats:
    """Money flow index: of the money of `window` bars, the percentage in those whose typical price rose; 50 without any."""
    typical = (bars.high + bars.low + bars.close) / 3
    money, change = (typical * bars.volume)[1:], np.diff(typical, axis=0)
    up, down = np.where(change > 0, money, change * 0), np.where(change < 0, money, change * 0)
    return _later(bars.close, _share(*(whole_windows(one, window, sums(one, window)) for one in (up, down))))


def adx(bars: Bars, window: int) -> Direction:
    """Wilder's directional movement; `plus` and `minus` in percent of the range, from row `window`, adx from 2·window - 1."""
    return _adx(whatever_volume(bars), window)


@over_known
def _adx(bars: Bars, window: int) -> Direction:
    up, down = np.diff(bars.high, axis=0), -np.diff(bars.low, axis=0)
    moves = (np.where((up > down) & (up > 0), up, up * 0), np.where((down > up) & (down > 0), down, down * 0))
    width, plus, minus = (_summed(one, window) for one in (ranges(bars), *moves))
    both = ratio(np.abs(plus - minus), plus + minus, 0.0)
    strength = blank(both)
    strength[window - 1 :] = from_mean(100 * both[window - 1 :], window, 1 / window)
    found = (strength, 100 * ratio(plus, width, 0.0), 100 * ratio(minus, width, 0.0))
    return Direction(*(_later(bars.close, one) for one in found))


def _summed(changes: Floats, window: int) -> Floats:
    """Wilder's running sum, as a mean: it begins with the `window - 1` first changes and takes its first step at the next."""
    if window < 2:
        raise ValueError(f"directions over {window} row")
    if len(changes) < window:
        return blank(changes)
    seed = np.add.accumulate(changes[: window - 1], axis=0)[-1] / window
    found = moving(changes, window - 2, seed, 1 / window)
    found[window - 2] = np.nan
    return found


def _moves(values: Floats) -> tuple[Floats, Floats]:
    change = np.diff(values, axis=0)
    return np.maximum(change, 0.0), np.maximum(-change, 0.0)


def _share(up: Floats, down: Floats) -> Floats:
    # Multiplied first, so that whole prices give a whole threshold exactly; then 100 may come out a hair above itself.
    return np.minimum(ratio(100 * up, up + down, NEITHER), 100.0)


def _later(values: Floats, changes: Floats) -> Floats:
    """A change belongs to the later one of its two rows."""
    found = blank(values)
    found[1:] = changes
    return found

"""What the scanner measures of every symbol: trend, the day's jump, strength, and whether a sell rule is broken.

It exists so that the scanner and the strategy of its rules read the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shared.market.indicators import adx, mfi, slope, sma, traded, zscore
from shared.market.picking.scores import change_over
from shared.market.picking.sight import Sight
from shared.market.prices import Flags, Floats

_SOFT_ADX, _SOFT_MFI = 15, 40


class Surges(NamedTuple):
    """Decisions × symbols by name; what cannot be told on a day without a trade is NaN, and neither trend nor broken."""

    is_trend: Flags  # above both averages, and the short one rises
    close: Floats
    middle: Floats  # the averages of 50 and 200
    long: Floats
    day: Floats  # change over 1, 20 and 60 rows
    month: Floats
    quarter: Floats
    adx: Floats
    mfi: Floats
    volz: Floats  # how far the traded value stands out of its last 20

    @property
    def figures(self) -> dict[str, Floats]:
        """What was measured, as the scanner has always called it."""
        told = {"ret1": self.day, "ret20": self.month, "ret60": self.quarter, "ADX": self.adx, "MFI": self.mfi}
        return told | {"VolZ": self.volz, "close": self.close, "SMA50": self.middle, "SMA200": self.long}

    @property
    def broken(self) -> dict[str, Flags]:
        """Below the long average, or below the middle one and weak besides: by the names the scanner always had."""
        below = self.close < self.middle
        weak = {
            "ret20<0": self.month < 0,
            f"ADX<{_SOFT_ADX}": self.adx < _SOFT_ADX,
            f"MFI<{_SOFT_MFI}": self.mfi < _SOFT_MFI,
            "volz<=0": self.volz <= 0,
        }
        return {"close<sma200": self.close < self.long, **{f"sma50↓+{name}": below & is_so for name, is_so in weak.items()}}


def surges_of(sight: Sight, among: Flags) -> Surges:
    """By SMA 20, 50 and 200, ADX and MFI of 14, the value's z-score of 20; told of who is ever among these."""
    columns = np.flatnonzero(among.any(axis=0))
    return Surges(*(_spread(one, columns, among.shape) for one in _measured(sight.narrow(columns))))


def none_of(broken: Mapping[str, Flags]) -> Flags:
    """Who breaks none of these rules."""
    whole: Flags = ~np.logical_or.reduce(list(broken.values()))
    return whole


def _spread(few: NDArray[Any], columns: NDArray[np.int64], shape: tuple[int, ...]) -> NDArray[Any]:
    found: NDArray[Any] = np.full(shape, False if few.dtype == np.bool_ else np.nan)
    found[:, columns] = few
    return found


def _measured(sight: Sight) -> Surges:
    bars, value = traded(sight.prices), sight.prices.value
    worth = np.where(np.isnan(bars.close), np.nan, np.where(np.isnan(value), bars.close * bars.volume, value))
    rising = sight.at(slope(sma(bars.close, 20), 20)) > 0
    close, middle, long = (sight.at(one) for one in (bars.close, sma(bars.close, 50), sma(bars.close, 200)))
    strength, flow, stands_out = (sight.at(one) for one in (adx(bars, 14).adx, mfi(bars, 14), zscore(worth, 20)))
    day, month, quarter = (change_over(sight, back) for back in (1, 20, 60))
    is_trend = (close > middle) & (close > long) & rising
    return Surges(is_trend, close, middle, long, day, month, quarter, strength, flow, stands_out)

"""Fills the market could not have given: more shares than were traded in their bar.

It exists because the engine fills any order at the price of its bar, and a curve made of such fills looks like any other.
"""

from __future__ import annotations

import numpy as np

from pc.engine.fills import REASONS, Fills
from shared.market import Prices


def beyond_volume(prices: Prices, fills: Fills) -> list[str]:
    """In words, or nothing; where a volume is not known nothing is said, and the end of a listing is no trade."""
    volume, shares = prices.volume[fills["row"], fills["symbol"]], np.abs(fills["shares"])
    too_large = np.flatnonzero((shares > volume) & (fills["reason"] != REASONS.index("delisted")))
    if not len(too_large):
        return []
    first = too_large[0]
    where = f"{prices.symbols[fills['symbol'][first]]} on {prices.dates[fills['row'][first]]}"
    count = f"{len(too_large)} of {len(fills)} fills are larger than all that was traded that day"
    return [f"{count}: the first {where}, {shares[first]:,.10g} of {volume[first]:,.10g} shares"]

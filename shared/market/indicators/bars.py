"""The bars indicators read: those at which something was traded, NaN everywhere else.

It exists so that a halted day, whose close is carried and whose volume is 0, is no news to any rule.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from shared.market.prices import Floats, Prices


class Bars(NamedTuple):
    """Panels of one shape; NaN where nothing was traded."""

    high: Floats
    low: Floats
    close: Floats
    volume: Floats


def traded(prices: Prices) -> Bars:
    """The bars of these prices that could have filled an order; what is not known of one is NaN, and no halt."""
    panels = (prices.high, prices.low, prices.close, prices.volume)
    return Bars(*(np.where(prices.tradable, one, np.nan) for one in panels))


def whatever_volume(bars: Bars) -> Bars:
    """The same bars for a measure that does not ask how much was traded: an unknown volume hides none of them."""
    return bars._replace(volume=bars.close)

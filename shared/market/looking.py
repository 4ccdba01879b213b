"""What a panel holds, looked at as a whole: its halts and gaps, and whether it is still what its fingerprint says.

It exists because a run reads only the bars it needs, and believes the sizes and times of the rest.
"""

from __future__ import annotations

import numpy as np

from shared.market.panel import fingerprint_of, not_following
from shared.market.prices import Prices


def bars_of(prices: Prices) -> dict[str, dict[str, int]]:
    """Of each symbol: days with a close and no trade (`halted`), and days without a close from its first to its last (`gaps`)."""
    known = prices.close > 0
    listed = np.logical_or.accumulate(known) & np.logical_or.accumulate(known[::-1])[::-1]
    halted, gaps = (known & ~prices.tradable).sum(axis=0), (listed & ~known).sum(axis=0)
    return {symbol: {"halted": int(halted[n]), "gaps": int(gaps[n])} for n, symbol in enumerate(prices.symbols)}


def what_changed(prices: Prices) -> list[str]:
    """What is not as it was when the panel was made: the bars by their fingerprint, what follows from them by the bars."""
    return [*([] if prices.fingerprint == fingerprint_of(prices) else ["bars"]), *not_following(prices)]

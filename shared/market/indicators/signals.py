"""What stands between two signals: the last one.

It exists so that every rule is in and out by the same rule.
"""

from __future__ import annotations

import numpy as np

from shared.market.prices import Flags


def last_signal(buy: Flags, sell: Flags) -> Flags:
    """Whether the last signal up to each row was to buy: out before the first; where both are given, out."""
    rows = np.arange(len(buy))[:, None]
    bought = np.maximum.accumulate(np.where(buy, rows, -1), axis=0)
    sold = np.maximum.accumulate(np.where(sell, rows, -1), axis=0)
    return bought > sold

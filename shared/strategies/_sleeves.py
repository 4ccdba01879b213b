"""From signals to targets: every symbol has an equal sleeve, and is in it from a buy to the next sell.

It exists so that every rule is all in and all out in the same way, for one symbol and for many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.strategies._loading import Targets

if TYPE_CHECKING:
    from shared.market import Flags, Floats, Prices


def by_signals(prices: Prices, buy: Flags, sell: Flags, read: Floats) -> Targets:
    """1/N in every symbol whose last signal was to buy; the first row is the first at which `read` is known anywhere.

    A decision is told where it changes something. A symbol that is no member of its universe on a day is out, and N
    counts the members of that day.
    """
    import numpy as np

    from shared.market.indicators import last_signal

    held, several = last_signal(buy, sell), np.array([max(1, len(prices.symbols))])
    if prices.members is not None:
        held = held & prices.members
        several = np.maximum(1, prices.members.sum(axis=1))
    weights = held / several[:, None]
    known = np.isfinite(read).any(axis=1)
    new = np.ones(len(weights), dtype=bool)
    new[1:] = (weights[1:] != weights[:-1]).any(axis=1)
    rows = np.flatnonzero(np.logical_or.accumulate(known) & (new | (known.cumsum() == 1)))
    return Targets(rows=rows, weights=weights[rows])

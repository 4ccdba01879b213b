"""Whether the market as a whole is one to be invested in: an index or ETF above its average.

It exists so that every strategy with such a filter means the same by it, and says so where it cannot know.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from shared.market.picking.sight import Sight
from shared.market.picking.trend import above_average_of
from shared.market.prices import Flags


class Regime(NamedTuple):
    """Of each decision: whether one may be invested; and what a reader should know about that."""

    on: Flags
    known: Flags
    notes: tuple[str, ...] = ()


def regime_at(sight: Sight, symbol: str | None, window: int, unknown: str) -> Regime:
    """On where the symbol's last close is strictly above the mean of its last `window` ones, that one included.

    Where it has fewer closes, or is not among the prices, the regime is what `unknown` says, on or off, and that is noted.
    No symbol: always on.
    """
    if symbol is None:
        always = np.ones(len(sight.rows), dtype=bool)
        return Regime(always, always)
    rows, column = sight.rows, sight.column(symbol)
    above, known = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    if column >= 0:
        above, known = above_average_of(sight, symbol, window)
    missing = int((~known).sum())
    why = "it is not among these prices" if column < 0 else f"it has fewer than {window} closes"
    note = f"regime unknown at {missing} decision(s), taken as {unknown}: {symbol}: {why}"
    return Regime(np.where(known, above, unknown == "on"), known, (note,) if missing else ())

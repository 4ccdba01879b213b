"""How much symbols, and weights of them, moved in the sessions up to each decision.

It exists so that strategies that weigh by risk mean the same volatility, that of the engine's target: 252 sessions a year.
"""

from __future__ import annotations

import numpy as np

from shared.market.picking.sight import Sight
from shared.market.prices import Floats

YEAR = 252
_STILL = 1e-9  # of what moves less by day a part can only be a rounding


def volatility_of(sight: Sight, window: int) -> Floats:
    """Yearly, of each symbol's last `window` daily changes; NaN where one of them is not known or nothing moved."""
    found = np.full((len(sight.rows), len(sight.symbols)), np.nan)
    for place, row in enumerate(sight.rows.tolist()):
        marks = sight.prices.marks[row - window : row + 1]
        found[place] = (marks[1:] / marks[:-1] - 1).std(axis=0, ddof=1)
    found = np.where(found > _STILL, found * np.sqrt(YEAR), np.nan)
    return sight.by_name(found)


def volatility_together(sight: Sight, weights: Floats, window: int) -> Floats:
    """The same of each decision's weights together: of what they would have earned by day, had they been held."""
    found = np.zeros(len(sight.rows))
    for place, row in enumerate(sight.rows.tolist()):
        held = np.flatnonzero(weights[place])
        marks = sight.prices.marks[row - window : row + 1][:, held if sight.order is None else sight.order[held]]
        found[place] = ((marks[1:] / marks[:-1] - 1) * weights[place, held]).sum(axis=1).std(ddof=1)
    yearly: Floats = found * np.sqrt(YEAR)
    return yearly

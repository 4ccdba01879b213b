"""Who may be bought on which day: the members of the universe, whatever a strategy wants.

It exists because a strategy that forgets `prices.members` buys what the universe names only years later, and looks good for it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shared.market import Flags, Prices
from shared.strategies import Targets


def belonging(targets: Targets, prices: Prices) -> Targets:
    """The same decisions without those who do not belong on that day; what was bought as a member may be held on."""
    if prices.members is None or not len(targets.rows):
        return targets
    wanted = targets.weights > 0
    outside = wanted & ~prices.members[targets.rows]
    if not outside.any():
        return targets
    barred = _barred(wanted, outside)
    if not barred.any():
        return targets
    weights = np.where(barred, 0.0, targets.weights)
    return replace(targets, weights=weights, notes=(*targets.notes, _said(barred, targets, prices)))


def _barred(wanted: Flags, outside: Flags) -> Flags:
    barred, held = np.zeros_like(outside), np.zeros(wanted.shape[1], dtype=bool)
    for place in range(len(wanted)):
        barred[place] = outside[place] & ~held
        held = wanted[place] & ~barred[place]
    return barred


def _said(barred: Flags, targets: Targets, prices: Prices) -> str:
    place, column = np.argwhere(barred)[0].tolist()
    first = f"{prices.symbols[column]} on {prices.dates[targets.rows[place]]}"
    count = int(barred.any(axis=1).sum())
    return f"{count} decision(s) wanted what was not in the universe that day, {first} first: that stayed cash"

"""Two providers held against each other, on the days somebody sampled.

It exists because a price that one provider alone has is believed until another one says something else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from shared.market.bars import Bars
from shared.market.quality.finding import Finding, finding, named

APART = 0.01  # of a close


def disagreement(one: Bars, other: Bars, days: Iterable[date]) -> Finding | None:
    """Where their closes are more than 1 % apart on these days, as far as both have them; None where they are not."""
    wanted = np.array(sorted(set(days)), dtype="datetime64[D]")
    both, ours, theirs = np.intersect1d(one.dates, other.dates, assume_unique=True, return_indices=True)
    here = np.isin(both, wanted)
    both, close, another = both[here], one.numbers["close"][ours[here]], other.numbers["close"][theirs[here]]
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.abs(close / another - 1)
    odd = (apart > APART + 1e-9) & (close > 0) & (another > 0)
    if not odd.any():
        return None
    worst = int(np.flatnonzero(odd)[np.argmax(apart[odd])])
    said = f"{close[worst]:g} and {another[worst]:g} on {both[worst]}"
    what = f"two providers differ by more than {APART:.0%} on {named(both[odd])}; the most: {said}"
    return finding("Q-DISAGREE", one.symbol, both[odd], what)

"""In the market while the close is above its moving average, else in cash; each symbol has an equal sleeve.

It exists as the oldest strategy of the house, and as the smallest example of how to write one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from shared.strategies import Targets

if TYPE_CHECKING:
    from shared.market import Flags, Floats, Prices

SYMBOLS = ("KOSPI",)


class Params(BaseModel):
    """What a request may change."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    window: int = Field(200, ge=2, le=2000, description="closes in the moving average")


def lookback(params: Params) -> int:
    """Closes needed before the first decision."""
    return params.window


def decide(prices: Prices, params: Params) -> Targets:
    """Row t: 1/N in every symbol whose close is strictly above the mean of its last `window` closes, t's own included.

    A symbol is out until it has `window` closes; the first row is the first at which one has. A row without a close
    decides nothing for that symbol: it never enters there, and what was decided last stands. One that is no member of
    its universe on a day is out, and N counts the members of that day.
    """
    import numpy as np

    above = np.zeros(prices.close.shape)
    known = prices.close > 0
    for column in range(len(prices.symbols)):
        above[:, column] = _above(prices.close[:, column], known[:, column], params.window)
    members = np.ones(above.shape, dtype=bool) if prices.members is None else prices.members
    ready = np.flatnonzero((known.cumsum(axis=0) * members.any(axis=0)).max(axis=1) >= params.window)
    several = np.maximum(1, members.sum(axis=1, keepdims=True))
    return Targets(rows=ready, weights=(above * members / several)[ready])


def _above(close: Floats, known: Flags, window: int) -> Floats:
    import numpy as np

    values = close[known]
    verdicts: Floats = np.zeros(len(values) + 1)
    if len(values) >= window:
        # Measured from the first close: then equal closes average to exactly themselves and are never "above".
        values = values - values[0]
        sums = np.cumsum(values)
        sums[window:] = sums[window:] - sums[:-window]
        verdicts[window:] = values[window - 1 :] > sums[window - 1 :] / window
    by_row: Floats = verdicts[known.cumsum()]
    return by_row

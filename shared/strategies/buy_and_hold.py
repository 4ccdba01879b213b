"""Everything there is, bought in equal parts and held.

It exists as what every other strategy must beat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from shared.strategies import Targets

if TYPE_CHECKING:
    from shared.market import Prices


class Params(BaseModel):
    """Nothing a request may change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def lookback(params: Params) -> int:
    """Closes needed before the first decision."""
    return 1


def decide(prices: Prices, params: Params) -> Targets:
    """Equal parts of every symbol that has had a price, decided anew only when another one has its first.

    Then the others are brought back to their parts: to hold without that, name symbols that are there from the start.
    """
    import numpy as np

    there = prices.close > 0 if prices.members is None else (prices.close > 0) & prices.members
    there = np.logical_or.accumulate(there)
    rows = np.flatnonzero(np.diff(there.sum(axis=1), prepend=0))
    held = there[rows]
    for symbol, last in prices.delisted.items():
        held[:, prices.column(symbol)] &= prices.dates[rows] <= np.datetime64(last, "D")
    return Targets(rows, held / np.maximum(held.sum(axis=1, keepdims=True), 1))

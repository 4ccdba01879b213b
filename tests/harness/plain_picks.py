"""What strategies that pick read, told in plain Python, cell by cell.

It exists as the second opinion: nothing here is vectorised, carried along or shared with the code it judges.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from shared.market import Prices


def mark(prices: Prices, row: int, column: int) -> float:
    """The last known close; 0 before the first."""
    for back in range(row, -1, -1):
        if prices.close[back, column] > 0:
            return float(prices.close[back, column])
    return 0.0


def trades(prices: Prices, row: int, column: int) -> bool:
    """Whether this bar could fill an order."""
    bar = [getattr(prices, name)[row, column] for name in ("open", "high", "low", "volume")]
    return prices.close[row, column] > 0 and not any(one <= 0 for one in bar)


def traded_won(prices: Prices, row: int, column: int) -> float:
    """Traded won, or close × volume."""
    if not np.isnan(prices.value[row, column]):
        return float(prices.value[row, column])
    return float(prices.close[row, column] * prices.volume[row, column]) if trades(prices, row, column) else 0.0


def is_eligible(prices: Prices, row: int, symbol: str, lookback: int) -> bool:
    """Whatever its value and its name."""
    column, last = prices.column(symbol), prices.delisted.get(symbol)
    return bool(
        mark(prices, row - lookback, column)
        and (prices.members is None or prices.members[row, column])
        and (last is None or prices.dates[row] <= np.datetime64(last))
        and any(trades(prices, day, column) for day in range(max(row - 19, 0), row + 1))
    )


def is_above(prices: Prices, row: int, column: int, window: int) -> Optional[bool]:
    """The last close above the mean of the last so many, days without a trade left out; None with fewer."""
    closes = [float(prices.close[day, column]) for day in range(row + 1) if trades(prices, day, column)]
    return closes[-1] > sum(closes[-window:]) / window if len(closes) >= window else None

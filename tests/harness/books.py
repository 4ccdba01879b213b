"""What a simulation would have left, made by hand: equity, cash and fills, and the span they are measured over.

It exists so that a test of a measure shows the very numbers it is computed from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pc.engine import FILL, Span, measure

Fill = tuple[int, int, float, float, float]  # row, symbol, shares, price, commission


@dataclass
class Books:
    """Of a run; a fill's `held` is counted here."""

    fills: NDArray[np.void]
    cash: NDArray[np.float64]
    equity: NDArray[np.float64]


def books(equity: list[float], fills: "list[Fill] | None" = None, cash: "list[float] | None" = None) -> Books:
    """Without fills and cash of its own everything was cash all the time."""
    worth = np.array(equity, dtype=float)
    return Books(fills_of(fills or []), worth.copy() if cash is None else np.array(cash, dtype=float), worth)


def fills_of(rows: list[Fill]) -> NDArray[np.void]:
    """The fills, each with what was held after it."""
    fills, held = np.zeros(len(rows), FILL), dict[int, float]()
    for place, (row, symbol, *money) in enumerate(rows):
        held[symbol] = held.get(symbol, 0.0) + money[0]
        fills[place] = (row, row, symbol, 0, *money, 0.0, 0.0, held[symbol])
    return fills


def days_from(first: str, count: int) -> NDArray[np.datetime64]:
    """So many weekdays."""
    return np.busday_offset(np.datetime64(first), np.arange(count), roll="forward")


def measured(equity: list[float], capital: float = 100.0, first: str = "2024-01-01", **more: Any) -> dict[str, Any]:
    """The metrics of such a run on weekdays; `fills` and `cash` are the books', everything else is the span's."""
    made = books(equity, more.pop("fills", None), more.pop("cash", None))
    benchmarks = {name: np.array(curve, dtype=float) for name, curve in more.pop("benchmarks", {}).items()}
    dates = more.pop("dates", days_from(first, len(equity)))
    return measure(made, Span(np.asarray(dates), ("A", "B"), more.pop("row", 0), capital, benchmarks, **more))

"""Small panels of prices written out by hand, and what was traded on them in a few numbers.

They exist so that a case of the engine is read in five lines.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pc.engine import REASONS, Simulation
from shared.market import Prices
from shared.strategies import Targets

NAN = float("nan")


def panel(
    close: list[list[float]],
    open_: list[list[float]] | None = None,
    volume: list[list[float]] | None = None,
    first: str = "2024-01-01",
    **about: Any,
) -> Prices:
    """Days in a row from `first`, symbols A, B, C …; a bar's high and low are its close."""
    closes = np.array(close, dtype=float)
    opens = closes.copy() if open_ is None else np.array(open_, dtype=float)
    volumes = np.ones_like(closes) if volume is None else np.array(volume, dtype=float)
    dates = np.datetime64(first) + np.arange(len(closes)).astype("timedelta64[D]")
    symbols = tuple("ABCDEFGH"[: closes.shape[1]])
    fields: dict[str, Any] = dict(
        zip(("open", "high", "low", "close", "volume"), (opens, closes.copy(), closes.copy(), closes, volumes), strict=True)
    )
    return Prices(dates, symbols, **fields, synthetic=False, provider="test", **about)


def targets(rows: list[int], weights: list[list[float]], rebalance: bool = False) -> Targets:
    """Decisions at these rows."""
    return Targets(np.array(rows, dtype=int), np.array(weights, dtype=float), rebalance)


def fills(simulation: Simulation) -> list[tuple[int, int, float, float]]:
    """Bar, column, shares and price of every fill."""
    return [tuple(fill[name].item() for name in ("row", "symbol", "shares", "price")) for fill in simulation.fills]


def reasons(simulation: Simulation) -> list[str]:
    """Why each fill was."""
    return [REASONS[place] for place in simulation.fills["reason"]]

"""What the trading took: how much was invested, how often it was turned over, what it cost, and what was left before costs.

It exists so that a gain is never shown without the price of getting it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pc.engine.fills import Fills
from pc.engine.measures.undefined import WIPED_OUT, Figure
from shared.market import Floats


def invested(equity: Floats, cash: Floats) -> dict[str, Figure]:
    """How much of the equity was in the market, and on how many of the days anything was."""
    held = equity - cash
    # What was sold to the last share may leave a rounding of the money it was.
    days = float(np.mean(np.abs(held) > 1e-9 * np.abs(cash)))
    return {"exposure": float((held / equity).mean()) if equity.min() > 0 else WIPED_OUT, "days_invested": days}


def turnover(fills: Fills, equity: Floats, a_year: float) -> Figure:
    """How many times a year the equity was exchanged: bought and sold again is once."""
    mean = float(equity.mean())
    traded = float(np.abs(fills["shares"] * fills["price"]).sum())
    return traded / 2 / mean * a_year / len(equity) if mean > 0 else WIPED_OUT


def costs(fills: Fills, capital: float, final: float) -> dict[str, Any]:
    """Won paid by kind, and the return these very fills would have left without them."""
    kinds = {name: float(fills[name].sum()) for name in ("commission", "slippage", "tax")}
    total = sum(kinds.values())
    return {
        "costs": {**kinds, "total": total},
        "gross_return": (final + total) / capital - 1,
        "cost_drag": total / capital,
    }

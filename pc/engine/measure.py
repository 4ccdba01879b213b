"""The numbers a run is judged by, each with its formula.

It exists so that a metric is never a name without a definition, and never NaN.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pc.engine.fills import Fills, flows
from pc.engine.simulate import Simulation
from shared.market import Floats

YEAR = 252
FORMULAS = {
    "Final_Return": "last equity / capital - 1",
    "CAGR_like": "(last equity / capital) ^ (252 / n_days) - 1",
    "MDD": "min over days of equity / highest equity so far (at least the capital) - 1",
    "volatility": "standard deviation (n - 1) of the daily returns * sqrt(252); the first day's return is equity / capital - 1",
    "Sharpe": "mean / standard deviation (n - 1) of the daily returns * sqrt(252); risk-free rate 0",
    "win_rate": "closed trades with a gain after all costs / closed trades; a trade runs from flat to flat in one symbol",
    "trades": "number of fills",
    "turnover": "sum of traded amounts / 2 / mean equity * 252 / n_days",
    "costs": "won paid: commission, slippage and the tax on sales, each basis points of the traded amount",
    "benchmarks": "last close / first close in the period - 1, without costs",
}


def measure(simulation: Simulation, first: int, capital: float) -> dict[str, Any]:
    """The metrics from row `first` on; what cannot be computed is None, and `reasons` says why."""
    equity, fills = simulation.equity[first:], simulation.fills
    growth = equity / capital
    costs = {name: float(fills[name].sum()) for name in ("commission", "slippage", "tax")}
    traded = float(np.abs(fills["shares"] * fills["price"]).sum())
    gains = closed_trades(fills)
    metrics: dict[str, Any] = {
        "Final_Return": float(growth[-1]) - 1,
        "CAGR_like": _yearly(float(growth[-1]), len(growth)),
        "MDD": drawdown(growth),
        **_spread(daily_returns(growth)),
        "win_rate": float(np.mean(gains > 0)) if len(gains) else None,
        "closed_trades": len(gains),
        "trades": len(fills),
        "turnover": traded / 2 / float(equity.mean()) * YEAR / len(growth),
        "costs": {**costs, "total": sum(costs.values())},
        "capital": capital,
        "final_equity": float(equity[-1]),
    }
    return _without_nan(metrics)


def daily_returns(growth: Floats) -> Floats:
    """Each day's return; the first day's is measured from 1, the start."""
    before = np.concatenate([[1.0], growth[:-1]])
    returns: Floats = growth / before - 1
    return returns


def drawdown(growth: Floats) -> float:
    """The deepest fall from a height reached before, ≤ 0; the start counts as a height."""
    return min(0.0, float((growth / np.maximum(np.maximum.accumulate(growth), 1.0)).min()) - 1)


def closed_trades(fills: Fills) -> Floats:
    """The gain in won, after costs, of every trade that went from flat to flat in one symbol."""
    if not len(fills):
        return np.zeros(0)
    ordered = fills[np.argsort(fills["symbol"], kind="stable")]
    flat = ordered["held"] == 0
    starts = np.ones(len(ordered), dtype=bool)
    starts[1:] = flat[:-1] | (ordered["symbol"][1:] != ordered["symbol"][:-1])
    gains = np.add.reduceat(flows(ordered), np.flatnonzero(starts))
    ends = np.append(np.flatnonzero(starts)[1:] - 1, len(ordered) - 1)
    closed: Floats = gains[flat[ends]]
    return closed


def _yearly(growth: float, days: int) -> float:
    with np.errstate(over="ignore"):
        return float(np.float_power(growth, YEAR / days)) - 1


def _spread(returns: Floats) -> dict[str, float | None]:
    """Volatility and Sharpe, None where there are too few days or no movement."""
    if len(returns) < 2:
        return {"volatility": None, "Sharpe": None}
    deviation = float(returns.std(ddof=1))
    sharpe = float(returns.mean()) / deviation * math.sqrt(YEAR) if deviation > 0 else None
    return {"volatility": deviation * math.sqrt(YEAR), "Sharpe": sharpe}


_REASONS = {
    "volatility": "needs two days or more",
    "Sharpe": "the daily returns do not vary",
    "win_rate": "no trade was closed",
}
_BEYOND = "the numbers leave the range of a float"


def _without_nan(metrics: dict[str, Any]) -> dict[str, Any]:
    clean = {n: None if isinstance(v, float) and not math.isfinite(v) else v for n, v in metrics.items()}
    reasons = {n: _BEYOND if metrics[n] is not None else _REASONS[n] for n, v in clean.items() if v is None}
    if metrics["volatility"] is None:
        reasons["Sharpe"] = _REASONS["volatility"]
    return {**clean, "reasons": reasons}

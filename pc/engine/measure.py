"""The numbers a run is judged by, each with its formula, and the check that the books add up.

It exists so that a metric is never a name without a definition, and never NaN.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pc.engine.costs import Terms
from pc.engine.simulate import Fills, Simulation, tradable
from shared.errors import ResultWrong
from shared.market import Floats, Prices

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
    "costs": "won paid: commission and slippage, each basis points of the traded amount",
    "benchmarks": "last close / first close in the period - 1, without costs",
}


def measure(simulation: Simulation, first: int, capital: float) -> dict[str, Any]:
    """The metrics from row `first` on; what cannot be computed is None, and `reasons` says why."""
    equity, fills = simulation.equity[first:], simulation.fills
    growth = equity / capital
    commission, slippage = float(fills["commission"].sum()), float(fills["slippage"].sum())
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
        "costs": {"commission": commission, "slippage": slippage, "total": commission + slippage},
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
    gains = np.add.reduceat(_flows(ordered), np.flatnonzero(starts))
    ends = np.append(np.flatnonzero(starts)[1:] - 1, len(ordered) - 1)
    closed: Floats = gains[flat[ends]]
    return closed


def reconcile(prices: Prices, simulation: Simulation, terms: Terms) -> dict[str, Any]:
    """Work cash, holdings and equity out again from the fills alone; ResultWrong when any day differs by over 0.5 won."""
    fills, days = simulation.fills, len(prices.dates)
    cash = terms.capital + _running(fills["row"], _flows(fills), days)
    equity, shares_off = cash.copy(), 0.0
    by_symbol = fills[np.argsort(fills["symbol"], kind="stable")]
    bounds = np.searchsorted(by_symbol["symbol"], np.arange(len(prices.symbols) + 1))
    for column in range(len(prices.symbols)):
        mine = by_symbol[bounds[column] : bounds[column + 1]]
        held = _running(mine["row"], mine["shares"], days)
        shares_off = max(shares_off, _gap(held, simulation.holdings[:, column]))
        equity += held * _carried(prices.close[:, column])
    worst = max(_gap(cash, simulation.cash), _gap(equity, simulation.equity))
    checks = _verdicts(prices, simulation, terms)
    checks |= {"reconciled": worst <= _tolerance(equity) and shares_off <= 1e-6, "largest_difference_won": worst}
    _refuse_if_wrong(checks)
    return checks


def _verdicts(prices: Prices, simulation: Simulation, terms: Terms) -> dict[str, Any]:
    able, price = tradable(prices, terms)
    fills = simulation.fills
    at = fills["row"], fills["symbol"]
    return {
        "cash_never_negative": float(simulation.cash.min()) >= -_tolerance(simulation.equity),
        "fills_on_tradable_bars": bool(able[at].all() and (price[at] == fills["price"]).all()),
        "costs_as_agreed": _costs_agree(fills, terms),
    }


def _refuse_if_wrong(checks: dict[str, Any]) -> None:
    failed = [name for name, good in checks.items() if good is False]
    if failed:
        why = f"not true: {', '.join(failed)}; the books differ by {checks['largest_difference_won']:.2f} won"
        raise ResultWrong("checking the finished run", why, "this is a fault of the engine: keep the request and report it")


def _tolerance(equity: Floats) -> float:
    """Half a won, or what sixteen digits can hold where equity is beyond five trillion."""
    return max(0.5, float(np.abs(equity).max()) * 1e-13)


def _gap(one: Floats, other: Floats) -> float:
    gap = float(np.abs(one - other).max())
    return gap if math.isfinite(gap) else 1e300


def _flows(fills: Fills) -> Floats:
    """What each fill brought into cash."""
    flows: Floats = -(fills["shares"] * fills["price"]) - fills["commission"] - fills["slippage"]
    return flows


def _running(rows: NDArray[np.int64], amounts: Floats, days: int) -> Floats:
    """The sum of the amounts up to and with every day."""
    return np.cumsum(np.bincount(rows, weights=amounts, minlength=days)).astype(np.float64)


def _carried(close: Floats) -> Floats:
    """The last known close on every row, found by search and not by the simulation's own way; 0 before the first."""
    known = np.flatnonzero(close > 0)
    place = np.searchsorted(known, np.arange(len(close)), side="right")
    return np.concatenate([[0.0], close[known]])[place]


def _costs_agree(fills: Fills, terms: Terms) -> bool:
    amount = np.abs(fills["shares"] * fills["price"])
    owed = (amount * terms.commission_bps + amount * terms.slippage_bps) / 10_000
    return bool(np.allclose(fills["commission"] + fills["slippage"], owed, rtol=1e-9, atol=1e-6))


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

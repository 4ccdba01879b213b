"""A strategy's targets made fit for the book: checked, moved to the rows that may fill, and held to the request's limits.

It exists so that a cap, a target of volatility or a floor of cash holds for every strategy, and no strategy knows of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pc.engine.terms import Terms
from shared.errors import StrategyFailed
from shared.market import Floats, Prices
from shared.strategies import Targets

_YEAR = 252  # sessions a target of volatility is told for


def accepted(targets: Targets, shape: tuple[int, ...], first: int, lag: int = 1) -> Targets:
    """The decisions that fill from row `first` on; StrategyFailed when they do not fit this shape.

    Of those before it only the one that still stands counts: it moves to the last row whose orders fill from `first` on.
    """
    rows, weights = np.asarray(targets.rows), np.asarray(targets.weights)
    why = _refusal(rows, weights, shape)
    if why:
        fix = "rows ascend; weights are rows × symbols, each ≥ 0, a row adds up to at most 1"
        raise StrategyFailed("checking what the strategy decided", f"decide() returned {why}", fix)
    begin = int(np.searchsorted(rows, first))
    replaced = lag == 0 and first in rows[begin : begin + 1]
    begin = begin if replaced else max(0, begin - 1)
    kept = weights[begin:].reshape(-1, shape[1]).astype(np.float64)
    return replace(targets, rows=np.maximum(rows[begin:], first - lag), weights=kept)


def tempered(targets: Targets, prices: Prices, terms: Terms) -> Targets:
    """The same decisions within the limits of these terms: a cap per symbol, then less of everything where it moves too
    much, then a floor of cash. What is taken away stays cash."""
    weights = targets.weights
    if terms.position_cap is not None:
        weights = np.minimum(weights, terms.position_cap)
    if terms.volatility_target is not None:
        moves = [_volatility(prices, row, wish, terms) for row, wish in zip(targets.rows.tolist(), weights, strict=True)]
        factors = [min(1.0, terms.volatility_target / move) if move > 0 else 1.0 for move in moves]
        weights = weights * np.array(factors)[:, None]
    if terms.cash_floor:
        totals = weights.sum(axis=1, keepdims=True)
        room = 1 - terms.cash_floor
        weights = np.where(totals > room, weights * (room / np.where(totals > 0, totals, 1)), weights)
    return replace(targets, weights=weights)


def _volatility(prices: Prices, row: int, wish: Floats, terms: Terms) -> float:
    """How much these weights moved, yearly, in the sessions up to this row; 0 while fewer than those are there."""
    columns = sorted(np.flatnonzero(wish).tolist(), key=prices.symbols.__getitem__)
    marks = prices.marks[max(0, row - terms.volatility_days) : row + 1][:, columns]
    if len(marks) <= terms.volatility_days or not columns:
        return 0.0
    returns = np.nan_to_num(marks[1:] / marks[:-1] - 1)  # before its first price a symbol moves nothing
    return float((returns * wish[columns]).sum(axis=1).std(ddof=1) * np.sqrt(_YEAR))


def _refusal(rows: NDArray[Any], weights: NDArray[Any], shape: tuple[int, ...]) -> str:
    if rows.ndim != 1 or (rows.size and rows.dtype.kind not in "iu"):
        return f"rows of shape {rows.shape} and type {rows.dtype}, not a list of row numbers"
    if rows.size and (rows[0] < 0 or rows[-1] >= shape[0] or (np.diff(rows) <= 0).any()):
        return f"rows that do not ascend within 0 to {shape[0] - 1}"
    if rows.size and (weights.shape != (rows.size, shape[1]) or weights.dtype.kind not in "fiub"):
        return f"weights of shape {weights.shape} and type {weights.dtype}, not numbers of shape {(rows.size, shape[1])}"
    if rows.size and not np.isfinite(weights).all():
        return "weights that are not finite"
    if not rows.size:
        return ""
    lowest, fullest = float(weights.min()), float(weights.sum(axis=1).max())
    return f"weights from {lowest:g}, adding up to {fullest:g}" if lowest < 0 or fullest > 1 + 1e-9 else ""

"""The audit of a finished run: its books worked out once more from the fills alone, and every fill held to the market.

It exists because a number that nobody checked is a number nobody should trade on; it goes its own way, never the book's.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pc.engine.fills import REASONS, Fills, flows
from pc.engine.market import Market, carried
from pc.engine.simulate import Simulation
from pc.engine.terms import Terms
from shared.errors import ResultWrong
from shared.market import Flags, Floats, Prices

_DELISTED = REASONS.index("delisted")


def reconcile(prices: Prices, simulation: Simulation, terms: Terms) -> dict[str, Any]:
    """What was checked, by name; ResultWrong when any day's cash or equity is off by over 0.5 won, or a fill was none."""
    fills, days, market = simulation.fills, len(prices.dates), Market(prices, terms)
    cash = (terms.capital + np.cumsum(np.bincount(fills["row"], weights=flows(fills), minlength=days))).astype(np.float64)
    held, worth = _worth(prices, fills, days)
    worst = max(_gap(cash, simulation.cash), _gap(cash + worth, simulation.equity))
    enough = _tolerance(simulation.equity)
    checks: dict[str, Any] = {
        "cash_never_negative": float(simulation.cash.min()) >= -enough,
        "holdings_as_told": bool(np.allclose(held, fills["held"], rtol=1e-9, atol=1e-6) and (held >= -1e-6).all()),
        "fills_on_tradable_bars": _filled_where_possible(prices, fills, market, terms),
        "costs_as_agreed": _costs_agree(fills, market, terms),
        "reconciled": worst <= enough,
        "largest_difference_won": worst,
    }
    _refuse_if_wrong(checks)
    return checks


def _worth(prices: Prices, fills: Fills, days: int) -> tuple[Floats, Floats]:
    """What was held right after every fill, and what all holdings were worth at every close."""
    order = np.lexsort((np.arange(len(fills)), fills["symbol"]))
    symbols, rows, shares = (fills[name][order] for name in ("symbol", "row", "shares"))
    first = np.ones(len(fills), dtype=bool)
    first[1:] = symbols[1:] != symbols[:-1]
    total = np.cumsum(shares)
    starts = np.flatnonzero(first)
    before = np.concatenate([[0.0], total])[starts]
    held_in_order = total - np.repeat(before, np.diff(np.append(starts, len(fills))))
    until = np.append(np.where(first[1:], days, rows[1:]), days)[: len(fills)]
    worth: Floats = np.zeros(days)
    lengths = np.where(np.abs(held_in_order) > 1e-9 * np.abs(shares), until - rows, 0)
    cells = np.repeat(np.arange(len(fills)), lengths)
    if len(cells):
        days_of = rows[cells] + np.arange(len(cells)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        values = held_in_order[cells] * carried(prices.close, days_of, symbols[cells])
        worth = np.bincount(days_of, weights=values, minlength=days).astype(np.float64)
    held = np.empty(len(fills))
    held[order] = held_in_order
    return held, worth


def _filled_where_possible(prices: Prices, fills: Fills, market: Market, terms: Terms) -> bool:
    """At the bar's own price, on a bar that traded, and not against a limit; a listing's end at the last close."""
    rows, columns = fills["row"], fills["symbol"]
    gone = fills["reason"] == _DELISTED
    price = (prices.open if terms.execution == "next_open" else prices.close)[rows, columns]
    good: Flags = np.where(gone, rows > 0, (fills["price"] == price) & _traded(prices, rows, columns))
    loss, others = terms.delisting_loss, fills[~gone]
    return bool(good.all()) and _written_off_right(prices, fills[gone], market, loss) and _in_bounds(prices, others, market)


def _written_off_right(prices: Prices, fills: Fills, market: Market, loss: float) -> bool:
    """All of it, at the close of the last day of the listing, less the loss that was agreed."""
    last_days = np.array([market.ends(column) - 1 for column in fills["symbol"].tolist()], dtype=np.int64)
    price = carried(prices.close, last_days, fills["symbol"]) * (1 - loss)
    return bool((fills["price"] == price).all() and (fills["held"] == 0).all())


def _traded(prices: Prices, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Flags:
    """Somebody traded: nothing of the bar that is known is 0."""
    known = [getattr(prices, name)[rows, columns] for name in ("open", "high", "low", "close", "volume")]
    traded: Flags = ~(np.array(known) <= 0).any(axis=0) & (known[3] > 0)
    return traded


def _in_bounds(prices: Prices, fills: Fills, market: Market) -> bool:
    """While it was listed, bought below the upper limit of its day and sold above the lower one, where there is one."""
    rows, columns = fills["row"], fills["symbol"]
    before = carried(prices.close, np.maximum(rows - 1, 0), columns)
    with np.errstate(divide="ignore"):
        moved = np.where((rows > 0) & (before > 0), fills["price"] / before - 1, 0.0)
    limits = market.rates("limits", rows, columns)
    against = np.where(fills["shares"] > 0, moved >= limits, moved <= -limits)
    each, place = np.unique(columns, return_inverse=True)
    ends = np.array([market.ends(column) for column in each.tolist()], dtype=np.int64)[place]
    return not (against | (rows >= ends)).any()


def _costs_agree(fills: Fills, market: Market, terms: Terms) -> bool:
    amount = np.where(fills["reason"] == _DELISTED, 0.0, np.abs(fills["shares"] * fills["price"]))
    rates = np.where(fills["shares"] < 0, np.nan_to_num(market.rates("taxes", fills["row"], fills["symbol"])), 0.0)
    owed = {"commission": terms.commission_bps / 10_000, "slippage": terms.slippage_bps / 10_000, "tax": rates}
    return all(np.allclose(fills[name], amount * rate, rtol=1e-9, atol=1e-6) for name, rate in owed.items())


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

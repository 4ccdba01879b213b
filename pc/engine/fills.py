"""Fills: what the market gave, one record each, and the same in people's words.

It exists so that whoever reads what was traded, a measure, a check or a table, reads one shape.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shared.market import Floats, Prices

REASONS = ("target", "stop", "delisted")
_AMOUNTS = ("shares", "price", "commission", "slippage", "tax", "held")
FILL = np.dtype([(name, "i8") for name in ("row", "decided", "symbol", "reason")] + [(name, "f8") for name in _AMOUNTS])
Fills = NDArray[np.void]


class Trade(NamedTuple):
    """One fill as people read it; money in won, `decided` the day whose close it was decided at."""

    date: str
    symbol: str
    name: str
    side: str
    shares: float
    price: float
    amount: float
    commission: float
    slippage: float
    tax: float
    reason: str
    decided: str


def fills_of(records: list[tuple[Any, ...]]) -> Fills:
    """The records in the order they happened."""
    return np.array(records, dtype=FILL)


def flows(fills: Fills) -> Floats:
    """What each fill brought into cash."""
    into: Floats = -(fills["shares"] * fills["price"]) - fills["commission"] - fills["slippage"] - fills["tax"]
    return into


def trades_of(prices: Prices, fills: Fills) -> list[Trade]:
    """The fills in people's words: days, codes and names instead of rows and columns; amounts without their sign."""
    days, decided = (np.datetime_as_string(prices.dates[fills[name]]).tolist() for name in ("row", "decided"))
    symbols = [prices.symbols[column] for column in fills["symbol"]]
    sides = np.where(fills["shares"] > 0, "BUY", "SELL").tolist()
    shares, price = np.abs(fills["shares"]), fills["price"]
    money = (shares, price, shares * price, fills["commission"], fills["slippage"], fills["tax"])
    reasons = [REASONS[place] for place in fills["reason"]]
    names = [prices.names.get(symbol, "") for symbol in symbols]
    lines = zip(days, symbols, names, sides, *(column.tolist() for column in money), reasons, decided, strict=True)
    return [Trade(*line) for line in lines]

"""What the further pictures of a run show: prices with their fills, and what each round trip brought.

It exists so that drawing begins with numbers that are already chosen: of a thousand symbols those most traded.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pc.engine import Fills, closed_trips
from shared.market import Days, Floats, Prices

_MOST = 4


class Market(NamedTuple):
    """One symbol over the period: its closes, and the days and prices of what was bought and sold."""

    symbol: str
    name: str
    close: Floats
    bought: tuple[Days, Floats]
    sold: tuple[Days, Floats]


class Album(NamedTuple):
    """The markets with the largest traded amounts, and of every closed round trip its last day and its gain in won."""

    markets: list[Market]
    ended: Days
    gains: Floats


def album_of(prices: Prices, rows: slice, fills: Fills) -> Album:
    """Of this run, whose period are these rows."""
    amounts = np.bincount(fills["symbol"], weights=np.abs(fills["shares"] * fills["price"]), minlength=len(prices.symbols))
    largest = np.argsort(-amounts, kind="stable")[:_MOST].tolist()
    markets = [_market(prices, rows, fills, column) for column in largest if amounts[column] > 0]
    trips = closed_trips(fills)
    return Album(markets, prices.dates[trips.exit], trips.gain)


def _market(prices: Prices, rows: slice, fills: Fills, column: int) -> Market:
    symbol = prices.symbols[column]
    own = fills[fills["symbol"] == column]
    sides = [own[own["shares"] > 0], own[own["shares"] < 0]]
    bought, sold = ((prices.dates[side["row"]], side["price"].astype(np.float64)) for side in sides)
    close = np.where(prices.close[rows, column] > 0, prices.close[rows, column], np.nan)
    return Market(symbol, prices.names.get(symbol, ""), close, bought, sold)

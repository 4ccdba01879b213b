"""The market as a trader meets it: at which bar an order is filled, at what price, and what the state takes of a sale.

It exists so that halts, price limits, the end of a listing and the sales tax are each decided in one place, from dated tables.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pc.engine.terms import Terms
from shared.market import (
    RULES,
    Flags,
    Floats,
    Prices,
    is_double,
    kind_of,
    price_limit_percent,
    rates_by_row,
    sales_tax_bps,
)

_NEAR = 0.005  # a limit is rounded to a tick, which is at most half a per cent of the prices that matter
_GONE = 20  # sessions without a bar at the end of the prices after which a symbol counts as gone


class Listing(NamedTuple):
    """One symbol: the row at which it is listed no more, and of each row the limit of its moves and the tax of its sales."""

    ends: int
    limits: Floats | None
    taxes: Floats | None


class Market:
    """What these bars allow under these terms; nothing here looks past the bar it is asked for, but for the end of a listing."""

    def __init__(self, prices: Prices, terms: Terms) -> None:
        self._prices, self._days = prices, len(prices.dates)
        self.marks = np.asarray(prices.marks)
        self.mark = self.marks.item
        self._price = np.asarray(prices.open if terms.execution == "next_open" else prices.close).item
        self._able = np.asarray(prices.tradable).item
        self._taxes = sales_tax_bps(RULES) if terms.sales_tax else []
        self._limits = price_limit_percent(RULES) if terms.price_limits else []
        # What is to be known of a symbol, found out when it is first asked for.
        self.listing: Callable[[int], Listing] = functools.cache(self._found_out)
        self._by_row: dict[str, tuple[Floats | None, Floats | None]] = {}

    def price(self, bar: int, column: int, buying: bool) -> float:
        """What an order of this side is filled at in this bar; 0.0 where it is not."""
        listing = self.listing(column)
        if bar >= listing.ends or not self._able(bar, column):
            return 0.0
        price: float = self._price(bar, column)
        if listing.limits is not None and bar:
            # At the upper limit nobody sells to us, at the lower one nobody buys. On its first day there is no limit (NaN).
            moved, limit = price / self.mark(bar - 1, column) - 1, listing.limits.item(bar)
            if (moved >= limit) if buying else (moved <= -limit):
                return 0.0
        return price if price > 0 else 0.0

    def tax(self, bar: int, column: int) -> float:
        """The tax per won sold."""
        taxes = self.listing(column).taxes
        return 0.0 if taxes is None else taxes.item(bar)

    def ends(self, column: int) -> int:
        """The first row at which this symbol is listed no more; the number of rows where it is to the end."""
        return self.listing(column).ends

    def last_price(self, column: int) -> float:
        """The last close of a symbol that is listed no more."""
        price: float = self.mark(self.ends(column) - 1, column)
        return price

    def rates(self, name: str, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Floats:
        """The `taxes` or `limits` of each of these cells; NaN where that symbol has none."""
        each, place = np.unique(columns, return_inverse=True)
        tables = [getattr(self.listing(column), name) for column in each.tolist()]
        found = np.full(len(rows), np.nan)
        for table in {id(one): one for one in tables if one is not None}.values():
            here = np.array([one is table for one in tables])[place]
            found[here] = table[rows[here]]
        return found

    def _found_out(self, column: int) -> Listing:
        symbol = self._prices.symbols[column]
        kind = kind_of(self._prices, symbol)
        kind += "*2" if is_double(self._prices, symbol) else ""
        if kind not in self._by_row:
            self._by_row[kind] = self._rates_of(kind)
        return Listing(self._end_of(column), *self._by_row[kind])

    def _rates_of(self, kind: str) -> tuple[Floats | None, Floats | None]:
        market, _, double = kind.partition("*")
        limits, taxes = (
            rates_by_row(self._limits, market, self._prices.dates),
            rates_by_row(self._taxes, market, self._prices.dates),
        )
        if limits is not None:
            limits = np.where(limits > 0, limits / 100 * (2 if double else 1) - _NEAR, np.inf)
        return limits, None if taxes is None else taxes / 10_000

    @functools.cached_property
    def _lately(self) -> Flags:
        """Which symbols still had a bar at the end of the prices."""
        known: Flags = self._prices.close[-_GONE:] > 0
        return np.asarray(known.any(axis=0))

    def _end_of(self, column: int) -> int:
        told = self._prices.delisted.get(self._prices.symbols[column])
        if told is not None:
            return int(np.searchsorted(self._prices.dates, np.datetime64(told, "D"), "right"))
        if self._days <= _GONE or self._lately.item(column):
            return self._days
        known = np.flatnonzero(self._prices.close[:, column] > 0)
        return int(known[-1]) + 1 if len(known) else self._days


def carried(close: Floats, rows: Any, columns: Any) -> Floats:
    """The last known close on or before each of these cells, found one by one and not by the panel's own carrying."""
    found: Floats = np.asarray(close)[rows, columns]
    for place in np.flatnonzero(~(found > 0)).tolist():
        before = np.flatnonzero(close[: rows[place] + 1, columns[place]] > 0)
        found[place] = close[before[-1], columns[place]] if len(before) else 0.0
    return found

"""The market as a trader meets it: at which bar an order is filled, at what price, and what the state takes of a sale.

It exists so that halts, price limits, the end of a listing and the sales tax are each decided in one place, from dated tables.
"""

from __future__ import annotations

import functools
import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from pc.engine.terms import Terms
from shared.config import HOME
from shared.errors import SettingInvalid
from shared.market import Floats, Prices
from shared.settings_file import values_in

RULES = HOME / "configs" / "krx_market_rules.yaml"
EXEMPT = ("ETF", "INDEX", "FOREIGN")
_KOREAN = re.compile(r"[0-9][0-9A-Z]{5}")
_DOUBLE = re.compile(r"레버리지|2X", re.IGNORECASE)
_NEAR = 0.005  # a limit is rounded to a tick, which is at most half a per cent of the prices that matter
_GONE = 20  # sessions without a bar at the end of the prices after which a symbol counts as gone

Eras = list[tuple[date, dict[str, float]]]


class Market:
    """What these bars allow under these terms; nothing here looks past the bar it is asked for, but for the end of a listing."""

    def __init__(self, prices: Prices, terms: Terms) -> None:
        self._prices, self._terms = prices, terms
        self.marks = np.asarray(prices.marks)
        self._price = np.asarray(prices.open if terms.execution == "next_open" else prices.close)
        self._able = np.asarray(prices.tradable)
        self._taxes = _by_row(sales_tax_bps(RULES), prices) if terms.sales_tax else []
        self._limits = _by_row(price_limit_percent(RULES), prices) if terms.price_limits else []
        self._gone: dict[int, int] = {}

    def price(self, bar: int, column: int, buying: bool) -> float:
        """What an order of this side is filled at in this bar; 0.0 where it is not."""
        if not self._able.item(bar, column) or bar >= self.ends(column):
            return 0.0
        price: float = self._price.item(bar, column)
        if not price > 0 or (self._limits and self._stuck(bar, column, price, buying)):
            return 0.0
        return price

    def tax(self, bar: int, column: int) -> float:
        """The tax per won sold."""
        kind = self.kind(column) if self._taxes else "ETF"
        return 0.0 if kind in EXEMPT else _at(self._taxes, bar).get(kind, 0.0) / 10_000

    def ends(self, column: int) -> int:
        """The first row at which this symbol is listed no more; the number of rows where it is to the end."""
        if column not in self._gone:
            self._gone[column] = self._end_of(column)
        return self._gone[column]

    def last_price(self, column: int) -> float:
        """The last close of a symbol that is listed no more."""
        price: float = self.marks.item(self.ends(column) - 1, column)
        return price

    def kind(self, column: int) -> str:
        """Which market's rules are this symbol's; a Korean code nobody said more of is taken for a KOSPI share."""
        return kind_of(self._prices, self._prices.symbols[column])

    def _stuck(self, bar: int, column: int, price: float, buying: bool) -> bool:
        """At the upper limit nobody sells to us, at the lower one nobody buys."""
        limit = _at(self._limits, bar).get(self.kind(column), 0.0) / 100
        if not limit or not bar:
            return False
        moved = price / self.marks.item(bar - 1, column) - 1  # NaN on the first day of a listing: then there is no limit
        limit *= 2 if _DOUBLE.search(self._prices.names.get(self._prices.symbols[column], "")) else 1
        return moved >= limit - _NEAR if buying else moved <= _NEAR - limit

    def _end_of(self, column: int) -> int:
        rows, told = len(self._prices.dates), self._prices.delisted.get(self._prices.symbols[column])
        if told is not None:
            return int(np.searchsorted(self._prices.dates, np.datetime64(told, "D"), "right"))
        known = np.flatnonzero(self._prices.close[-_GONE:, column] > 0)
        if len(known) or rows <= _GONE:
            return rows
        known = np.flatnonzero(self._prices.close[:, column] > 0)
        return int(known[-1]) + 1 if len(known) else rows


def kind_of(prices: Prices, symbol: str) -> str:
    """What somebody said this symbol is, else what its name looks like."""
    return prices.kinds.get(symbol) or ("KOSPI" if _KOREAN.fullmatch(symbol) else "FOREIGN")


@functools.cache
def sales_tax_bps(file: Path) -> Eras:
    """From which day on which market's sales pay how many basis points."""
    return _table(file, "sales_tax_bps")


@functools.cache
def price_limit_percent(file: Path) -> Eras:
    """From which day on which market's prices may move by how many per cent."""
    return _table(file, "price_limit_percent")


def _table(file: Path, name: str) -> Eras:
    doing, fix = "reading the rules of the market in", "take the file again from the repository"
    try:
        lines = values_in(file, doing).get(name)
    except OSError as error:
        raise SettingInvalid(f"{doing} {file}", str(error), fix) from error
    try:
        eras = [_era(dict(line)) for line in lines]  # type: ignore[attr-defined]
    except (TypeError, ValueError, KeyError) as error:
        raise SettingInvalid(f"{doing} {file}", f"{name} is no list of days and rates ({error})", fix) from error
    if not eras or any(one[0] >= other[0] for one, other in pairwise(eras)):
        raise SettingInvalid(f"{doing} {file}", f"the days of {name} do not ascend", fix)
    return eras


def _era(line: dict[str, Any]) -> tuple[date, dict[str, float]]:
    begins = line.pop("from")
    if type(begins) is not date:
        raise ValueError(f"{begins!r} is no day")
    return begins, {market: float(rate) for market, rate in line.items()}


def _by_row(eras: Eras, prices: Prices) -> list[tuple[int, dict[str, float]]]:
    return [(int(np.searchsorted(prices.dates, np.datetime64(begins, "D"))), rates) for begins, rates in eras]


def _at(eras: list[tuple[int, dict[str, float]]], row: int) -> dict[str, float]:
    """The rates in force on this row; none before the first."""
    for begins, rates in reversed(eras):
        if row >= begins:
            return rates
    return {}


def carried(close: Floats, rows: Any, columns: Any) -> Floats:
    """The last known close on or before each of these cells, found one by one and not by the panel's own carrying."""
    found: Floats = np.asarray(close)[rows, columns]
    for place in np.flatnonzero(~(found > 0)).tolist():
        before = np.flatnonzero(close[: rows[place] + 1, columns[place]] > 0)
        found[place] = close[before[-1], columns[place]] if len(before) else 0.0
    return found

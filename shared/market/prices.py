"""Prices: the panel of daily bars every run reads.

It exists so that whoever decides, fills or measures sees the same bars, and only those known by then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property, partial
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shared.errors import DataMissing, nearest
from shared.market.months import Hashes, cut_short, hashes_by_month, of_symbol
from shared.market.read_only import read_only

FIELDS = ("open", "high", "low", "close", "volume")
NUMBERS = (*FIELDS, "value")
READY = ("tradable", "marks", "by_month")  # follow from the bars
_PAGE = "docs/how-to/bring-real-prices.md"

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]
_NOT_SAID: Floats = np.empty((0, 0))


class _Part(NamedTuple):
    """Which rows and columns of another panel a panel is; no columns: all of them, in their order."""

    of: Prices
    stop: int
    columns: NDArray[np.int64] | None


class _Ends(NamedTuple):
    """Of each column: the first and the last row with a close (-1: none), and how many have one."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    rows: NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class Prices:
    """One row per session, one column per symbol; what is not known is NaN; nobody may write into it."""

    dates: Days
    symbols: tuple[str, ...]
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    synthetic: bool
    provider: str
    fingerprint: str = ""
    names: dict[str, str] = field(default_factory=dict)
    value: Floats = field(default_factory=lambda: _NOT_SAID)  # traded won
    kinds: dict[str, str] = field(default_factory=dict)
    delisted: dict[str, date] = field(default_factory=dict)  # the last trading day, where somebody said so
    adjusted: bool | None = None  # whether corporate actions are in the prices; None: nobody said
    members: Flags | None = None  # who belongs to the universe on which day; None: everybody, always
    notes: dict[str, str] = field(default_factory=dict)  # what is odd about a symbol, or, under "", about all of it
    findings: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # what was found in its bars: docs/quality.md
    unavailable: dict[str, str] = field(default_factory=dict)  # what was asked for, and why nobody had it
    providers: dict[str, str] = field(default_factory=dict)  # of each symbol whose prices are another provider's than `provider`

    _part: ClassVar[_Part | None] = None  # of a part its own, which hides this one

    def __post_init__(self) -> None:
        shape = (len(self.dates), len(self.symbols))
        if self.value is _NOT_SAID:
            vars(self)["value"] = np.broadcast_to(np.nan, shape)
        for name, array in _bars(self).items():
            if array.shape != shape:
                raise ValueError(f"{name} is {array.shape}, not {shape}")
            vars(self)[name] = read_only(array)
        if not (self.dates[1:] > self.dates[:-1]).all():
            raise ValueError("the days do not ascend")
        vars(self)["dates"] = read_only(self.dates)

    @cached_property
    def tradable(self) -> Flags:
        """Which bars can fill an order."""
        return self._following("tradable", _tradable)

    @cached_property
    def marks(self) -> Floats:
        """The last known close on or before each row."""
        return self._following("marks", lambda prices: last_known(prices.close))

    @cached_property
    def by_month(self) -> Hashes:
        """A hash per month and column, see `months`."""
        return self._following("by_month", lambda prices: hashes_by_month(prices.dates, _bars(prices)))

    def rows(self, start: date | None, end: date | None) -> slice:
        """The rows from `start` to `end`, both included; an open side reaches to the panel's edge."""
        first = 0 if start is None else int(np.searchsorted(self.dates, np.datetime64(start, "D"), "left"))
        stop = len(self.dates) if end is None else int(np.searchsorted(self.dates, np.datetime64(end, "D"), "right"))
        return slice(first, max(first, stop))

    def until(self, stop: int) -> Prices:
        """The panel as it was known when row `stop` had not happened yet."""
        return self if stop >= len(self.dates) else self._part_of(stop, None, {})

    def pick(self, symbols: list[str]) -> Prices:
        """Only these columns, in this order; the fingerprint stays that of the whole panel."""
        columns = np.array([self.column(symbol) for symbol in symbols], dtype=np.int64)
        all_of_it = np.array_equal(columns, np.arange(len(self.symbols)))
        facts = {name: _only(getattr(self, name), symbols) for name in ("names", "kinds", "delisted", "providers")}
        facts |= {name: _only(getattr(self, name), ["", *symbols]) for name in ("notes", "findings")}
        return self._part_of(len(self.dates), None if all_of_it else columns, {"symbols": tuple(symbols), **facts})

    def telling(self, **facts: Any) -> Prices:
        """The same numbers, and other facts about them: `names`, `members`, `synthetic` and so on."""
        if not facts.keys() <= _FACTS:
            raise TypeError(f"no facts about prices: {sorted(facts.keys() - _FACTS)}")
        return self._part_of(len(self.dates), None, facts)

    def with_ready(self, arrays: dict[str, NDArray[Any]]) -> Prices:
        """The same panel with what follows from its bars (some of READY) worked out before."""
        ready = self.telling()
        for name, array in arrays.items():
            if array.shape[1] != len(self.symbols) or (name != "by_month" and len(array) != len(self.dates)):
                raise ValueError(f"{name} is {array.shape}, the bars are {(len(self.dates), len(self.symbols))}")
            vars(ready)[name] = array
        return ready

    def column(self, symbol: str) -> int:
        """Where this symbol is; DataMissing when it is not."""
        if symbol not in self._places:
            why = f"{self.provider} prices have no such symbol"
            raise DataMissing(f"reading the prices of {symbol!r}", why, nearest(symbol, self.symbols))
        return self._places[symbol]

    def growth(self, symbol: str, rows: slice) -> Floats:
        """What 1 became, from the first of these rows on."""
        closes = last_known(self.close[: rows.stop, [self.column(symbol)]])[rows.start :, 0]
        growth: Floats = closes / closes[0]
        if not np.isfinite(growth).all():
            raise DataMissing(f"reading the prices of {symbol!r}", "a close is infinite", f"write the prices again ({_PAGE})")
        return growth

    def lacks(self, symbol: str, rows: slice) -> str:
        """Why this symbol cannot be used in these rows, or nothing."""
        if symbol not in self._places:
            return "no such symbol in these prices"
        return "" if self._is_known_in(rows, self._places[symbol]) else "no price in the period"

    def starts_late(self, symbol: str, rows: slice) -> str:
        """Why this symbol cannot be compared from the first of these rows on, or nothing."""
        known = 0 <= self._ends.first[self.column(symbol)] <= rows.start
        return "" if known else f"first price {self.span(symbol)['first']}, after the start of the period"

    def span(self, symbol: str) -> dict[str, Any]:
        """The first and the last day with a price, and how many there are."""
        first, last, count = (int(one[self.column(symbol)]) for one in self._ends)
        if not count:
            return {"first": None, "last": None, "rows": 0}
        return {"first": str(self.dates[first]), "last": str(self.dates[last]), "rows": count}

    def months(self, symbol: str) -> dict[str, str]:
        """`from`, its first month, and `hashes`, 8 hex digits for it and each month after it, joined."""
        return of_symbol(self.dates, self.by_month[:, self.column(symbol)])

    @cached_property
    def _places(self) -> dict[str, int]:
        return {symbol: place for place, symbol in enumerate(self.symbols)}

    @cached_property
    def _ends(self) -> _Ends:
        known = self.close > 0
        first, last = known.argmax(axis=0), len(known) - 1 - known[::-1].argmax(axis=0)
        count = known.sum(axis=0)
        return _Ends(np.where(count, first, -1), np.where(count, last, -1), count)

    def _is_known_in(self, rows: slice, column: int) -> bool:
        first, last = int(self._ends.first[column]), int(self._ends.last[column])
        if last < rows.start or first >= rows.stop:
            return False
        return rows.start <= first or last < rows.stop or bool((self.close[rows, column] > 0).any())

    def _part_of(self, stop: int, columns: NDArray[np.int64] | None, facts: dict[str, Any]) -> Prices:
        """A panel of these rows and columns whose numbers stay where they are until somebody reads them."""
        part = object.__new__(Prices)
        members = self.members if self.members is None or columns is None else self.members[:, columns]
        told = {name: vars(self)[name] for name in _FACTS}
        told |= {"dates": self.dates[:stop], "members": None if members is None else members[:stop]}
        vars(part).update(told | facts | {"_part": _Part(self, stop, columns)})
        return part

    def _keeps(self, name: str) -> bool:
        """Whether this array lies ready, here or in the panel this one is a part of."""
        return name in vars(self) or (self._part is not None and self._part.of._keeps(name))

    def _following(self, name: str, worked_out: Callable[[Prices], NDArray[Any]]) -> NDArray[Any]:
        """That one of READY, as it is in the whole where it lies ready there."""
        is_ready = self._part is not None and self._part.of._keeps(name)
        return self._gathered(name) if is_ready else read_only(worked_out(self))

    def _gathered(self, name: str) -> NDArray[Any]:
        """The rows and columns of a part, of the array of that name."""
        assert self._part is not None
        whole, stop, columns = self._part
        found: NDArray[Any] = getattr(whole, name)
        if stop < len(whole.dates):
            found = cut_short(found, whole.dates, _bars(whole), stop) if name == "by_month" else found[:stop]
        return read_only(found if columns is None else found.take(columns, axis=1))


# A part is made without its numbers: each is found here when it is first read, and lies in the part from then on.
for _name in NUMBERS:
    _number = cached_property(partial(Prices._gathered, name=_name))
    _number.__set_name__(Prices, _name)
    setattr(Prices, _name, _number)
_FACTS = {one.name for one in fields(Prices)} - {*NUMBERS}


def last_known(close: Floats) -> Floats:
    """Each close, or the last one before it where there is none; NaN before the first."""
    known = close > 0
    if known.all():
        return close
    rows = np.where(known, np.arange(len(close))[:, None], 0)
    np.maximum.accumulate(rows, axis=0, out=rows)
    filled = np.take_along_axis(close, rows, axis=0)
    return np.where(known.cumsum(axis=0) > 0, filled, np.nan)


def _bars(prices: Prices) -> dict[str, Floats]:
    return {name: getattr(prices, name) for name in NUMBERS}


def _tradable(prices: Prices) -> Flags:
    """A carried close with 0 for the rest of its bar is a day without trade; what is only not known may have been one."""
    able = prices.close > 0
    for known in (prices.open, prices.high, prices.low, prices.volume):
        able &= ~(known <= 0)
    return able


def _only(facts: dict[str, Any], symbols: list[str]) -> dict[str, Any]:
    return {symbol: facts[symbol] for symbol in symbols if symbol in facts}

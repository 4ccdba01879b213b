"""Prices: the panel of daily bars every run reads.

It exists so that whoever decides, fills or measures sees the same bars, and only those known by then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shared.errors import DataMissing, nearest
from shared.market.months import Hashes, cut_short, hashes_by_month, of_symbol

FIELDS = ("open", "high", "low", "close", "volume")
NUMBERS = (*FIELDS, "value")
_DERIVED = ("tradable", "marks", "by_month")
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
    """One row per session, one column per symbol; what is not known is NaN; nobody may write into it.

    Further fields, each worked out or gathered when it is first read: `tradable` (this bar can fill an order), `marks`
    (the last known close on or before that row) and `by_month` (a hash per month and column, see `months`).
    """

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

    tradable: Flags = field(init=False)
    marks: Floats = field(init=False)
    by_month: Hashes = field(init=False)

    def __post_init__(self) -> None:
        shape = (len(self.dates), len(self.symbols))
        if self.value is _NOT_SAID:
            del self.__dict__["value"]
        for name in [name for name in NUMBERS if name in self.__dict__]:
            array = getattr(self, name)
            if array.shape != shape:
                raise ValueError(f"{name} is {array.shape}, not {shape}")
            array.flags.writeable = False
        if not (self.dates[1:] > self.dates[:-1]).all():
            raise ValueError("the days do not ascend")
        self.dates.flags.writeable = False

    if not TYPE_CHECKING:  # a checker shall know the fields above and no others

        def __getattr__(self, name: str) -> Any:
            """A field nobody has read so far: gathered or worked out now, once."""
            if name not in NUMBERS and name not in _DERIVED:
                raise AttributeError(f"prices have no {name!r}")
            part = self.__dict__.get("_part")
            array = _gathered(part, name) if part and (name in NUMBERS or part.of.keeps(name)) else _worked_out(self, name)
            array.flags.writeable = False
            self.__dict__[name] = array
            return array

    def keeps(self, name: str) -> bool:
        """Whether this field lies ready, here or in the panel this one is a part of."""
        part = self.__dict__.get("_part")
        return name in self.__dict__ or bool(part and part.of.keeps(name))

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
        facts = {name: _only(getattr(self, name), symbols) for name in ("names", "kinds", "delisted")}
        facts["notes"] = _only(self.notes, ["", *symbols])
        return self._part_of(len(self.dates), None if all_of_it else columns, {"symbols": tuple(symbols), **facts})

    def telling(self, **facts: Any) -> Prices:
        """The same numbers, and other facts about them: `names`, `members`, `synthetic` and so on."""
        if not facts.keys() <= _FACTS:
            raise TypeError(f"no facts about prices: {sorted(facts.keys() - _FACTS)}")
        return self._part_of(len(self.dates), None, facts)

    def with_ready(self, arrays: dict[str, NDArray[Any]]) -> Prices:
        """The same panel with what follows from its bars (`tradable`, `marks`, `by_month`) worked out before."""
        ready = self.telling()
        for name, array in arrays.items():
            if array.shape[1] != len(self.symbols) or (name != "by_month" and len(array) != len(self.dates)):
                raise ValueError(f"{name} is {array.shape}, the bars are {(len(self.dates), len(self.symbols))}")
            ready.__dict__[name] = array
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

    def falls_short(self, start: date | None, end: date | None) -> list[str]:
        """What of the asked period is missing: a week at either edge may be holidays, more is not."""
        first, last, week = self.dates[0], self.dates[-1], np.timedelta64(7, "D")
        early = start is not None and np.datetime64(start, "D") + week < first
        late = end is not None and last + week < np.datetime64(end, "D")
        said = [f"prices begin only on {first}, asked from {start}"] if early else []
        return [*said, *([f"prices end already on {last}, asked until {end}"] if late else [])]

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
        told = {name: self.__dict__[name] for name in _FACTS}
        told |= {"dates": self.dates[:stop], "members": None if members is None else members[:stop]}
        part.__dict__.update(told | facts | {"_part": _Part(self, stop, columns)})
        return part


_FACTS = Prices.__dataclass_fields__.keys() - {*NUMBERS, *_DERIVED}


def last_known(close: Floats) -> Floats:
    """Each close, or the last one before it where there is none; NaN before the first."""
    known = close > 0
    if known.all():
        return close
    rows = np.where(known, np.arange(len(close))[:, None], 0)
    np.maximum.accumulate(rows, axis=0, out=rows)
    filled = np.take_along_axis(close, rows, axis=0)
    return np.where(known.cumsum(axis=0) > 0, filled, np.nan)


def _gathered(part: _Part, name: str) -> NDArray[Any]:
    whole: NDArray[Any] = getattr(part.of, name)
    if name == "by_month":
        bars = {each: getattr(part.of, each) for each in NUMBERS}
        cut = cut_short(whole, part.of.dates, bars, part.stop)
    else:
        cut = whole[: part.stop]
    return cut if part.columns is None else cut.take(part.columns, axis=1)


def _worked_out(prices: Prices, name: str) -> NDArray[Any]:
    if name == "value":
        return np.full((len(prices.dates), len(prices.symbols)), np.nan)
    if name == "marks":
        return last_known(prices.close)
    if name == "by_month":
        return hashes_by_month(prices.dates, {each: getattr(prices, each) for each in NUMBERS})
    # A carried close with 0 for the rest of its bar is a day without trade; what is only not known may have been one.
    able = prices.close > 0
    for known in (prices.open, prices.high, prices.low, prices.volume):
        able &= ~(known <= 0)
    return able


def _only(facts: dict[str, Any], symbols: list[str]) -> dict[str, Any]:
    return {symbol: facts[symbol] for symbol in symbols if symbol in facts}

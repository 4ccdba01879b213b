"""What is odd about prices: refused, or made harmless and told.

It exists so that a wrong number in a file becomes a sentence in the result, and never a trade.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.errors import DataUnusable
from shared.krx_calendar import shipped_calendar
from shared.market.codes import is_code
from shared.market.joining import Joined
from shared.market.prices import NUMBERS, Days, Flags, Floats, last_known

LIMIT = 0.3  # of a day, on the Korean exchange; a move beyond it is a split nobody adjusted, or a slip
_NAMED = 3


def refuse_impossible(found: Joined, today: date) -> None:
    """DataUnusable where a number is infinite, or the days are yet to come."""
    for name in NUMBERS:
        wrong = np.argwhere(np.isinf(found.numbers[name]))
        if len(wrong):
            row, column = wrong[0]
            why = f"{name} of {found.symbols[column]} on {found.dates[row]} is infinite"
            raise DataUnusable("checking the dropped prices", why, "leave that cell empty; what is not known is no number")
    last = found.dates[-1]
    if last > np.datetime64(today + timedelta(days=1)):
        rows = np.flatnonzero(found.there[-1])
        why = f"{found.symbols[rows[0]]} has a row on {last}; today is {today}"
        raise DataUnusable("checking the dropped prices", why, "look at the days in the file, and at this machine's clock")


def made_harmless(found: Joined) -> tuple[dict[str, Floats], dict[str, str]]:
    """The numbers, 0 (no trade) in the bars that cannot be, and what was odd: by symbol, under "" of all of them."""
    numbers, said = found.numbers, _Said(found)
    for name in NUMBERS:
        below = numbers[name] < 0
        said.add(below, f"{name} below 0")
        numbers[name][below] = 0.0
    upside_down = numbers["high"] < numbers["low"]
    said.add(upside_down, "high below low")
    for name in ("high", "low"):
        numbers[name][upside_down] = 0.0
    said.add(_outside(numbers), "open or close outside low to high")
    said.add(_jumps(numbers["close"], found.symbols), f"close moved more than {LIMIT:.0%}")
    return numbers, said.by_symbol() | _of_all(found)


def bars_after_the_end(found: Joined, delisted: dict[str, date]) -> dict[str, str]:
    """By symbol that it has bars after the day it is said to have ended on: the day, or the symbol, is another one's."""
    said = _Said(found)
    ends = np.array([np.datetime64(delisted.get(symbol, date.max), "D") for symbol in found.symbols])
    after = (found.numbers["close"] > 0) & (found.dates[:, None] > ends)
    said.add(after, "said to be delisted, and has bars")
    return said.by_symbol()


def _of_all(found: Joined) -> dict[str, str]:
    told = [f"{found.twice} row(s) came twice, alike"] if found.twice else []
    told += [f"{found.foreign_days} day(s) without a row of the Korean exchange left out"] if found.foreign_days else []
    if any(is_code(symbol) for symbol in found.symbols):
        told += _against_the_calendar(found.dates)
    return {"": "; ".join(told)} if told else {}


def _against_the_calendar(dates: Days) -> list[str]:
    """Days the calendar does not reach count as sessions when they are weekdays."""
    closed = np.array(sorted(shipped_calendar().closures), dtype="datetime64[D]")
    odd = dates[~np.is_busday(dates, holidays=closed)]
    between = np.arange(dates[0], dates[-1])
    lacking = np.setdiff1d(between[np.is_busday(between, holidays=closed)], dates)
    told = [f"rows on {len(odd)} day(s) without a session ({_named(odd)})"] if len(odd) else []
    return told + ([f"no row at all on {len(lacking)} session(s) ({_named(lacking)})"] if len(lacking) else [])


def _named(days: Days) -> str:
    more = f" and {len(days) - _NAMED} more day(s)" if len(days) > _NAMED else ""
    return ", ".join(map(str, days[:_NAMED])) + more


def _outside(numbers: dict[str, Floats]) -> Flags:
    """Of bars that were traded; rounding apart: an adjusted price is a product."""
    low, high = numbers["low"] * (1 - 1e-6), numbers["high"] * (1 + 1e-6)
    odd = np.zeros(low.shape, dtype=bool)
    for price in (numbers["open"], numbers["close"]):
        odd |= (price < low) | (price > high)
    return odd & (numbers["low"] > 0)


def _jumps(close: Floats, symbols: tuple[str, ...]) -> Flags:
    before = last_known(close)
    jumps = np.zeros(close.shape, dtype=bool)
    with np.errstate(invalid="ignore", divide="ignore"):
        jumps[1:] = np.abs(close[1:] / before[:-1] - 1) > LIMIT + 1e-9
    jumps &= np.array([is_code(symbol) for symbol in symbols])
    return jumps


class _Said:
    """What was found odd so far, a list for each symbol."""

    def __init__(self, found: Joined) -> None:
        self._found, self._lists = found, defaultdict[str, list[str]](list)

    def add(self, odd: NDArray[Any], what: str) -> None:
        """On these bars."""
        for column in np.flatnonzero(odd.any(axis=0)):
            days = self._found.dates[odd[:, column]]
            self._lists[self._found.symbols[column]].append(f"{what} on {_named(days)}")

    def by_symbol(self) -> dict[str, str]:
        """In the order of the symbols."""
        return {symbol: "; ".join(self._lists[symbol]) for symbol in sorted(self._lists)}

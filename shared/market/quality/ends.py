"""How each symbol's bars begin and end: stale, halted, delisted, too few of them, or too many that cannot be.

It exists so that a symbol that is not what it was is told apart from one that merely moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from shared.krx_calendar import Calendar
from shared.market.prices import Flags, Prices
from shared.market.quality.finding import Finding, finding
from shared.market.quality.looks import korean, sessions_without_a_row

GONE = 20  # sessions without a bar, after which a run counts a symbol as delisted
HALTED = 5  # sessions without trade
FEWEST, ENOUGH = 20, 60  # bars of a symbol, in a panel of so many days or more
_ABROAD = 5  # sessions by which a foreign symbol may be behind: other holidays, another night
_FEW, _MANY = 3, 0.05  # bars that cannot be: so many, and such a part of all


def stale_as_a_whole(prices: Prices, expected: date, calendar: Calendar) -> Iterator[Finding]:
    """Where the panel itself ends before the day it should reach."""
    last = prices.dates[-1]
    missing = sessions_without_a_row(np.array([last, np.datetime64(expected + timedelta(days=1), "D")]), calendar)
    if last < np.datetime64(expected, "D") and len(missing):
        yield finding("Q-STALE", "", missing, f"prices end on {last}, {len(missing)} session(s) before {expected}")


def endings(prices: Prices) -> Iterator[Finding]:
    """Of each symbol whose last bar is not one that was traded on the panel's last day."""
    known = prices.close > 0
    last = len(known) - 1 - known[::-1].argmax(axis=0)
    idle = _idle(known, prices.tradable)
    listed_here = korean(prices.symbols)
    for place in np.flatnonzero(known.any(axis=0)).tolist():
        silent = len(known) - 1 - int(last[place])
        if silent:
            yield from _silent(prices, place, int(last[place]), (0 if listed_here[place] else _ABROAD))
        elif idle[place] >= HALTED and listed_here[place]:
            days, symbol = prices.dates[len(known) - int(idle[place]) :], prices.symbols[place]
            yield finding("Q-HALTED", symbol, days, f"no trade since {days[0]}: nothing is filled")


def left_out(prices: Prices, odd: Flags) -> Iterator[Finding]:
    """Symbols nobody should read: of too few bars, and with too many odd ones among them."""
    known, impossible = (prices.close > 0).sum(axis=0), odd.sum(axis=0)
    for place, symbol in enumerate(prices.symbols):
        bars, wrong = int(known[place]), int(impossible[place])
        if wrong >= _FEW and wrong > bars * _MANY:
            days = prices.dates[odd[:, place]]
            yield finding("Q-ABNORMAL", symbol, days, f"{wrong} of {bars} bars cannot be: left out")
        elif bars < FEWEST and len(prices.dates) >= ENOUGH:
            days = prices.dates[prices.close[:, place] > 0]
            yield finding("Q-SHORT", symbol, days, f"only {bars} bar(s), and {FEWEST} are needed: left out")


def _idle(known: Flags, tradable: Flags) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Of each column, how many bars at its end had a close and no trade."""
    still = (known & ~tradable)[::-1]
    lengths: np.ndarray[tuple[int], np.dtype[np.int64]] = np.where(still.all(axis=0), len(still), (~still).argmax(axis=0))
    return lengths


def _silent(prices: Prices, place: int, last: int, patience: int) -> Iterator[Finding]:
    """Its last bar is before the panel's."""
    symbol, day, missing = prices.symbols[place], prices.dates[last], prices.dates[last + 1 :]
    said = prices.delisted.get(symbol)
    if said is not None and np.datetime64(said, "D") <= prices.dates[-1]:
        yield finding("Q-DELISTED", symbol, missing, f"delisted on {said}")
    elif len(missing) >= GONE:
        yield finding("Q-DELISTED", symbol, missing, f"no bar since {day}: it counts as delisted")
    elif len(missing) > patience:
        yield finding("Q-STALE", symbol, missing, f"last bar on {day}, {len(missing)} session(s) before the end of these prices")

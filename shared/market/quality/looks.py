"""What can be odd about bars, each as one question to the arrays: which bars are it.

It exists so that every rule is a few lines that can be read, and broken, by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shared.codes import is_code
from shared.krx_calendar import Calendar
from shared.market.prices import Days, Flags, Floats, Prices, last_known
from shared.market.rules import RULES, is_double, kind_of, price_limit_percent, rates_by_row

_ABROAD = 0.5
_WON = 1.2  # what rounding to a won may add to a move, of an adjusted price


def korean(symbols: Sequence[str]) -> Flags:
    """Which of them the Korean exchange lists: an index and a foreign symbol know neither its limits nor its days."""
    return np.array([is_code(symbol) for symbol in symbols], dtype=np.bool_)


def zeros(prices: Prices) -> Flags:
    """Bars with some price, and a zero where another one belongs, on a day with trade."""
    none = np.zeros(prices.close.shape, dtype=bool)
    some = prices.close > 0
    for name in ("open", "high", "low"):
        none |= getattr(prices, name) == 0
        some |= getattr(prices, name) > 0
    none &= prices.volume > 0
    odd: Flags = (none | (prices.close == 0)) & some
    return odd


def outside(numbers: dict[str, Floats]) -> Flags:
    """Of bars that were traded; rounding apart: an adjusted price is a product."""
    low, high = numbers["low"] * (1 - 1e-6), numbers["high"] * (1 + 1e-6)
    odd = np.zeros(low.shape, dtype=bool)
    for price in (numbers["open"], numbers["close"]):
        odd |= ((price < low) & (price > 0)) | (price > high)
    return odd & (numbers["low"] > 0)


def limits(prices: Prices) -> Floats:
    """How far each close may lie from the one before, as a part of it; infinite where there is no limit. No index moves
    farther than its shares may; of what is foreign nobody says how far, but half of it is a split or a slip mostly."""
    table, eras = np.full(prices.close.shape, _ABROAD), price_limit_percent(RULES)
    for place in np.flatnonzero(korean(prices.symbols) | _are_indexes(prices)):
        symbol = prices.symbols[place]
        kind = "KOSPI" if prices.kinds.get(symbol) == "INDEX" else kind_of(prices, symbol)
        rates = rates_by_row(eras, kind, prices.dates)
        table[:, place] = np.inf
        if rates is not None:
            times = 2 if is_double(prices, symbol) else 1
            table[:, place] = np.where(rates > 0, rates / 100 * times, np.inf)
    return table


def _are_indexes(prices: Prices) -> Flags:
    return np.array([prices.kinds.get(symbol) == "INDEX" for symbol in prices.symbols], dtype=np.bool_)


def jumps(prices: Prices, close: Floats, limit: Floats) -> Flags:
    """Closes beyond the limit of their day, from the last one known."""
    odd = np.zeros(close.shape, dtype=bool)
    before = last_known(close)[:-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        near = _WON / before if prices.adjusted else 0.0
        odd[1:] = (np.abs(close[1:] / before - 1) > limit[1:] + 1e-9 + near) & (close[1:] > 0)
    return odd


def moves_without_volume(prices: Prices) -> Flags:
    """Closes that moved on a day on which nothing was traded."""
    odd = np.zeros(prices.close.shape, dtype=bool)
    before = last_known(prices.close)[:-1]
    odd[1:] = (prices.volume[1:] == 0) & (prices.close[1:] > 0) & (before > 0) & (prices.close[1:] != before)
    return odd & korean(prices.symbols)


def gaps(prices: Prices, on_session: Flags) -> Flags:
    """Sessions without any bar, between a symbol's first and its last one; `on_session`: which days are sessions."""
    there = ~np.isnan(prices.close)
    listed = np.logical_or.accumulate(there) & np.logical_or.accumulate(there[::-1])[::-1]
    return listed & ~there & on_session[:, None] & korean(prices.symbols)


def not_sessions(dates: Days, calendar: Calendar) -> Flags:
    """Days on which the exchange was closed; beyond what the calendar knows, Saturdays and Sundays."""
    return ~np.is_busday(dates, holidays=_closed(calendar))


def sessions_without_a_row(dates: Days, calendar: Calendar) -> Days:
    """Sessions from the first to the last of these days that are none of them."""
    between = np.arange(dates[0], dates[-1])
    return np.setdiff1d(between[np.is_busday(between, holidays=_closed(calendar))], dates)


def _closed(calendar: Calendar) -> Days:
    return np.array(sorted(calendar.closures), dtype="datetime64[D]")

"""The returns of each calendar month and year, and which of them the period holds only a part of.

It exists so that three weeks of trading are never read as a whole month or a bad year.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

from pc.engine.measures.undefined import WIPED_OUT
from shared.krx_calendar import DayUnknown, shipped_calendar
from shared.market import Days, Floats


def by_month(growth: Floats, days: Days, around: Days) -> list[dict[str, Any]]:
    """One row a month; `around` are the trading days just before and just after these."""
    return _table(growth, days, around, "M")


def by_year(growth: Floats, days: Days, around: Days) -> list[dict[str, Any]]:
    """One row a year."""
    return _table(growth, days, around, "Y")


def days_around(days: Days) -> Days:
    """The Korean trading days just before and after; the weekdays where the calendar does not reach."""
    calendar, first, last = shipped_calendar(), days[0].item(), days[-1].item()
    return np.array([_or_weekday(calendar.previous_trading_day, first, -1), _or_weekday(calendar.next_trading_day, last, 1)])


def _or_weekday(asked: Callable[[date], date], day: date, step: int) -> np.datetime64:
    try:
        return np.datetime64(asked(day), "D")
    except DayUnknown:
        return np.busday_offset(np.datetime64(day, "D"), step, roll="forward" if step < 0 else "backward")


def _table(growth: Floats, days: Days, around: Days, unit: str) -> list[dict[str, Any]]:
    within = days.astype(f"datetime64[{unit}]")
    last = np.append(np.flatnonzero(within[1:] != within[:-1]), len(days) - 1)
    level, partial = growth[last], np.zeros(len(last), dtype=bool)
    # Where a trading day of the same month lies just outside, the period holds only a part of it; it may be the only one.
    begun, goes_on = around.astype(f"datetime64[{unit}]") == within[[0, -1]]
    partial[0] |= begun
    partial[-1] |= goes_on
    before = np.concatenate([[1.0], level[:-1]])
    returns = np.divide(level, before, out=np.ones(len(last)), where=before > 0) - 1
    columns = (np.datetime_as_string(within[last]).tolist(), returns.tolist(), before.tolist(), partial.tolist())
    name = {"M": "month", "Y": "year"}[unit]
    rows = zip(*columns, strict=True)
    return [{name: when, "return": got if then > 0 else WIPED_OUT, "partial": part} for when, got, then, part in rows]

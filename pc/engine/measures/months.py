"""The returns of each calendar month and year, and which of them the period holds only a part of.

It exists so that three weeks of trading are never read as a whole month or a bad year.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pc.engine.measures.undefined import WIPED_OUT
from shared.market import Days, Floats


def by_month(growth: Floats, days: Days, around: Days) -> list[dict[str, Any]]:
    """One row a month; `around` are the trading days just before and just after these."""
    return _table(growth, days, around, "M")


def by_year(growth: Floats, days: Days, around: Days) -> list[dict[str, Any]]:
    """One row a year."""
    return _table(growth, days, around, "Y")


def weekdays_around(days: Days) -> Days:
    """The weekdays before and after: what stands for the trading days there where nobody knows them."""
    before, after = np.busday_offset(days[0], -1, roll="forward"), np.busday_offset(days[-1], 1, roll="backward")
    return np.array([before, after])


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

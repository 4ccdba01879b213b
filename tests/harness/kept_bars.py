"""Bars made up for the cache's tests, and its folder.

It exists so that a test says which days it is about, and nothing else.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from shared import clock
from shared.disk import Disk
from shared.market.bars import Bars
from shared.market.cache import Cache, open_cache
from shared.market.prices import NUMBERS

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=clock.KST)
START, END = date(2022, 3, 2), date(2026, 11, 18)


def bars_of(symbol: str, start: date = START, end: date = END, factor: float = 1.0, **facts: Any) -> Bars:
    """A bar for every weekday between these two; the same for the same day, whichever days are asked for."""
    days = np.arange(np.datetime64(start, "D"), np.datetime64(end, "D") + 1)
    days = days[np.is_busday(days)]
    rising: Any = 1000.0 + days.astype(np.int64) % 977
    numbers = {name: rising * factor + place for place, name in enumerate(NUMBERS)}
    facts = {"adjusted": True, "name": f"name of {symbol}", **facts}
    return Bars(symbol, days, numbers, **facts)


def changed(bars: Bars, day: date, **numbers: float) -> Bars:
    """The same, with other numbers on that day."""
    new = {name: array.copy() for name, array in bars.numbers.items()}
    for name, number in numbers.items():
        new[name][bars.dates == np.datetime64(day, "D")] = number
    return Bars(bars.symbol, bars.dates, new, bars.adjusted, bars.name)


def without(bars: Bars, *days: date) -> Bars:
    """The same without these days."""
    kept = ~np.isin(bars.dates, np.array(days, dtype="datetime64[D]"))
    return Bars(bars.symbol, bars.dates[kept], {name: bars.numbers[name][kept] for name in NUMBERS}, bars.adjusted, bars.name)


def same(one: Bars | None, other: Bars) -> bool:
    """Whether it is the same bars, to the last bit."""
    if one is None or (one.symbol, one.adjusted, one.name) != (other.symbol, other.adjusted, other.name):
        return False
    equal = [np.array_equal(one.numbers[name], other.numbers[name], equal_nan=True) for name in NUMBERS]
    return np.array_equal(one.dates, other.dates) and all(equal)


def cache_at(folder: Path, calls: Any = None, now: datetime = NOON) -> Cache:
    """The cache in `cache` of that data folder, at a moment that stands still."""
    disk = Disk(durable=False) if calls is None else Disk(True, calls, patience=0.0)
    return open_cache(folder / "cache", disk, lambda: now)


def parts_of(folder: Path, provider: str = "pykrx_stock") -> dict[str, float]:
    """Every part's file of a provider, with its time."""
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.glob(f"cache/{provider}/*/*")}


def a_day_later(now: datetime = NOON) -> datetime:
    """The same hour of the next day."""
    return now + timedelta(days=1)

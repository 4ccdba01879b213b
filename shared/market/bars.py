"""Bars of one symbol as a provider gave them, and what must be true of them before anybody uses them.

It exists so that no provider's way of failing (zeros for a holiday, a column renamed, half a table) passes for a price.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from shared.market.outage import ExternalDataUnavailable
from shared.market.prices import NUMBERS, Days, Floats

_PRICES = ("open", "high", "low", "close")
_MOST = dict.fromkeys(_PRICES, 1e12) | {"volume": 1e15, "value": 1e18}  # nothing on any exchange comes near


@dataclass(frozen=True, eq=False)
class Bars:
    """Days and numbers of one symbol, ascending; what the provider does not tell is NaN."""

    symbol: str
    dates: Days
    numbers: Mapping[str, Floats]  # by each of NUMBERS
    adjusted: bool | None = None  # whether corporate actions are in the prices; None: the provider does not say
    name: str = ""
    notes: tuple[str, ...] = field(default=())
    raw: Mapping[str, bytes] = field(default_factory=dict)  # what the provider answered, word for word, by a name of its own

    def __len__(self) -> int:
        return len(self.dates)


def bars_from(symbol: str, rows: Sequence[Mapping[str, Any]], **facts: Any) -> Bars:
    """Bars of rows that have a `date` and some of NUMBERS; days on which everything is 0 are none and are left out."""
    days = np.array([row["date"] for row in rows], dtype="datetime64[D]")
    numbers = {name: np.array([row.get(name, np.nan) for row in rows], dtype=np.float64) for name in NUMBERS}
    traded = ~np.all([np.nan_to_num(numbers[name]) == 0 for name in _PRICES], axis=0)
    order = np.argsort(days[traded], kind="stable")
    return Bars(symbol, days[traded][order], {name: array[traded][order] for name, array in numbers.items()}, **facts)


def believed(bars: Bars, doing: str, start: date, end: date) -> Bars:
    """The same bars between these days, both included; ExternalDataUnavailable where there are none, or they are no prices."""
    within = (bars.dates >= np.datetime64(start, "D")) & (bars.dates <= np.datetime64(end, "D"))
    why = _odd(bars)
    if why:
        raise ExternalDataUnavailable(doing, why, "schema_drift")
    if not within.any():
        raise ExternalDataUnavailable(doing, f"no price from {start} to {end}", "empty")
    if within.all():
        return bars
    numbers = {name: array[within] for name, array in bars.numbers.items()}
    return replace(bars, dates=bars.dates[within], numbers=numbers)


def _odd(bars: Bars) -> str:
    """Why these are no prices, or nothing."""
    if (bars.dates[1:] == bars.dates[:-1]).any():
        place = int(np.flatnonzero(bars.dates[1:] == bars.dates[:-1])[0])
        return f"{bars.dates[place]} is there twice"
    for name, array in bars.numbers.items():
        bad = (array < 0) | (array > _MOST[name])
        if bad.any():
            place = int(np.flatnonzero(bad)[0])
            return f"{name} on {bars.dates[place]} is {array[place]:g}"
    closes = bars.numbers["close"]
    if not (closes > 0).all():
        return f"{bars.dates[int(np.flatnonzero(~(closes > 0))[0])]} has no close"
    return ""

"""What becomes of the bars that were kept when a provider answers for some of their days once more.

It exists so that a changed past is seen, dated and told, and prices from before and after a split are never one series.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.market.bars import Bars
from shared.market.cache.parts import joined, picked, within
from shared.market.cache.series import Series, Span
from shared.market.prices import NUMBERS, Flags

_PRICES = ("open", "high", "low", "close")
_NOISE = 5e-7  # adjusted prices are quotients: their last digits differ from one answer to the next
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Revised:
    """Bars in a row that differ in one field; see Revision."""

    day: date
    until: date
    days: int
    field: str
    before: float | None
    now: float | None


@dataclass(frozen=True, eq=False)
class Merged:
    """The bars of all years the answer touches. `is_rebased`: prices that were kept differ, or are gone; `gone`: how many of
    `compared` are."""

    bars: Bars
    added: tuple[date, ...]
    revised: tuple[date, ...]
    records: tuple[Revised, ...]
    is_rebased: bool
    gone: int
    compared: int


def merged(old: Bars, new: Bars, asked: Span, known: Flags) -> Merged:
    """Within the days asked for the new answer stands in the old one's place. `known`: of which of its days it
    was known before whether there is a bar: one that comes into being there is a revision."""
    kept = within(old, asked)
    compared, outside = picked(old, kept), picked(old, ~kept)
    fresh, differ = _steadied(compared, new)
    gone = ~np.isin(compared.dates, new.dates)
    came = ~np.isin(new.dates, old.dates)
    late = came & known
    records = [*_changed(compared, new, differ), *_runs("day", compared, None, gone), *_runs("day", None, new, late)]
    days = {*compared.dates[gone].tolist(), *new.dates[late].tolist(), *compared.dates[_any(differ)].tolist()}
    bars = joined(new.symbol, (outside, fresh))
    order: Any = np.argsort(bars.dates, kind="stable")
    counted = int(gone.sum()), len(compared)
    rebased = bool(gone.any()) or any(differ[name].any() for name in _PRICES)
    return Merged(picked(bars, order), tuple(new.dates[came].tolist()), tuple(sorted(days)), tuple(records), rebased, *counted)


def is_whole(series: Series, asked: Span) -> bool:
    """Whether an answer for these days leaves no bar of before beside it."""
    return asked.start <= series.start and series.end <= asked.end


def _steadied(old: Bars, new: Bars) -> tuple[Bars, dict[str, Flags]]:
    """The new bars, those numbers that differ by noise alone as they were; and which of the old ones really differ."""
    _, here, there = np.intersect1d(old.dates, new.dates, assume_unique=True, return_indices=True)
    numbers, differ = {}, {}
    for name in NUMBERS:
        differ[name] = np.zeros(len(old), dtype=np.bool_)
        differ[name][here] = _differ(old.numbers[name][here], new.numbers[name][there], name)
        numbers[name] = new.numbers[name].copy()
        same = ~differ[name][here]
        numbers[name][there[same]] = old.numbers[name][here[same]]
    return Bars(new.symbol, new.dates, numbers), differ


def _differ(before: Any, now: Any, name: str) -> Flags:
    noise = _NOISE if name in _PRICES else 0.0
    same = (before == now) | (np.isnan(before) & np.isnan(now))
    same |= np.abs(before - now) <= noise * np.maximum(np.abs(before), np.abs(now))
    found: Flags = ~same
    return found


def _any(differ: dict[str, Flags]) -> Flags:
    found: Flags = np.any(list(differ.values()), axis=0)
    return found


def _changed(old: Bars, new: Bars, differ: dict[str, Flags]) -> Iterator[Revised]:
    for name in NUMBERS:
        yield from _runs(name, old, new, differ[name])


def _runs(field: str, old: Bars | None, new: Bars | None, which: Flags) -> Iterator[Revised]:
    """Days in a row are one record: a split changes every day there is."""
    there = new if old is None else old
    days: Any = there.dates if there else ()
    places = np.flatnonzero(which)
    for run in np.split(places, np.flatnonzero(np.diff(places) != 1) + 1):
        if len(run):
            first, last = days[run[0]], days[run[-1]]
            number = "close" if field == "day" else field
            yield Revised(first.item(), last.item(), len(run), field, _number(old, number, first), _number(new, number, first))


def _number(bars: Bars | None, name: str, day: Any) -> float | None:
    if bars is None:
        return None
    number = float(bars.numbers[name][np.searchsorted(bars.dates, day)])
    return None if np.isnan(number) else number

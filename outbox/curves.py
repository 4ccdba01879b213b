"""Two equity curves over the days that both have: the strategy's column, its figures there, and where the two part.

It exists so that a run of today and one of last month are measured over the same days by the same formulas, whatever each
of them says of itself.
"""

from __future__ import annotations

import csv
import itertools
import math
import operator
from datetime import date
from typing import Dict, List, NamedTuple, Optional, Tuple

EQUAL = 1e-9  # nearer than this, relative, is the last digits of two machines and no other number
DECIDING = ("CAGR", "MDD", "Sharpe")  # higher is better, of all three
FIGURES = (*DECIDING, "Final_Return", "volatility")
_COLUMN = "STRAT"
_YEAR, _LONG, _SESSIONS = 365.25, 360, 245  # a shorter period tells no sessions a year: Korea's mean stands in its place
_DUST = 1e-14  # what rounding alone moves a return by
_MOST = 1e50

Figures = Dict[str, Optional[float]]


class Track(NamedTuple):
    """The strategy's curve: what 1 had become on each of these days; they ascend. `start` is what it was before them."""

    days: List[str]
    growth: List[float]
    start: float = 1.0


class Off(NamedTuple):
    """Where two curves part: on the first day, and by how much, relative to the larger of the two, on the worst."""

    first: str
    worst: str
    largest: float


def tracks_of(a: bytes, b: bytes) -> Tuple[Optional[Track], Optional[Track]]:
    """Both; where the longer one begins with the other, as tomorrow's does with today's, it alone is read."""
    if _begins(a, b):
        longer = track_of(b)
        return longer and _first(longer, a.count(b"\n") - 1), longer
    if _begins(b, a):
        longer = track_of(a)
        return longer, longer and _first(longer, b.count(b"\n") - 1)
    return track_of(a), track_of(b)


def track_of(table: bytes) -> Optional[Track]:
    """What an equity_curve.csv says; None where it cannot be read as one."""
    try:
        head, _, body = table.decode("utf-8-sig").replace("\r", "").partition("\n")
        columns = next(csv.reader([head]), [])
        cells = body.replace("\n", ",").split(",")  # one cut for all rows: as many cells each as columns, and one more at the end
        days, place = cells[: -1 : len(columns)], columns.index(_COLUMN)
        track = Track(days, [float(cell) for cell in cells[place : -1 : len(columns)]])
        ends = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    except (ValueError, IndexError):
        return None
    is_whole = cells[-1] == "" and len(cells) == len(columns) * len(days) + 1 and body.count("\n") == len(days)
    ascend = all(map(operator.lt, days, days[1:])) and ends[0] <= ends[1]
    return track if is_whole and ascend and _is_money(track.growth) else None


def over_both(a: Track, b: Track) -> Tuple[Track, Track]:
    """Both over the days that both have."""
    shorter = min(len(a.days), len(b.days))
    if a.days[:shorter] == b.days[:shorter]:  # the ordinary case: one goes on where the other ends
        return _first(a, shorter), _first(b, shorter)
    both = set(a.days) & set(b.days)
    return _over(a, both), _over(b, both)


def figures_of(track: Track) -> Figures:
    """The figures by the formulas of docs/measures.md, over these days; None where there is none: one day only, nothing moved,
    or nothing was left."""
    growth = track.growth if track.start == 1 else [one / track.start for one in track.growth]
    calendar = (date.fromisoformat(track.days[-1]) - date.fromisoformat(track.days[0])).days + 1
    mean, spread = _mean_and_spread(growth)
    has_spread = len(growth) > 1 and min(growth) > 0
    root = math.sqrt(len(growth) * _YEAR / calendar if calendar >= _LONG else _SESSIONS)
    heights = itertools.accumulate(itertools.chain((1.0,), growth), max)
    return {
        "CAGR": _power(growth[-1], _YEAR / calendar),
        "MDD": min(map(operator.truediv, itertools.chain((1.0,), growth), heights)) - 1,
        "Sharpe": mean / spread * root if has_spread and spread > _DUST else None,
        "Final_Return": growth[-1] - 1,
        "volatility": (spread * root if spread > _DUST else 0.0) if has_spread else None,
    }


def parting(a: Track, b: Track) -> Optional[Off]:
    """Where these two curves over the same days part; None where they are one."""
    if a.growth == b.growth:
        return None
    apart = list(map(_apart, a.growth, b.growth))
    largest = max(apart)
    if largest <= EQUAL:
        return None
    first = next(place for place, one in enumerate(apart) if one > EQUAL)
    return Off(a.days[first], a.days[apart.index(largest)], largest)


def _begins(table: bytes, longer: bytes) -> bool:
    """With whole lines, and more than the head."""
    return longer.startswith(table) and table.endswith(b"\n") and table.count(b"\n") > 1


def _is_money(growth: List[float]) -> bool:
    """What any money can become, and what one can reckon with; not a number is none."""
    sizes = list(map(abs, growth))
    return math.isfinite(math.fsum(sizes)) and max(sizes) < _MOST and min(filter(None, sizes), default=1.0) > 1 / _MOST


def _first(track: Track, days: int) -> Track:
    return track if days == len(track.days) else Track(track.days[:days], track.growth[:days])


def _over(track: Track, wanted: "set[str]") -> Track:
    places = [place for place, day in enumerate(track.days) if day in wanted]
    start = track.growth[places[0] - 1] if places and places[0] else 1.0
    return Track([track.days[place] for place in places], [track.growth[place] for place in places], start or 1.0)


def _power(growth: float, exponent: float) -> Optional[float]:
    try:
        return math.pow(growth, exponent) - 1 if growth >= 0 else None
    except OverflowError:  # three days that doubled, over a year
        return None


def _mean_and_spread(growth: List[float]) -> Tuple[float, float]:
    """Of the daily returns; after nothing was left nothing moves."""
    steps = [now / before if before else 1.0 for before, now in zip(itertools.chain((1.0,), growth), growth)]
    mean = math.fsum(steps) / len(steps)
    apart = [step - mean for step in steps]
    return mean - 1, math.sqrt(math.fsum(map(operator.mul, apart, apart)) / (len(steps) - 1)) if len(steps) > 1 else 0.0


def _apart(one: float, other: float) -> float:
    return abs(other - one) / max(abs(one), abs(other)) if one != other else 0.0

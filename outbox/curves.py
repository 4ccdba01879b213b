"""Two equity curves over the days that both have: the strategy's column, its figures there, and where the two part.

It exists so that a run of today and one of last month are measured over the same days by the same formulas, whatever each
of them says of itself.
"""

from __future__ import annotations

import itertools
import math
from datetime import date
from typing import Dict, List, NamedTuple, Optional, Tuple

EQUAL = 1e-9  # nearer than this, relative, is the last digits of two machines and no other number
DECIDING = ("CAGR", "MDD", "Sharpe")  # higher is better, of all three
FIGURES = (*DECIDING, "Final_Return", "volatility")
_COLUMN = "STRAT"
_YEAR = 365.25

Figures = Dict[str, Optional[float]]


class Track(NamedTuple):
    """The strategy's curve: what 1 had become on each of these days; they ascend. `start` is what it was before them."""

    days: List[str]
    growth: List[float]
    start: float = 1.0


class Off(NamedTuple):
    """Where two curves part: on the first day, and by how much, relative to the first curve, on the worst."""

    first: str
    worst: str
    largest: float


def track_of(table: bytes) -> Optional[Track]:
    """What an equity_curve.csv says; None where it cannot be read as one."""
    try:
        head, *lines = table.decode("utf-8-sig").splitlines()
        place = head.split(",").index(_COLUMN)
        rows = [line.split(",", place + 1) for line in lines if line]
        track = Track([row[0] for row in rows], [float(row[place]) for row in rows])
        ends = [date.fromisoformat(day) for day in (track.days[0], track.days[-1])]
    except (ValueError, IndexError):
        return None
    ascend = all(map(str.__lt__, track.days, track.days[1:])) and ends[0] <= ends[1]
    return track if ascend and all(map(math.isfinite, track.growth)) else None


def over_both(a: Track, b: Track) -> Tuple[Track, Track]:
    """Both over the days that both have."""
    shorter = min(len(a.days), len(b.days))
    if a.days[:shorter] == b.days[:shorter]:  # the ordinary case: one goes on where the other ends
        return _first(a, shorter), _first(b, shorter)
    both = set(a.days) & set(b.days)
    return _over(a, both), _over(b, both)


def figures_of(track: Track) -> Figures:
    """CAGR by calendar time, deepest fall, Sharpe and volatility by the sessions a year it had, and the whole gain; None where
    there is none: no time passed, nothing moved, or nothing was left."""
    growth, years = [one / track.start for one in track.growth], _years(track)
    returns = [now / before - 1 if before else 0.0 for before, now in zip([1.0, *growth], growth)]
    mean = math.fsum(returns) / len(returns)
    spread = math.sqrt(math.fsum((one - mean) ** 2 for one in returns) / (len(returns) - 1)) if len(returns) > 1 else 0.0
    yearly = len(returns) / years if years else 0.0
    return {
        "CAGR": _power(growth[-1], 1 / years) if years else None,
        "MDD": min(0.0, *map(_fall, itertools.accumulate([1.0, *growth], max), [1.0, *growth])),
        "Sharpe": mean / spread * math.sqrt(yearly) if spread > EQUAL * abs(mean) and years else None,
        "Final_Return": growth[-1] - 1,
        "volatility": spread * math.sqrt(yearly) if years else None,
    }


def parting(a: Track, b: Track) -> Optional[Off]:
    """Where these two curves over the same days part; None where they are one."""
    if a.growth == b.growth:
        return None
    apart = [_apart(one, other) for one, other in zip(a.growth, b.growth)]
    largest = max(apart)
    if largest <= EQUAL:
        return None
    first = next(place for place, one in enumerate(apart) if one > EQUAL)
    return Off(a.days[first], a.days[apart.index(largest)], largest)


def _first(track: Track, days: int) -> Track:
    return track if days == len(track.days) else Track(track.days[:days], track.growth[:days])


def _over(track: Track, wanted: "set[str]") -> Track:
    places = [place for place, day in enumerate(track.days) if day in wanted]
    start = track.growth[places[0] - 1] if places and places[0] else 1.0
    return Track([track.days[place] for place in places], [track.growth[place] for place in places], start or 1.0)


def _years(track: Track) -> float:
    first, last = (date.fromisoformat(day) for day in (track.days[0], track.days[-1]))
    return (last - first).days / _YEAR


def _power(growth: float, exponent: float) -> Optional[float]:
    try:
        yearly = math.pow(growth, exponent) - 1 if growth >= 0 else None
    except OverflowError:  # three days that doubled, over a year
        return None
    return yearly if yearly is not None and yearly < 1e300 else None


def _fall(height: float, now: float) -> float:
    return now / height - 1


def _apart(one: float, other: float) -> float:
    if one == other:
        return 0.0
    return abs(other - one) / abs(one) if one else math.inf

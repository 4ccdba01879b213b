"""Drawdowns: each fall from a height reached before, from that height to the day it was reached again.

It exists so that a fall that is still going on is never taken for one that is over.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from pc.engine.measures.returns import DUST
from pc.engine.measures.undefined import NO_FALL, RUNNING
from shared.market import Days, Floats

MOST = 10


class Fall(NamedTuple):
    """Row 0 is the start, the capital; row 1 the first session. `end` is the row that reached the height again, or None."""

    height: int
    trough: int
    end: int | None
    depth: float


def deepest(growth: Floats) -> float:
    """The deepest fall from a height reached before, ≤ 0; the start counts as a height."""
    depth = float((growth / np.maximum(np.maximum.accumulate(growth), 1.0)).min()) - 1
    return depth if depth < -DUST else 0.0


def falls(growth: Floats) -> list[Fall]:
    """The ten deepest, the deepest first, of two alike the earlier one."""
    level = np.concatenate([[1.0], growth])
    top = np.maximum.accumulate(level)
    depth = level / top - 1
    below = np.concatenate([[False], depth < -DUST, [False]])
    edges = np.flatnonzero(below[1:] != below[:-1])
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        return []
    worst = np.argsort(np.minimum.reduceat(depth, starts), kind="stable")[:MOST]
    return [_fall(depth, int(starts[place]), int(ends[place])) for place in worst]


def table(growth: Floats, days: Days) -> list[dict[str, Any]]:
    """These falls with their dates."""
    return [_told(fall, days) for fall in falls(growth)]


def worst(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The deepest of them, or why there is none."""
    names = ("depth", "start", "trough", "recovery", "days", "days_down", "sessions")
    return dict(rows[0]) if rows else dict.fromkeys(names, NO_FALL)


def _fall(depth: Floats, start: int, end: int) -> Fall:
    trough = start + int(depth[start:end].argmin())
    return Fall(start - 1, trough, end if end < len(depth) else None, float(depth[trough]))


def _told(fall: Fall, days: Days) -> dict[str, Any]:
    last = len(days) if fall.end is None else fall.end
    start, trough, end = (days[max(row - 1, 0)] for row in (fall.height, fall.trough, last))
    return {
        "depth": fall.depth,
        "start": str(start),
        "trough": str(trough),
        "recovery": RUNNING if fall.end is None else str(end),
        "days": int((end - start).astype(int)),
        "days_down": int((trough - start).astype(int)),
        "sessions": last - fall.height,
    }

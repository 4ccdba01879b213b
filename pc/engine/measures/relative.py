"""A run against a benchmark, on the dates both have a close of their own.

It exists so that a holiday of one market never looks like a day on which the other one did nothing.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pc.engine.measures.falls import deepest
from pc.engine.measures.returns import varies, yearly
from pc.engine.measures.undefined import (
    HARDLY_SHARED,
    NEVER_FELL,
    NEVER_ROSE,
    SAME,
    STILL,
    STILL_THERE,
    UNSHARED,
    WIPED_OUT,
    Figure,
    Undefined,
)
from shared.market import Days, Flags, Floats

_WHOLE = ("benchmark_return", "excess_return", "CAGR", "excess_CAGR", "MDD")
_DAILY = (
    *("volatility", "beta", "alpha", "correlation", "tracking_error", "information_ratio"),
    *("up_capture", "down_capture"),
)


def against(growth: Floats, benchmark: Floats, days: Days, a_year: float) -> dict[str, Any]:
    """Both from their first to their last common close; `benchmark` is NaN on the dates it has no close of its own."""
    rows = np.flatnonzero(np.isfinite(benchmark))
    mine, theirs = growth[rows], benchmark[rows]
    ends: dict[str, Any] = dict.fromkeys(("from", "to"), UNSHARED)
    ends |= {"from": str(days[rows[0]]), "to": str(days[rows[-1]])} if len(rows) else {}
    ends["dates"] = len(rows)
    if len(rows) < 2:
        return ends | dict.fromkeys((*_WHOLE, *_DAILY), UNSHARED)
    span = int((days[rows[-1]] - days[rows[0]]).astype(int))
    daily = _daily(mine, theirs, a_year * (len(rows) - 1) / int(rows[-1] - rows[0]))
    return ends | _whole(mine, theirs, span) | daily


def _whole(mine: Floats, theirs: Floats, span: int) -> dict[str, Figure]:
    """From the first to the last of the dates."""
    if mine[0] <= 0:
        return {**dict.fromkeys(_WHOLE, WIPED_OUT), **_alone(theirs, span)}
    ours, grown = float(mine[-1] / mine[0]), float(theirs[-1] / theirs[0])
    rates = yearly(ours, span) - yearly(grown, span)
    return {**_alone(theirs, span), "excess_return": ours - grown, "excess_CAGR": rates}


def _alone(theirs: Floats, span: int) -> dict[str, Figure]:
    grown = theirs / theirs[0]
    last = float(grown[-1])
    return {"benchmark_return": last - 1, "CAGR": yearly(last, span), "MDD": deepest(grown)}


def _daily(mine: Floats, theirs: Floats, a_year: float) -> dict[str, Figure]:
    """From one date to the next."""
    if len(mine) < 3:
        return dict.fromkeys(_DAILY, HARDLY_SHARED)
    there = theirs[1:] / theirs[:-1] - 1
    alone: dict[str, Figure] = {"volatility": float(there.std(ddof=1)) * math.sqrt(a_year) if varies(there) else 0.0}
    if mine.min() <= 0:
        return dict.fromkeys(_DAILY, WIPED_OUT) | alone
    here = mine[1:] / mine[:-1] - 1
    return {**alone, **_line(here, there, a_year), **_active(here - there, a_year), **_captured(here, there)}


def _line(here: Floats, there: Floats, a_year: float) -> dict[str, Figure]:
    """The line through the pairs of returns."""
    if not varies(there):
        return dict.fromkeys(("beta", "alpha", "correlation"), STILL_THERE)
    together = np.cov(here, there)
    beta = float(together[0, 1] / together[1, 1])
    tied = float(together[0, 1] / math.sqrt(together[0, 0] * together[1, 1])) if varies(here) else STILL
    return {"beta": beta, "alpha": float(here.mean() - beta * there.mean()) * a_year, "correlation": tied}


def _active(apart: Floats, a_year: float) -> dict[str, Figure]:
    if not varies(apart):
        return {"tracking_error": 0.0, "information_ratio": SAME}
    error, root = float(apart.std(ddof=1)), math.sqrt(a_year)
    return {"tracking_error": error * root, "information_ratio": float(apart.mean()) / error * root}


def _captured(here: Floats, there: Floats) -> dict[str, Figure]:
    up, down = there > 0, there < 0
    return {"up_capture": _share(here, there, up, NEVER_ROSE), "down_capture": _share(here, there, down, NEVER_FELL)}


def _share(here: Floats, there: Floats, which: Flags, why: Undefined) -> Figure:
    """Of the benchmark's mean growth a day on these days."""
    return _mean_growth(here[which]) / _mean_growth(there[which]) if which.any() else why


def _mean_growth(returns: Floats) -> float:
    return math.expm1(float(np.log1p(returns).mean()))

"""How sure a Sharpe ratio is: an interval from resampled days, and the chance that the true one is above 0.

It exists so that a ratio from a few hundred days is never read as more than it is.
"""

from __future__ import annotations

import math
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pc.engine.measures.returns import varies
from pc.engine.measures.undefined import NO_QUARTER, ODD_SHAPE, STILL, STILL_DRAWN, Figure, Undefined
from shared.market import Floats

SEED, DRAWS, LEVEL = 20_000_101, 1_000, 0.95
_FEWEST = 60


def interval(returns: Floats, a_year: float, why: Undefined | None) -> dict[str, Any]:
    """The middle 95 % of the Sharpe ratios of resampled days: blocks of neighbours, the last day followed by the first.

    `why` says that these days have no such ratio at all."""
    block = next(length for length in count(1) if length**3 >= len(returns))
    why = why or (NO_QUARTER if len(returns) < _FEWEST else None if varies(returns) else STILL)
    low, high = (why, why) if why else _bounds(returns, block, math.sqrt(a_year))
    return {"low": low, "high": high, "level": LEVEL, "draws": DRAWS, "block": block, "seed": SEED}


def probability(returns: Floats, skewness: Figure, kurtosis: Figure) -> Figure:
    """The chance that the true Sharpe ratio is above 0, given how long, skewed and fat-tailed the sample is."""
    if isinstance(skewness, Undefined) or isinstance(kurtosis, Undefined):
        return skewness if isinstance(skewness, Undefined) else kurtosis
    ratio = float(returns.mean()) / float(returns.std(ddof=1))
    spread = 1 - skewness * ratio + (kurtosis - 1) / 4 * ratio**2
    if spread <= 0:  # only of a handful of days
        return ODD_SHAPE
    return math.erfc(-ratio * math.sqrt((len(returns) - 1) / spread / 2)) / 2


def _bounds(returns: Floats, block: int, root: float) -> tuple[Figure, Figure]:
    days, mean = len(returns), float(returns.mean())
    once, squared = _resampled(returns - mean, block)
    spread = (squared - once**2 / days) / (days - 1)
    if float(spread.min()) <= 1e-9 * float(returns.var()):
        return STILL_DRAWN, STILL_DRAWN
    ratios = (mean + once / days) / np.sqrt(spread) * root
    low, high = np.quantile(ratios, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]).tolist()
    return low, high


def _resampled(away: Floats, block: int) -> tuple[Floats, Floats]:
    """Of each draw, as long as the sample, the sum and the sum of squares."""
    days = len(away)
    blocks = -(-days // block)
    starts = (_dice(DRAWS * blocks) % np.uint64(days)).astype(np.int64).reshape(DRAWS, blocks)
    ends = starts + block
    ends[:, -1] -= blocks * block - days
    around = np.concatenate([away, away[:block]])
    once, squared = (_between(values, starts, ends) for values in (around, around**2))
    return once, squared


def _dice(count: int) -> NDArray[np.uint64]:
    """splitmix64: the same numbers on every machine and version, and a cold run need not load numpy's own generators."""
    mixed = (np.arange(count, dtype=np.uint64) + np.uint64(SEED)) * np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


def _between(values: Floats, starts: Any, ends: Any) -> Floats:
    running = np.concatenate([[0.0], np.cumsum(values)])
    sums: Floats = (running[ends] - running[starts]).sum(axis=1)
    return sums

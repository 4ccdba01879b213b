"""Scores over the symbols of one day, and who is best by them.

It exists so that every ranking breaks its ties by name, and a symbol that is not eligible changes no bit of a score.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shared.market.picking.eligible import Eligible
from shared.market.picking.sight import Sight
from shared.market.prices import Flags, Floats

_HAIR = 1e-9  # 0.7 of ten symbols are seven of them


def change_over(sight: Sight, lookback: int) -> Floats:
    """By what share the last known close is above the one `lookback` rows before; NaN where there is none."""
    changes: Floats = sight.at(sight.prices.marks) / sight.at(sight.prices.marks, lookback) - 1
    return changes


def weighted_sum(changes: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """Each one by its weight, added up."""
    total: Floats = changes[0] * weights[0]
    for change, weight in zip(changes[1:], weights[1:], strict=True):
        total = total + change * weight
    return total


def weighted_zscores(changes: Sequence[Floats], weights: Sequence[float], eligible: Eligible) -> Floats:
    """The same of each change's distance from the mean of that day's eligible symbols, in their standard deviations."""
    mask = np.ascontiguousarray(eligible.mask.T)
    total = np.zeros(mask.shape)
    for change, weight in zip(changes, weights, strict=True):
        total += _zscores(change, mask, weight)
    return np.ascontiguousarray(total.T)


def best_of(scores: Floats, mask: Flags, count: int) -> list[list[int]]:
    """Of each decision the columns of the `count` highest scores among the eligible, the best first, ties by name."""
    masked = np.where(mask, scores, -np.inf)
    width = masked.shape[1]
    if not masked.size or count < 1:
        return [[] for _ in masked]
    least = np.sort(masked, axis=1)[:, [max(width - count, 0)]]  # quicker than to partition
    cells = np.flatnonzero(mask & (masked >= least))
    rows, columns = np.divmod(cells, width)
    order = np.lexsort((-masked.ravel()[cells], rows))  # stable: equal ones stay in the order of their names
    bounds = np.searchsorted(rows, np.arange(len(masked) + 1)).tolist()
    ordered = columns[order].tolist()
    return [ordered[begin:end][:count] for begin, end in zip(bounds[:-1], bounds[1:], strict=True)]


def leading(scores: Floats, mask: Flags, share: float) -> Flags:
    """Who is within the best `share` of that day's eligible symbols, ties by name; the first of them always is."""
    masked = np.where(mask, scores, -np.inf)
    if not masked.size:
        return mask.copy()
    allowed = np.maximum(np.floor(mask.sum(axis=1) * share + _HAIR).astype(np.int64), 1)
    least = np.sort(masked, axis=1)[np.arange(len(masked)), masked.shape[1] - allowed]
    found: Flags = mask & (masked >= least[:, None])
    for row in np.flatnonzero(found.sum(axis=1) > allowed).tolist():  # equal scores at the edge
        found[row, best_of(masked[[row]], found[[row]], masked.shape[1])[0][int(allowed[row]) :]] = False
    return found


def positions(scores: Floats, mask: Flags) -> NDArray[np.int64]:
    """The place of each eligible symbol, 1 for the best; 0 for the others."""
    found = np.zeros(scores.shape, dtype=np.int64)
    for row, columns in enumerate(best_of(scores, mask, scores.shape[1])):
        found[row, columns] = np.arange(1, len(columns) + 1)
    return found


def total_of(values: Floats) -> Floats:
    """Of each decision the sum over its symbols, one after the other: one that adds 0 changes no bit."""
    return _total(np.ascontiguousarray(values.T))


def _zscores(change: Floats, mask: Flags, weight: float) -> Floats:
    """Symbols × decisions, each times its weight."""
    count = np.maximum(mask.sum(axis=0), 1)
    # Measured from the first of them: then equal ones are exactly their mean, and nobody stands out by a rounding.
    first = change[np.arange(len(change)), mask.argmax(axis=0)] if len(mask) else np.zeros(len(change))
    away = np.array(change.T, order="C")  # its own: of a single decision the change itself is contiguous already
    away -= first
    np.copyto(away, 0.0, where=~mask)
    away -= _total(away) / count
    np.copyto(away, 0.0, where=~mask)
    deviation = np.sqrt(_total(away * away) / count)
    away *= weight / np.where(deviation > 0, deviation, 1.0)
    return away


def _total(values: Floats) -> Floats:
    """Down each column, one after the other: then a symbol that adds 0 changes no bit, and one decision is as many."""
    if values.shape[1] == 1:
        return np.add.accumulate(values, axis=0)[-1:, 0] if len(values) else np.zeros(1)
    total: Floats = values.sum(axis=0)
    return total

"""Sums over the last `window` rows without a running total: two partial sums, of one block each, meet in every window.

It exists so that twenty years in one column lose no digit: nothing is subtracted that was added long ago, and a value
depends on its own window alone, whatever comes before or after.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, cast

import numpy as np

from shared.market.prices import Floats

Further = Callable[[Floats, Floats], Floats]


class Half(NamedTuple):
    """One part of every window: how many rows it has, and what they add up to, measured from `origin`.

    `origin` is one of its values: then equal values leave exactly nothing, and little is lost where squares are
    subtracted. `further` is the sum of what the caller made of each row's place in its block and distance.
    """

    rows: Floats
    origin: Floats
    total: Floats
    further: Floats


def halves(values: Floats, window: int, further: Further | None = None) -> tuple[Half, Half]:
    """The older and the newer part of each whole window of `values`, in order; the older may be empty (0 rows).

    The places of the older part count backwards, from the end of its block.
    """
    blocks = _blocks(values, window)
    older = [one[:, ::-1] for one in _half(blocks[:, ::-1], blocks[:, -1:], further)]
    newer = _half(blocks, blocks[:, :1], further)
    whole = max(0, len(values) - window + 1)
    first = [_rows(one, 0, whole) for one in older]
    last = Half(*(_rows(one, window - 1, whole) for one in newer))
    alone = last.rows == window
    return Half(*(np.where(alone, 0.0, one) for one in first)), last


class Centre(NamedTuple):
    """Where the mean of each whole window lies: so far above `origin`, one of its values; and how far its parts' are apart."""

    origin: Floats
    above: Floats
    apart: Floats


def centre(older: Half, newer: Half) -> Centre:
    """Of both parts together. Only distances within the window are averaged: they keep the digits a large price has not."""
    origin = np.where(older.rows > 0, older.origin, newer.origin)
    further = newer.origin - origin
    above = (older.total + newer.total + further * newer.rows) / (older.rows + newer.rows)
    apart = newer.total / newer.rows + further - older.total / np.maximum(older.rows, 1)
    return Centre(origin, above, apart)


def sums(values: Floats, window: int) -> Floats:
    """The sum of each whole window; exactly 0 where all its values are."""
    older, newer = _partial(np.add, values, window)
    found = older + newer
    found[::window] = newer[::window]  # a window that is one block: else it were counted twice
    return found


def extremes(best: np.ufunc, values: Floats, window: int) -> Floats:
    """The largest (np.maximum) or smallest (np.minimum) value of each whole window."""
    older, newer = _partial(best, values, window)
    return cast("Floats", best(older, newer))


def _partial(step: np.ufunc, values: Floats, window: int) -> tuple[Floats, Floats]:
    blocks, whole = _blocks(values, window), max(0, len(values) - window + 1)
    older = step.accumulate(blocks[:, ::-1], axis=1)[:, ::-1]
    return _rows(older, 0, whole), _rows(step.accumulate(blocks, axis=1), window - 1, whole)


def _half(blocks: Floats, origin: Floats, further: Further | None) -> Half:
    place = np.arange(blocks.shape[1], dtype=np.float64)[None, :, None]
    away = blocks - origin
    counts = np.repeat(place + 1, len(blocks), axis=0)
    more = counts * 0 if further is None else np.add.accumulate(further(place, away), axis=1)
    return Half(counts, np.broadcast_to(origin, blocks.shape), np.add.accumulate(away, axis=1), more)


def _blocks(values: Floats, window: int) -> Floats:
    """blocks × window × columns; the last block is filled up with NaN, which only reaches rows that are not there."""
    if window < 1:
        raise ValueError(f"a window of {window} rows")
    count = -(-len(values) // window)
    filled = np.full((count * window, values.shape[1]), np.nan)
    filled[: len(values)] = values
    return filled.reshape(count, window, values.shape[1])


def _rows(blocks: Floats, start: int, count: int) -> Floats:
    return blocks.reshape(blocks.shape[0] * blocks.shape[1], blocks.shape[2])[start : start + count]

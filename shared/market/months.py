"""A hash per calendar month and symbol: what names the months in which two versions of prices differ.

It exists so that "the data changed" can say where, without keeping the prices of every run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]
_Words = NDArray[np.uint64]
_ODD = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


def hashes_by_month(dates: NDArray[np.datetime64], bars: Mapping[str, NDArray[np.float64]]) -> Hashes:
    """One row per calendar month from the first to the last; 0 where a symbol has no number in it.

    Only a symbol's own known numbers and their days count: what else is in the panel changes nothing.
    """
    months = dates.astype("datetime64[M]").astype(np.int64)
    found = np.zeros((months_in(dates), next(iter(bars.values())).shape[1]), dtype=np.uint64)
    starts = np.flatnonzero(np.diff(months, prepend=-(1 << 40)))
    for place, array in enumerate(bars.values()):
        for start, stop in zip(starts, [*starts[1:], len(months)], strict=True):  # by months: little memory at a time
            found[months[start] - months[0]] += _mixed(array[start:stop], _keys(dates[start:stop], place)).sum(axis=0)
    return ((found >> np.uint64(32)) ^ found).astype(np.uint32)


def months_in(dates: NDArray[np.datetime64]) -> int:
    """How many calendar months there are from the first day to the last."""
    months = dates[[0, -1]].astype("datetime64[M]").astype(np.int64) if len(dates) else np.array([0, -1])
    return int(months[1] - months[0] + 1)


def cut_short(hashes: Hashes, dates: NDArray[np.datetime64], bars: Mapping[str, Any], stop: int) -> Hashes:
    """The hashes of the first `stop` rows: of their last month anew, the months before it as they were."""
    if stop >= len(dates) or not stop:
        return hashes if stop else hashes[:0]
    months = dates.astype("datetime64[M]")
    begin = int(np.searchsorted(months, months[stop - 1]))
    last = hashes_by_month(dates[begin:stop], {name: array[begin:stop] for name, array in bars.items()})
    return np.concatenate([hashes[: int((months[begin] - months[0]).astype(np.int64))], last])


def of_symbol(dates: NDArray[np.datetime64], hashes: Hashes) -> dict[str, str]:
    """`from`, the first month of this symbol, and `hashes`: 8 hex digits for each month from it to its last, joined."""
    known = np.flatnonzero(hashes)
    if not len(known):
        return {"from": "", "hashes": ""}
    first = str(dates[0].astype("datetime64[M]") + known[0])
    return {"from": first, "hashes": hashes[known[0] : known[-1] + 1].astype(">u4").tobytes().hex()}


def _keys(dates: NDArray[np.datetime64], place: int) -> _Words:
    """Another number for each day and field, so that the same price on another day is another content."""
    days = dates.astype("datetime64[D]").astype(np.int64).astype(np.uint64)
    return _scattered((days + np.uint64(1)) * np.uint64(_ODD[0]) + np.uint64(place * _ODD[1] & (1 << 64) - 1))


def _mixed(array: NDArray[np.float64], keys: _Words) -> _Words:
    known = ~np.isnan(array)
    words = np.ascontiguousarray(array, dtype="<f8").view("<u8").astype(np.uint64)
    return np.where(known, _scattered(words ^ keys[:, None]) | np.uint64(1), np.uint64(0))


def _scattered(words: _Words) -> _Words:
    """Each bit of a word changes about half of its bits (the last steps of splitmix64)."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(_ODD[1])
    words = (words ^ (words >> np.uint64(27))) * np.uint64(_ODD[2])
    return words ^ (words >> np.uint64(31))

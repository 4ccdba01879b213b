"""Panels of prices for tests of indicators and rules: random walks with a seed, and columns with holes.

It exists so that every such test tries the same awkward shapes: a late listing, an early end, days without a trade.
"""

from __future__ import annotations

from typing import Any, List

import numpy as np
from hypothesis import strategies as st

from shared.market import Floats, Prices

NAN = float("nan")


def walk(rows: int, columns: int, seed: int) -> Prices:
    """Every bar whole: high ≥ open, close ≥ low > 0."""
    random = np.random.default_rng(seed)
    shape = (rows, columns)
    close = 10_000 * np.exp(np.cumsum(random.normal(0, 0.015, shape), axis=0))
    opened = close * (1 + random.normal(0, 0.005, shape))
    high = np.maximum(opened, close) * (1 + np.abs(random.normal(0, 0.006, shape)))
    low = np.minimum(opened, close) * (1 - np.abs(random.normal(0, 0.006, shape)))
    volume = np.floor(np.exp(random.normal(11, 1.2, shape))) + 1
    return panel(opened, high, low, close, volume)


def panel(opened: Floats, high: Floats, low: Floats, close: Floats, volume: Floats) -> Prices:
    """These bars from 2024-01-01 on, under made-up names."""
    dates = np.datetime64("2024-01-01") + np.arange(len(close)).astype("timedelta64[D]")
    symbols = tuple(f"S{place}" for place in range(close.shape[1]))
    first, second, third, fourth, fifth = (np.array(one, dtype=np.float64) for one in (opened, high, low, close, volume))
    return Prices(dates, symbols, first, second, third, fourth, fifth, False, "test")


def of_closes(*columns: "List[float]") -> Prices:
    """Bars without a range, a thousand shares each."""
    close = np.array(columns, dtype=np.float64).T
    return panel(close, close, close, close, np.where(np.isnan(close), NAN, 1000.0))


def with_holes(prices: Prices, seed: int) -> Prices:
    """The same with a late listing, an early end, halted days (close carried, volume 0) and days without any bar."""
    random = np.random.default_rng(seed)
    fields = [np.array(getattr(prices, name)) for name in ("open", "high", "low", "close", "volume")]
    rows, columns = fields[0].shape
    halted, absent = random.random((2, rows, columns)) < 0.07
    halted[0] = False
    last = np.maximum.accumulate(np.where(halted, 0, np.arange(rows)[:, None]), axis=0)
    fields[3] = np.take_along_axis(fields[3], last, axis=0)
    for field in (*fields[:3], fields[4]):
        field[halted] = 0.0
    day = np.arange(rows)[:, None]
    absent |= (day < random.integers(0, rows // 2, columns)) | (day > random.integers(rows // 2, rows + 9, columns))
    for field in fields:
        field[absent] = NAN
    return panel(*fields)


@st.composite
def ragged(draw: Any, most_rows: int = 40, most_columns: int = 3) -> Prices:
    """Small panels, whole or with holes, some of closes that hardly move."""
    rows, columns, seed = draw(st.integers(2, most_rows)), draw(st.integers(1, most_columns)), draw(st.integers(0, 10**6))
    whole = walk(rows, columns, seed)
    if draw(st.booleans()):
        few = np.round(np.array(whole.close) / 500) * 500
        whole = panel(few, few + draw(st.sampled_from([0, 500])), few, few, np.array(whole.volume))
    return with_holes(whole, seed) if draw(st.booleans()) else whole


def same(one: Any, other: Any) -> bool:
    """Bitwise, NaN equal to NaN."""
    return bool(np.array_equal(np.asarray(one), np.asarray(other), equal_nan=True))

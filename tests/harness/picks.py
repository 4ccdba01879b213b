"""Panels for strategies that pick: closes told by symbol, and what was decided on them as names.

They exist so that a case of a picking strategy is read in five lines.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Sequence

import numpy as np

from shared.market import Prices
from shared.strategies import Targets
from tests.harness.walks import walk, with_holes

NAN = float("nan")
Closes = Mapping[str, Sequence[float]]
BEFORE = 24  # days at the first close in front of every story: no strategy here decides before the 20th


def story(closes: Closes, volume: Optional[Closes] = None, **about: Any) -> Prices:
    """Each symbol 24 days at its first close, then these; a day without volume is no trade: its open, high and low are 0."""
    close = np.array([[one[0]] * BEFORE + list(one) for one in closes.values()], dtype=float).T.copy()
    shares = np.where(np.isnan(close), NAN, 1000.0)
    for symbol, told in (volume or {}).items():
        shares[-len(told) :, list(closes).index(symbol)] = told
    opened = np.where(shares == 0, 0.0, close)
    value = about.pop("value", close * shares)
    days = np.datetime64("2024-01-01") + np.arange(len(close)).astype("timedelta64[D]")
    dates, bars = about.pop("dates", days), (opened, opened.copy(), opened.copy(), close, shares)
    return Prices(dates, tuple(closes), *bars, synthetic=False, provider="test", value=value, **about)


def names_held(prices: Prices, targets: Targets) -> Dict[int, str]:
    """Of each day of the story, from 0 on, whom it was decided to hold: `"AC"`."""
    rows = zip(targets.rows.tolist(), targets.weights > 0, strict=True)
    held = {row: [name for name, is_held in zip(prices.symbols, wish.tolist(), strict=True) if is_held] for row, wish in rows}
    return {row - BEFORE: "".join(sorted(names)) for row, names in held.items() if row >= BEFORE}


def same_decisions(one: Targets, other: Targets) -> bool:
    """Bitwise."""
    return np.array_equal(one.rows, other.rows) and np.array_equal(one.weights, other.weights)


def odd_panel(seed: int, rows: int = 90, columns: int = 12) -> Prices:
    """With late listings, early ends, halted days and holes; some are delisted, some leave the universe, some are 2X."""
    bars = with_holes(walk(rows, columns, seed), seed)
    dice = np.random.default_rng(seed)
    members = np.ones(bars.close.shape, dtype=bool)
    members[dice.integers(30, rows) :, 3] = False
    names = {symbol: "KODEX 2X" if place == 5 else "KODEX" for place, symbol in enumerate(bars.symbols)}
    last = bars.dates[dice.integers(40, rows)].item()
    value = np.where(dice.random(bars.close.shape) < 0.9, bars.close * bars.volume, np.nan)
    fields = (bars.open, bars.high, bars.low, bars.close, bars.volume)
    facts: Dict[str, Any] = {"members": members, "names": names, "delisted": {"S7": last}, "value": value}
    days = np.arange(np.datetime64("2024-01-01"), np.datetime64("2026-12-31"))
    return Prices(days[np.is_busday(days)][:rows], bars.symbols, *fields, synthetic=False, provider="test", **facts)

"""The prices at hand: whether what a run may read on this machine is enough for what it is asked.

It exists so that prices nobody had are told apart from prices nobody brought: the first is an outage, the second a mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inbox import Request
from shared.errors import DataMissing, RequiredUnavailable

if TYPE_CHECKING:
    from shared.market import Prices

MARKET = "KOSPI"  # required of whoever compares with it, once it is fetched at all
_NAMED = 5
_LATER = "send it again when they are there"


def refuse_without_required(request: Request, panel: Prices, rows: slice, benchmarks: list[str]) -> None:
    """RequiredUnavailable where something has no prices that the request cannot do without."""
    market = [MARKET] if MARKET in panel.unavailable and MARKET in benchmarks else []
    required = list(dict.fromkeys([*request.required, *market]))
    there = those_of(panel, required)
    lacking = [f"{name}: {panel.unavailable.get(name, why)}" for name in required if (why := there.lacks(name, rows))]
    if lacking:
        fix = f"{_LATER}, or leave them out of `required` and `benchmarks`"
        raise RequiredUnavailable("reading the prices the request requires", "; ".join(lacking), fix)


def refuse_unavailable(symbols: list[str], panel: Prices) -> None:
    """RequiredUnavailable where one that is to be traded was asked for, and nobody had it."""
    lacking = [f"{name} ({panel.unavailable[name]})" for name in symbols if name in panel.unavailable]
    if lacking:
        raise RequiredUnavailable("reading the prices of what is to be traded", "; ".join(lacking[:_NAMED]), _LATER)


def refuse_without_any(prices: Prices, rows: slice) -> None:
    """DataMissing where nothing that is traded has a price in these rows."""
    if all(prices.lacks(name, rows) for name in prices.symbols):
        first, last = prices.dates[rows.start], prices.dates[rows.stop - 1]
        doing, fix = f"reading the prices of {', '.join(prices.symbols)[:200]}", "ask for days in which one of them has prices"
        raise DataMissing(doing, f"none has a price in the period, {first} to {last}", fix)


def those_of(panel: Prices, names: list[str]) -> Prices:
    """Only these columns, as far as they are there: of a wide panel the others are never read."""
    known = set(panel.symbols)
    return panel.pick([name for name in dict.fromkeys(names) if name in known])

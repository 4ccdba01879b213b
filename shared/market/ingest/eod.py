"""The last session's closes as a small table: all that the reports of a NAS need, on Python 3.8 and without numpy.

It exists so that a close that is old, halted or not known is told apart from a price, in words and not by a 0.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from typing import Any

import numpy as np

from shared.document import written
from shared.market.indicators import sma
from shared.market.picking import regime_at, sight_at
from shared.market.prices import Prices
from shared.one_line import one_line

_FORMULAS = ("=", "+", "-", "@", "|", "%")
_MARKET = ("069500", "KOSPI")  # as the strategies have it: the ETF first, for it is what can be bought
_WINDOW = 200
SCHEMA = "relay.eod/1"
COLUMNS = ("code", "name", "close", "previous_close", "volume", "value", "flags")


def closes_csv(prices: Prices, unavailable: Mapping[str, str]) -> bytes:
    """One row per symbol of the last session; `flags` says what is odd about it: stands_in, old, halted, missing, unavailable."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    before = prices.until(len(prices.dates) - 1) if len(prices.dates) > 1 else None
    for place, symbol in enumerate(prices.symbols):
        close = prices.marks[-1, place]
        previous = before.marks[-1, place] if before is not None else np.nan
        traded = [prices.volume[-1, place], prices.value[-1, place]]
        row = [_number(one) for one in (close, previous, *traded)]
        table.writerow([symbol, _as_words(prices.names.get(symbol, "")), *row, _flags(prices, place)])
    for symbol in unavailable:
        table.writerow([symbol, "", "", "", "", "", "unavailable"])
    return text.getvalue().encode("utf-8-sig")  # so that a spreadsheet reads the names


def day_facts(prices: Prices, closes: bytes) -> bytes:
    """What goes with that table: its sha256, the session before, whether the prices are made up, and the market's regime."""
    before = str(prices.dates[-2]) if len(prices.dates) > 1 else None
    told = {"schema": SCHEMA, "day": str(prices.dates[-1]), "before": before, "synthetic": prices.synthetic}
    return written({**told, "closes_sha256": hashlib.sha256(closes).hexdigest(), "regime": _regime(prices)})


def _regime(prices: Prices) -> dict[str, Any] | None:
    """By the rule of the strategies; None where nothing that stands for the market has so many closes."""
    for symbol in (one for one in _MARKET if one in prices.symbols):
        alone = prices.pick([symbol])
        regime = regime_at(sight_at(alone, len(alone.dates) - 1), symbol, _WINDOW, "off")
        if regime.known[0]:
            closes = alone.close[alone.tradable[:, 0] & (alone.close[:, 0] > 0)]
            facts = {"symbol": symbol, "name": _as_words(prices.names.get(symbol, "")), "window": _WINDOW}
            return {**facts, "on": bool(regime.on[0]), "close": float(closes[-1, 0]), "mean": float(sma(closes, _WINDOW)[-1, 0])}
    return None


def _flags(prices: Prices, place: int) -> str:
    """Empty for an ordinary close of that day."""
    if any(one["code"] == "Q-STANDS-IN" for one in prices.findings.get(prices.symbols[place], [])):
        return "stands_in"
    if np.isnan(prices.marks[-1, place]):
        return "missing"
    if not prices.close[-1, place] > 0:
        last = prices.dates[np.flatnonzero(prices.close[:, place] > 0)[-1]]
        return f"old:{last}"
    return "" if prices.tradable[-1, place] else "halted"


def _as_words(name: str) -> str:
    """A name that a spreadsheet would take for a formula, and run, begins with the mark of a text; one of several lines is
    one."""
    plain = one_line(name).strip()
    return f"'{plain}" if plain.startswith(_FORMULAS) else plain


def _number(value: float) -> str:
    """What is not known is empty; no 0 stands for it."""
    return "" if np.isnan(value) else np.format_float_positional(value, trim="-")

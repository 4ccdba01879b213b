"""The last session's closes as a small table: all that the reports of a NAS need, on Python 3.8 and without numpy.

It exists so that a close that is old, halted or not known is told apart from a price, in words and not by a 0.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import numpy as np

from shared.market.prices import Prices
from shared.one_line import one_line

_FORMULAS = ("=", "+", "-", "@", "|", "%")
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

"""Indexes of the world from Yahoo, by yfinance: "^KS11" is KOSPI, "^GSPC" the S&P 500.

It exists for benchmarks abroad, and for those at home when the exchange's own site cannot be asked. What Yahoo calls the volume
of an index is counted in another unit at every exchange: it is not told.
"""

from __future__ import annotations

from datetime import date

from shared.market.bars import Bars
from shared.market.providers._frames import ENGLISH
from shared.market.providers._yfinance import bars_of_yahoo, load_yfinance

_PRICES = {name: column for name, column in ENGLISH.items() if name != "volume"}


def prepare() -> None:
    """yfinance takes seconds to load."""
    load_yfinance()


def fetch(symbol: str, start: date, end: date) -> Bars:
    """Its bars between these days."""
    return bars_of_yahoo(symbol, (start, end), _PRICES, f"asking Yahoo for the index {symbol}")

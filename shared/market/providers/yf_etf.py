"""ETFs and shares from Yahoo, by yfinance: "069500.KS" in Seoul, "SPY" in New York.

It exists for what is listed abroad, and as another opinion on what is listed here. Splits are in the prices and dividends are
not, so that a close is the one the exchange shows; the traded value is not told.
"""

from __future__ import annotations

from datetime import date

from shared.market.bars import Bars
from shared.market.providers._frames import ENGLISH
from shared.market.providers._yfinance import bars_of_yahoo, load_yfinance

ETFS_ALONE = True


def prepare() -> None:
    """yfinance takes seconds to load."""
    load_yfinance()


def fetch(symbol: str, start: date, end: date) -> Bars:
    """Its bars between these days."""
    return bars_of_yahoo(symbol, (start, end), ENGLISH, f"asking Yahoo for {symbol}")

"""A parquet file with the bars of one symbol, as older programs left them: the symbol is its path.

It exists so that years of prices somebody already has are not asked for again.
"""

from __future__ import annotations

from datetime import date

from shared.market.bars import Bars
from shared.market.providers._one_file import bars_of_file

LOCAL = True
ENDING = ".parquet"


def fetch(symbol: str, start: date, end: date) -> Bars:
    """The bars between these days of the file at that path."""
    return bars_of_file(symbol, start, end, ENDING)

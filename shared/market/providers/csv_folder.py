"""A CSV file with the bars of one symbol, as a person saved it, in English or Korean: the symbol is its path.

It exists so that whoever downloads prices by hand has them used in the place of a provider's.
"""

from __future__ import annotations

from datetime import date

from shared.market.bars import Bars
from shared.market.providers._one_file import bars_of_file

LOCAL = True
ENDING = ".csv"


def fetch(symbol: str, start: date, end: date) -> Bars:
    """The bars between these days of the file at that path."""
    return bars_of_file(symbol, start, end, ENDING)

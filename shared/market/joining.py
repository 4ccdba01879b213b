"""The rows of several files as one panel: days down, symbols across, each bar once.

It exists so that files may come in any order, overlap and be unsorted, and never contradict each other unseen.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shared.codes import is_code
from shared.errors import DataUnusable
from shared.market.prices import NUMBERS, Days, Flags, Floats
from shared.market.reading import Rows


class Joined(NamedTuple):
    """The panel's arrays; which bars had a row at all, how many came twice, and how many days nobody Korean traded."""

    dates: Days
    symbols: tuple[str, ...]
    numbers: dict[str, Floats]
    there: Flags
    twice: int
    foreign_days: int


def joined(files: list[Rows]) -> Joined:
    """All rows in one panel; DataUnusable where two rows of one day and symbol differ. What the files held is used up."""
    symbols = sorted({symbol for rows in files for symbol in rows.symbols})
    places = {symbol: place for place, symbol in enumerate(symbols)}
    columns = np.concatenate([np.array([places[symbol] for symbol in rows.symbols])[rows.which] for rows in files])
    days = np.concatenate([rows.days for rows in files])
    kept, foreign = _korean_days(symbols, columns, days)
    keep = np.isin(days, kept)
    where = _Cells(kept.astype("datetime64[D]"), tuple(symbols), np.searchsorted(kept, days[keep]) * len(symbols) + columns[keep])
    there = np.bincount(where.cells, minlength=len(kept) * len(symbols)).reshape(len(kept), len(symbols))
    again = np.flatnonzero(there.ravel()[where.cells] > 1)
    # One number at a time: all of them twice would be gigabytes.
    numbers = {name: _array(where, name, np.concatenate([_taken(rows, name) for rows in files])[keep], again) for name in NUMBERS}
    twice = len(where.cells) - int(np.count_nonzero(there))
    return Joined(where.dates, where.symbols, numbers, there > 0, twice, foreign)


class _Cells(NamedTuple):
    """Where in the panel each row belongs."""

    dates: Days
    symbols: tuple[str, ...]
    cells: NDArray[np.int64]


def _taken(rows: Rows, name: str) -> Floats:
    """That number of each row, for good; not known where the file has no such column."""
    return rows.numbers.pop(name) if name in rows.numbers else np.full(len(rows.days), np.nan)


def _array(where: _Cells, name: str, column: Floats, again: NDArray[np.int64]) -> Floats:
    """The panel's array of that number; `again`: the rows that are not alone on their day and symbol."""
    _refuse_differing(where, name, column, again)
    flat = np.full(len(where.dates) * len(where.symbols), np.nan)
    flat[where.cells] = column
    return flat.reshape(len(where.dates), len(where.symbols))


def _korean_days(symbols: list[str], columns: NDArray[np.int64], days: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """The days of the panel: those on which something of the Korean exchange has a row, where it has any such thing."""
    korean = np.array([is_code(symbol) for symbol in symbols])[columns]
    every = np.unique(days)
    kept = np.unique(days[korean]) if korean.any() else every
    return kept, len(every) - len(kept)


def _refuse_differing(where: _Cells, name: str, column: Floats, rows: NDArray[np.int64]) -> None:
    """DataUnusable where two of these rows are of one day and symbol, and say something else."""
    order = rows[np.argsort(where.cells[rows], kind="stable")]
    again = where.cells[order][1:] == where.cells[order][:-1]
    one, other = column[order][:-1], column[order][1:]
    differ = np.flatnonzero(again & (one != other) & ~(np.isnan(one) & np.isnan(other)))
    if len(differ):
        row, symbol = divmod(int(where.cells[order[differ[0]]]), len(where.symbols))
        found = f"{where.symbols[symbol]} has two rows on {where.dates[row]}: {name} {one[differ[0]]:g} and {other[differ[0]]:g}"
        raise DataUnusable("joining the dropped prices", found, "leave one of them; which one is right, nobody here knows")

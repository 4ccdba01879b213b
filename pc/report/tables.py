"""The CSV tables of a run.

It exists so that whoever reads them by a program finds every digit, and one shape.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from pc.engine import Trade
from shared.market import Days, Floats


def curves_csv(dates: Days, columns: dict[str, Floats]) -> bytes:
    """One row per day, STRAT and the benchmarks beside each other, every digit kept."""
    days = np.datetime_as_string(dates).tolist()
    return _csv(("date", *columns), zip(days, *(column.tolist() for column in columns.values()), strict=True))


def trades_csv(trades: Iterable[Trade]) -> bytes:
    """One row per fill, in the order they happened."""
    return _csv(
        Trade._fields, ((*t[:4], _plain(t.shares), _plain(t.price), *(round(v, 2) for v in t[6:10]), *t[10:]) for t in trades)
    )


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else number


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")

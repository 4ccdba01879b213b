"""A file with the bars of one symbol, as older programs and people write one, read as a provider's answer.

It exists so that a parquet file of a program long gone and a spreadsheet saved by hand are held to what a market's answer is.
"""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import numpy as np

from shared import clock
from shared.market.bars import Bars, bars_from, believed
from shared.market.outage import ExternalDataUnavailable, Kind
from shared.market.prices import NUMBERS
from shared.market.reading import cells_of, days_in, numbers_in
from shared.market.tables import COLUMNS

_CLOSES = ("close", "adjclose", "종가", "price")  # the first one that is there
_NAMELESS = ("index", "indexlevel0", "level0", "unnamed:0", "")  # what becomes of days that had no name
_PICKLES = (".pkl", ".pickle", ".p")
_OURS = {called: ours for ours in ("symbol", "date", *NUMBERS) for called in COLUMNS[ours]} | dict.fromkeys(_CLOSES, "close")
_ONE_MORE = timedelta(days=1)  # a machine's clock, and a zone


def bars_of_file(path: str, start: date, end: date, suffix: str) -> Bars:
    """The bars of the file between these days; ExternalDataUnavailable where it is absent, no such file, or no prices."""
    import pyarrow

    doing, file = f"reading the prices in {path}", Path(path)
    content = _content(file, suffix, doing)
    try:
        table, notes = (_from_parquet if suffix == ".parquet" else _from_csv)(content)
        bars, last = _bars(table, file, doing), clock.now().date() + _ONE_MORE
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError, csv.Error, OverflowError) as error:
        _refuse(doing, " ".join(str(error).split())[:200])
    if len(bars) and bars.dates[-1] > np.datetime64(last):
        _refuse(doing, f"{bars.dates[-1]} is yet to come")
    return believed(replace(bars, raw={file.name: content}, notes=(*notes, *bars.notes)), doing, start, end)


def _content(file: Path, suffix: str, doing: str) -> bytes:
    if file.suffix.lower() in _PICKLES:
        _refuse(doing, "a pickle is a program, which runs when it is read: save it as parquet or CSV")
    if file.suffix.lower() != suffix:
        _refuse(doing, f"it is no {suffix} file")
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        _refuse(doing, "there is no such file", "empty")
    except OSError as error:
        _refuse(doing, error.strerror or str(error), "empty")
    if not content.strip():
        _refuse(doing, "it has nothing in it", "empty")
    return content


def _from_parquet(content: bytes) -> tuple[Any, list[str]]:
    import pyarrow
    import pyarrow.parquet

    return pyarrow.parquet.read_table(pyarrow.BufferReader(content)), []


def _from_csv(content: bytes) -> tuple[Any, list[str]]:
    """A last line without its end may be half a line, and half a number is a number."""
    whole, end, _ = content.rpartition(b"\n")
    if content.endswith((b"\n", b"\r")) or not end:
        return cells_of(content, list), []
    return cells_of(whole + end, list), ["its last line has no end and was left out"]


def _bars(table: Any, file: Path, doing: str) -> Bars:
    columns = _columns(table.column_names, doing)
    _refuse_several(table, columns, doing)
    days = days_in(table.column(columns["date"].name)).astype("datetime64[D]")
    adjusted = columns["close"].plain == "adjclose"
    kept = ("close", "volume") if adjusted else NUMBERS  # the other prices of a day are not adjusted, and no bar is half
    unknown = np.full(len(days), np.nan)
    told = [numbers_in(table.column(columns[name].name)) if name in columns else unknown for name in kept]
    rows = np.stack([days.astype(np.float64), *told], axis=1)
    once = np.unique(rows, axis=0, equal_nan=True)
    notes = [f"{len(rows) - len(once)} row(s) came twice, alike"] if len(once) < len(rows) else []
    notes += ["of each day only the adjusted close is known"] if adjusted else []
    bars = [dict(zip(("date", *kept), [np.datetime64(int(row[0]), "D"), *row[1:]], strict=True)) for row in once]
    return bars_from(file.stem, bars, adjusted=adjusted or None, notes=tuple(notes))


def _refuse_several(table: Any, columns: dict[str, _Column], doing: str) -> None:
    """Of several symbols nobody knows here which was meant."""
    symbols = {symbol for column in columns.values() for symbol in column.symbols}
    if "symbol" in columns:
        symbols |= {str(one) for one in table.column(columns["symbol"].name).unique().to_pylist()}
    if len(symbols) > 1:
        _refuse(doing, f"it has more than one symbol: {', '.join(sorted(symbols))[:100]}")


class _Column(NamedTuple):
    """What a column is: which of ours, by which word, and the symbols that stand beside that word in its name."""

    name: str
    ours: str
    plain: str
    symbols: frozenset[str] = frozenset()


def _columns(names: Sequence[str], doing: str) -> dict[str, _Column]:
    """Which of the file's columns is which of ours: at least a day and a close."""
    found = dict[str, _Column]()
    for column in filter(None, map(_column, names)):
        other = found.setdefault(column.ours, column)
        if other is not column and (column.ours != "close" or other.plain == column.plain):
            _refuse(doing, f"the columns {other.name} and {column.name} both say {column.ours}")
        found[column.ours] = min(other, column, key=lambda one: _CLOSES.index(one.plain) if one.ours == "close" else 0)
    nameless = [name for name in names if _plain(_words(name)[0]) in _NAMELESS]
    if "date" not in found and nameless:
        found["date"] = _Column(nameless[0], "date", "")
    lacking = [ours for ours in ("date", "close") if ours not in found]
    if lacking:
        _refuse(doing, f"it has no column {' and no '.join(lacking)}; there are: {', '.join(names)[:150]}")
    return found


def _column(name: str) -> _Column | None:
    """None where nobody here needs it."""
    words = _words(name)
    known = next((word for word in words if _plain(word) in _OURS), None)
    if known is None:
        return None
    return _Column(name, _OURS[_plain(known)], _plain(known), frozenset(word for word in words if word not in (known, "")))


def _words(name: str) -> list[str]:
    """A name of several levels is written as a tuple: ('Close', '069500.KS')."""
    if name.startswith("("):
        with suppress(ValueError, SyntaxError):
            return [str(word) for word in ast.literal_eval(name)]
    return [name]


def _plain(word: str) -> str:
    return re.sub(r"[\s_-]", "", word).lower()


def _refuse(doing: str, why: str, kind: Kind = "schema_drift") -> NoReturn:
    raise ExternalDataUnavailable(doing, why, kind)

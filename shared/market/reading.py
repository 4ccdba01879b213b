"""One file of bars, as people have it: parquet or CSV in long form, with English or Korean column names.

It exists so that a file is dropped as it is; pyarrow is imported here only, and only while a panel is made.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from shared.codes import is_code, trouble_with
from shared.errors import DataUnusable
from shared.market.prices import NUMBERS, Floats
from shared.market.tables import columns_called, day_in, text_of

_INDEX = re.compile(r"\^?[A-Z][A-Z0-9&.]*")  # a file's name that may be the symbol of all its rows
_THOUSANDS = r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$"
_DAY, _SEOULS_MIDNIGHT = 86_400, 15 * 3_600  # seconds
_NO_TIME = re.compile(r"[ T]00:00:00.*$")
_PAGE = "docs/how-to/bring-real-prices.md"
_SHAPE = f"one row per day and symbol, with the columns of {_PAGE}"
_UNKNOWN = ("", "-", "NaN", "nan", "null", "NA", "N/A", "None")


class Rows(NamedTuple):
    """The bars of a file: the symbol of row n is `symbols[which[n]]`, its day `days[n]` (from 1970 on)."""

    symbols: list[str]
    which: NDArray[np.int64]
    days: NDArray[np.int64]
    numbers: dict[str, Floats]


def rows_of(file: Path, content: bytes) -> Rows:
    """What the file holds; DataUnusable where it cannot be read as bars."""
    import pyarrow

    doing = f"reading the prices in {file}"
    try:
        table = (_from_parquet if file.suffix.lower() == ".parquet" else _from_csv)(content, file)
        return _rows_in(table, file)
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError, csv.Error, OverflowError) as error:
        why = " ".join(str(error).split())[:300]
        raise DataUnusable(doing, why, f"is it still being copied? else save it again: {_SHAPE}") from error


def cells_of(content: bytes, chosen: Callable[[list[str]], list[str]]) -> Any:
    """The chosen columns of a CSV, every cell as text: a code keeps its zeros, and 1,234 is a number all the same."""
    import pyarrow.csv

    text = text_of(content)
    names = next(csv.reader(io.StringIO(text)), [])
    options = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(names, pyarrow.string()),
        include_columns=chosen(names),
        null_values=list(_UNKNOWN),
        strings_can_be_null=True,
    )
    return pyarrow.csv.read_csv(pyarrow.BufferReader(text.encode()), convert_options=options)


def _from_parquet(content: bytes, file: Path) -> Any:
    import pyarrow.parquet

    source = pyarrow.parquet.ParquetFile(pyarrow.BufferReader(content))
    return source.read(columns=list(_chosen(source.schema_arrow.names, file).values()))


def _from_csv(content: bytes, file: Path) -> Any:
    return cells_of(content, lambda names: list(_chosen(names, file).values()))


def _chosen(names: list[str], file: Path) -> dict[str, str]:
    """Which of the file's columns is which of ours: at least a day and a close."""
    found: dict[str, str] = {}
    for ours in ("symbol", "date", *NUMBERS):
        theirs = columns_called(ours, names)
        if len(theirs) > 1:
            raise DataUnusable(f"reading {file}", f"the columns {' and '.join(theirs)} both say {ours}", "keep one of them")
        found |= {ours: theirs[0]} if theirs else {}
    lacking = [name for name in ("date", "close") if name not in found]
    if names and lacking:
        why = f"it has no column {' and no '.join(lacking)}; there are: {', '.join(names)[:200]}"
        raise DataUnusable(f"reading the prices in {file}", why, _SHAPE)
    return found


def _rows_in(table: Any, file: Path) -> Rows:
    names = _chosen(table.column_names, file)
    if not table.num_rows:
        raise DataUnusable(f"reading the prices in {file}", "it has no rows", "take it away, or save it again")
    symbols, which = _symbols_in(table.column(names["symbol"]), file) if "symbol" in names else _named_by(file, table.num_rows)
    days = _converted(days_in, table.column(names["date"]), file, "date")
    numbers = {each: _converted(numbers_in, table.column(names[each]), file, each) for each in NUMBERS if each in names}
    return Rows(symbols, which, days, numbers)


def _named_by(file: Path, count: int) -> tuple[list[str], NDArray[np.int64]]:
    """All rows are of the symbol the file is named after: `069500.csv`."""
    trouble = trouble_with(file.stem)
    if trouble or (not is_code(file.stem) and not _INDEX.fullmatch(file.stem)):
        why = "it has no column symbol, and is not named after one as 069500.csv is" + (
            f": its name {trouble}" if trouble else ""
        )
        raise DataUnusable(f"reading the prices in {file}", why, _SHAPE)
    return [file.stem], np.zeros(count, dtype=np.int64)


def _symbols_in(column: Any, file: Path) -> tuple[list[str], NDArray[np.int64]]:
    import pyarrow
    from pyarrow import compute

    doing, fix = f"reading the prices in {file}", "save the symbols as text, with their zeros"
    if column.null_count:
        row = compute.index(column.is_null(), True).as_py() + 1
        raise DataUnusable(doing, f"row {row} has no symbol", fix)
    if not pyarrow.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    joined = column.unify_dictionaries().combine_chunks()
    encoded = joined if not hasattr(joined, "chunks") else joined.chunk(0)
    symbols = encoded.dictionary.to_pylist()
    for symbol in symbols:
        trouble = trouble_with(symbol)
        if trouble:
            raise DataUnusable(doing, f"a symbol {trouble}", fix)
    return symbols, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _converted(convert: Callable[[Any], Any], column: Any, file: Path, name: str) -> Any:
    import pyarrow

    try:
        return convert(column)
    except pyarrow.ArrowException as error:
        why = f"the column {name}: {' '.join(str(error).split())[:200]}"
        raise DataUnusable(f"reading the prices in {file}", why, f"mend it, or leave that cell empty ({_PAGE})") from error


def days_in(column: Any) -> NDArray[np.int64]:
    """The day of each cell, from 1970 on; ArrowInvalid where one has none."""
    import pyarrow
    from pyarrow import compute

    if column.null_count:
        raise pyarrow.ArrowInvalid(f"row {compute.index(column.is_null(), True).as_py() + 1} has no date")
    if not pyarrow.types.is_temporal(column.type):  # 2024-01-02, 2024/01/02, 2024.01.02, 20240102
        found = column.cast(pyarrow.string()).combine_chunks().dictionary_encode()
        days = np.array([_day(text) for text in found.dictionary.to_pylist()], dtype=np.int64)
        return cast("NDArray[np.int64]", days[np.asarray(found.indices)])
    _refuse_midnight_elsewhere(column)
    # Of a time with a zone that is its day there: midnight in Seoul is not yet that day in UTC.
    return np.asarray(column.cast(pyarrow.date32(), safe=False).cast(pyarrow.int32()), dtype=np.int64)


def _refuse_midnight_elsewhere(column: Any) -> None:
    """Seoul's midnight written as UTC would put every bar on the day before."""
    import pyarrow

    if not pyarrow.types.is_timestamp(column.type) or column.type.tz not in (None, "UTC", "+00:00", "Etc/UTC"):
        return
    seconds = np.asarray(column.cast(pyarrow.timestamp("s", column.type.tz), safe=False).cast(pyarrow.int64()))
    if len(seconds) and (seconds % _DAY == _SEOULS_MIDNIGHT).all():
        raise pyarrow.ArrowInvalid("every time in it is 15:00 UTC, midnight in Seoul: write days, or times with their zone")


def _day(text: str) -> int:
    import pyarrow

    try:
        return (day_in(_NO_TIME.sub("", text)) - date(1970, 1, 1)).days
    except ValueError as error:
        raise pyarrow.ArrowInvalid(f"{text!r} is no day") from error


def numbers_in(column: Any) -> Floats:
    """The number in each cell, NaN where there is none; ArrowInvalid where a cell holds something else."""
    import pyarrow
    from pyarrow import compute

    if pyarrow.types.is_string(column.type) or pyarrow.types.is_large_string(column.type):
        column = compute.utf8_trim_whitespace(column)
        odd = compute.and_(
            compute.match_substring(column, ","), compute.invert(compute.match_substring_regex(column, _THOUSANDS))
        )
        if compute.any(odd).as_py():  # a comma may be a decimal point elsewhere, and 35,5 is not 355
            found = compute.filter(column, odd)[0].as_py()
            raise pyarrow.ArrowInvalid(f"{found!r} is no number with its commas between thousands")
        column = compute.replace_substring(column, ",", "")
    return np.asarray(column.cast(pyarrow.float64(), safe=False), dtype=np.float64)

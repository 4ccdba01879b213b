"""The file of a part: a year's bars as parquet, with the provider and the symbol they are of.

It exists so that bars come back exactly as they were put, or are called damaged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from shared.market.bars import Bars
from shared.market.cache.series import OVERLAP, Part, Span
from shared.market.prices import NUMBERS, Flags

_FORMAT = b"relay.bars/1"


class PartDamaged(Exception):
    """These bytes are not the part they should be."""


def year_of(day: date) -> Span:
    """The calendar year of that day, which is one part."""
    return Span(date(day.year, 1, 1), date(day.year, 12, 31))


def lost_in(parts: Iterable[Part], asked: Span) -> tuple[Span, ...]:
    """The days of those that were damaged, as far as they were ever asked for."""
    lost = [year_of(part.first) for part in parts if not part.file]
    return tuple(Span(max(one.start, asked.start), min(one.end, asked.end)) for one in lost)


def within(bars: Bars, span: Span) -> Flags:
    """Which of its days are of that span."""
    days: Flags = (bars.dates >= np.datetime64(span.start, "D")) & (bars.dates <= np.datetime64(span.end, "D"))
    return days


def picked(bars: Bars, which: Flags) -> Bars:
    """Only these days of it."""
    return replace(bars, dates=bars.dates[which], numbers={name: bars.numbers[name][which] for name in NUMBERS})


def by_year(bars: Bars) -> dict[int, Bars]:
    """Its bars year by year, ascending."""
    years = bars.dates.astype("datetime64[Y]").astype(np.int64) + 1970
    return {int(year): picked(bars, years == year) for year in np.unique(years)}


def joined(symbol: str, pieces: Iterable[Bars]) -> Bars:
    """One series of pieces that follow each other; without a day where there are no pieces."""
    there = list(pieces)
    dates = np.concatenate([np.empty(0, "datetime64[D]"), *(one.dates for one in there)])
    numbers = {name: np.concatenate([np.empty(0), *(one.numbers[name] for one in there)]) for name in NUMBERS}
    return Bars(symbol, dates, numbers)


def packed(provider: str, bars: Bars) -> tuple[Part, bytes]:
    """The part these bars of one year are, and its file's bytes."""
    data = _parquet(provider, bars)
    sha256 = hashlib.sha256(data).hexdigest()
    days: list[date] = bars.dates.tolist()
    file = f"{days[0].year}-{sha256[:8]}.parquet"
    return Part(days[0].year, file, sha256, bars_sha256(bars), len(days), days[0], tuple(days[-OVERLAP:])), data


def unpacked(part: Part, data: bytes, symbol: str) -> Bars:
    """The bars in it; PartDamaged where it is not, to the last byte, what was put."""
    if hashlib.sha256(data).hexdigest() != part.sha256:
        raise PartDamaged("its sha256 is another")
    bars = _bars(data, symbol)
    if bars_sha256(bars) != part.bars_sha256:
        raise PartDamaged("the bars in it are others")
    return bars


def bars_sha256(bars: Bars) -> str:
    """Over the days and numbers themselves: equal exactly when these are."""
    digest = hashlib.sha256(bars.dates.astype("<M8[D]").tobytes())
    for name in NUMBERS:
        array = np.where(np.isnan(bars.numbers[name]), np.nan, bars.numbers[name] + 0.0)  # one NaN and one zero
        digest.update(array.astype("<f8").tobytes())
    return digest.hexdigest()


def _parquet(provider: str, bars: Bars) -> bytes:
    import pyarrow
    import pyarrow.parquet

    columns = {"day": pyarrow.array(bars.dates), **{name: pyarrow.array(bars.numbers[name]) for name in NUMBERS}}
    facts = {b"format": _FORMAT, b"provider": provider.encode(), b"symbol": bars.symbol.encode("utf-8", "surrogatepass")}
    sink = pyarrow.BufferOutputStream()
    table = pyarrow.table(columns).replace_schema_metadata(facts)
    pyarrow.parquet.write_table(table, sink, compression="zstd", use_dictionary=False, write_statistics=False)
    return bytes(sink.getvalue())


def _bars(data: bytes, symbol: str) -> Bars:
    import pyarrow
    import pyarrow.parquet

    try:
        table: Any = pyarrow.parquet.ParquetFile(pyarrow.BufferReader(data)).read(use_threads=False)
        dates = _array(table.column("day").cast("int32")).astype("datetime64[D]")
        return Bars(symbol, dates, {name: _array(table.column(name)) for name in NUMBERS})
    except (pyarrow.ArrowException, KeyError, OSError) as error:
        raise PartDamaged(f"it cannot be read ({' '.join(str(error).split())[:120]})") from error


def _array(column: Any) -> Any:
    """Its numbers; `to_numpy` would load pandas for it, a third of a second."""
    pieces = [np.from_dlpack(chunk) for chunk in column.chunks]
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces) if pieces else np.array([])

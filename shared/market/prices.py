"""Prices: the panel of daily bars every run reads, and its folder on disk.

It exists so that a run opens years of bars in under a millisecond and can say exactly which bars it read.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.errors import DataMissing, nearest

FIELDS = ("open", "high", "low", "close", "volume")
ABOUT = "about.json"
_PAGE = "docs/how-to/bring-real-prices.md"

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]


@dataclass(frozen=True, eq=False)
class Prices:
    """One row per session, one column per symbol; what is not known is NaN; nobody may write into it."""

    dates: Days
    symbols: tuple[str, ...]
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    synthetic: bool
    provider: str
    fingerprint: str = ""
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = (len(self.dates), len(self.symbols))
        for name in FIELDS:
            array = getattr(self, name)
            if array.shape != shape:
                raise ValueError(f"{name} is {array.shape}, not {shape}")
            array.flags.writeable = False
        if not (self.dates[1:] > self.dates[:-1]).all():
            raise ValueError("the days do not ascend")
        self.dates.flags.writeable = False

    def rows(self, start: date | None, end: date | None) -> slice:
        """The rows from `start` to `end`, both included; an open side reaches to the panel's edge."""
        first = 0 if start is None else int(np.searchsorted(self.dates, np.datetime64(start, "D"), "left"))
        stop = len(self.dates) if end is None else int(np.searchsorted(self.dates, np.datetime64(end, "D"), "right"))
        return slice(first, max(first, stop))

    def until(self, stop: int) -> Prices:
        """The panel as it was known when row `stop` had not happened yet."""
        if stop >= len(self.dates):
            return self
        return replace(self, dates=self.dates[:stop], **{name: getattr(self, name)[:stop] for name in FIELDS})

    def pick(self, symbols: list[str]) -> Prices:
        """Only these columns, in this order; the fingerprint stays that of the whole panel."""
        columns = [self.column(symbol) for symbol in symbols]
        arrays: dict[str, Any] = {name: np.ascontiguousarray(getattr(self, name)[:, columns]) for name in FIELDS}
        names = {symbol: self.names[symbol] for symbol in symbols if symbol in self.names}
        return replace(self, symbols=tuple(symbols), names=names, **arrays)

    def column(self, symbol: str) -> int:
        """Where this symbol is; DataMissing when it is not."""
        if symbol not in self.symbols:
            why = f"{self.provider} prices have no such symbol"
            raise DataMissing(f"reading the prices of {symbol!r}", why, nearest(symbol, self.symbols))
        return self.symbols.index(symbol)

    def growth(self, symbol: str, rows: slice) -> Floats:
        """What 1 became, from the first of these rows on."""
        closes = last_known(self.close[: rows.stop, [self.column(symbol)]])[rows.start :, 0]
        growth: Floats = closes / closes[0]
        if not np.isfinite(growth).all():
            raise DataMissing(f"reading the prices of {symbol!r}", "a close is infinite", f"write the prices again ({_PAGE})")
        return growth

    def lacks(self, symbol: str, rows: slice) -> str:
        """Why this symbol cannot be used in these rows, or nothing."""
        if symbol not in self.symbols:
            return "no such symbol in these prices"
        known = np.flatnonzero(self.close[: rows.stop, self.symbols.index(symbol)] > 0)
        return "" if len(known) and known[-1] >= rows.start else "no price in the period"

    def starts_late(self, symbol: str, rows: slice) -> str:
        """Why this symbol cannot be compared from the first of these rows on, or nothing."""
        known = self.close[: rows.start + 1, self.column(symbol)] > 0
        return "" if known.any() else f"first price {self.span(symbol)['first']}, after the start of the period"

    def falls_short(self, start: date | None, end: date | None) -> list[str]:
        """What of the asked period is missing: a week at either edge may be holidays, more is not."""
        first, last, week = self.dates[0], self.dates[-1], np.timedelta64(7, "D")
        early = start is not None and np.datetime64(start, "D") + week < first
        late = end is not None and last + week < np.datetime64(end, "D")
        said = [f"prices begin only on {first}, asked from {start}"] if early else []
        return [*said, *([f"prices end already on {last}, asked until {end}"] if late else [])]

    def span(self, symbol: str) -> dict[str, Any]:
        """The first and the last day with a price, and how many there are."""
        known = np.flatnonzero(self.close[:, self.column(symbol)] > 0)
        if not len(known):
            return {"first": None, "last": None, "rows": 0}
        return {"first": str(self.dates[known[0]]), "last": str(self.dates[known[-1]]), "rows": len(known)}


def last_known(close: Floats) -> Floats:
    """Each close, or the last one before it where there is none; NaN before the first."""
    known = close > 0
    if known.all():
        return close
    rows = np.where(known, np.arange(len(close))[:, None], 0)
    np.maximum.accumulate(rows, axis=0, out=rows)
    filled = np.take_along_axis(close, rows, axis=0)
    return np.where(known.cumsum(axis=0) > 0, filled, np.nan)


def fingerprint_of(prices: Prices) -> str:
    """sha256 over dates, symbols and bars: equal exactly when the numbers are."""
    digest = hashlib.sha256(json.dumps([len(prices.dates), *prices.symbols]).encode())
    digest.update(prices.dates.astype("<i8").tobytes())
    for name in FIELDS:
        digest.update(np.ascontiguousarray(getattr(prices, name), dtype="<f8").tobytes())
    return digest.hexdigest()


def write_prices(folder: Path, prices: Prices) -> None:
    """Put the panel into `folder`, whole or not at all; FileExistsError when somebody else was first."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}.tmp")
    try:
        fill(fresh, prices)
        _move(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def open_panel(folder: Path) -> Prices:
    """The panel whose files lie in `folder` under their own names; DataMissing when it is absent or damaged."""
    prices, files = load_panel(folder, lambda name: folder / name)
    # A panel that was not made by write_prices keeps no sizes and times: then the numbers themselves are asked.
    same = files == _files_in(folder, prices.symbols) if files is not None else prices.fingerprint == fingerprint_of(prices)
    if not same:
        fix = f"remove the folder: made-up prices are made again by the next run, real ones you write again ({_PAGE})"
        raise DataMissing(f"opening the prices in {folder}", "an array was changed since it was made", fix)
    return prices


def load_panel(folder: Path, place: Callable[[str], Path]) -> tuple[Prices, Any]:
    """The panel whose files lie at `place`, mapped and not read, and what it says of its arrays; DataMissing otherwise."""
    doing = f"opening the prices in {folder}"
    try:
        about = json.loads(place(ABOUT).read_text(encoding="utf-8"))
        arrays = {name: np.load(place(f"{name}.npy"), mmap_mode="r") for name in FIELDS}
        dates = np.load(place("dates.npy"))
        files, synthetic = about.pop("files", None), about["synthetic"]
        prices = Prices(dates, tuple(about.pop("symbols")), **arrays, **about)
    except FileNotFoundError as error:
        fix = f"bring real prices there ({_PAGE}), or set `prices: synthetic` to try things out with made-up ones"
        raise DataMissing(doing, f"there is no {error.filename}", fix) from error
    except (ValueError, TypeError, KeyError, EOFError) as error:
        fix = f"remove the folder and write the prices again ({_PAGE})"
        raise DataMissing(doing, f"the files are damaged ({error})", fix) from error
    if not isinstance(synthetic, bool):  # a false origin must never get onto numbers
        why = f"synthetic is {synthetic!r}, neither true nor false"
        raise DataMissing(f"reading {folder / ABOUT}", why, f"write true or false there ({_PAGE})")
    return prices, files


def _files_in(folder: Path, symbols: tuple[str, ...]) -> dict[str, list[int]]:
    """Size and time of every array, and which column is whose: what tells a changed one without reading it."""
    found = {name: os.stat(folder / f"{name}.npy") for name in ("dates", *FIELDS)}
    columns = [len(symbols), zlib.crc32(json.dumps(symbols).encode())]
    return {**{name: [one.st_size, one.st_mtime_ns] for name, one in found.items()}, "columns": columns}


def _move(fresh: Path, folder: Path) -> None:
    try:
        # RACE: two writers: the second finds a folder with files in it, and no system renames over that.
        os.rename(fresh, folder)
    except OSError as error:
        if folder.is_dir() and any(folder.iterdir()):
            raise FileExistsError(f"{folder} is already there") from error
        raise


def fill(folder: Path, prices: Prices, with_times: bool = True) -> None:
    """A new folder with the panel's files, on the platter; with `with_times`, a change of them is noticed in that folder."""
    if any(np.isinf(getattr(prices, name)).any() for name in FIELDS):
        raise ValueError("a price or volume is infinite; what is not known is NaN")
    folder.mkdir()
    for name in ("dates", *FIELDS):
        with open(folder / f"{name}.npy", "wb") as file:
            np.save(file, np.ascontiguousarray(getattr(prices, name)))
            file.flush()
            os.fsync(file.fileno())
    about = {"symbols": prices.symbols, "synthetic": prices.synthetic, "provider": prices.provider}
    about |= {"fingerprint": fingerprint_of(prices), "names": prices.names}
    about |= {"files": _files_in(folder, prices.symbols)} if with_times else {}
    with open(folder / ABOUT, "w", encoding="utf-8") as file:
        file.write(json.dumps(about, ensure_ascii=False, indent=1))
        file.flush()
        os.fsync(file.fileno())

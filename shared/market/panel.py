"""A panel on disk: a folder of arrays that a run maps instead of reading.

It exists so that years of bars open in under a millisecond, and changed ones never pass for those they replaced.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.errors import DataMissing
from shared.market.prices import FIELDS, NUMBERS, READY, Prices

ABOUT = "about.json"
_PAGE = "docs/how-to/bring-real-prices.md"
_ARRAYS = ("dates", *NUMBERS, *READY)  # also what follows from the bars, so that no run works it out again
_LATER = ("value", *READY)  # a panel made before they were kept is without


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
    now = _files_in(folder, prices.symbols)
    if _as_noted(files, now):
        return prices
    # A panel made by other hands notes nothing, and is read through every time.
    return _read_through(folder, prices, now if files is not None else None)


def load_panel(folder: Path, place: Callable[[str], Path]) -> tuple[Prices, Any]:
    """The panel whose files lie at `place`, mapped and not read, and what it says of its arrays; DataMissing otherwise."""
    doing = f"opening the prices in {folder}"
    try:
        about = json.loads(place(ABOUT).read_text(encoding="utf-8"))
        files, synthetic = about.pop("files", None), about["synthetic"]
        prices = _panel(about, place)
    except FileNotFoundError as error:
        fix = f"drop a parquet or CSV file there ({_PAGE}), or set `prices: synthetic` to try things out with made-up ones"
        raise DataMissing(doing, f"there is no {error.filename}", fix) from error
    except (ValueError, TypeError, KeyError, EOFError) as error:
        fix = f"remove the folder and write the prices again ({_PAGE})"
        raise DataMissing(doing, f"the files are damaged ({error})", fix) from error
    if not isinstance(synthetic, bool):  # a false origin must never get onto numbers
        why = f"synthetic is {synthetic!r}, neither true nor false"
        raise DataMissing(f"reading {folder / ABOUT}", why, f"write true or false there ({_PAGE})")
    return prices, files


def fill(folder: Path, prices: Prices, with_times: bool = True) -> None:
    """A new folder with the panel's files, on the platter; with `with_times`, a change of them is noticed in that folder."""
    if any(np.isinf(getattr(prices, name)).any() for name in NUMBERS):
        raise ValueError("a price or volume is infinite; what is not known is NaN")
    folder.mkdir()
    for name in _ARRAYS:
        with open(folder / f"{name}.npy", "wb") as file:
            np.save(file, np.ascontiguousarray(getattr(prices, name)))
            file.flush()
            os.fsync(file.fileno())
    about = _about(prices)
    about |= {"files": _files_in(folder, prices.symbols)} if with_times else {}
    with open(folder / ABOUT, "w", encoding="utf-8") as file:
        file.write(json.dumps(about, ensure_ascii=False, indent=1))
        file.flush()
        os.fsync(file.fileno())


def fingerprint_of(prices: Prices) -> str:
    """sha256 over dates, symbols and bars, and over traded values where any is known: equal exactly when the numbers are."""
    digest = hashlib.sha256(json.dumps([len(prices.dates), *prices.symbols]).encode())
    digest.update(prices.dates.astype("<i8").tobytes())
    for name in FIELDS if np.isnan(prices.value).all() else NUMBERS:
        digest.update(np.ascontiguousarray(getattr(prices, name), dtype="<f8").tobytes())
    return digest.hexdigest()


def not_following(prices: Prices) -> list[str]:
    """What of the arrays kept ready does not follow from the bars."""
    fresh = replace(prices)  # whatever was kept ready stays behind
    pairs = {name: (getattr(prices, name), getattr(fresh, name)) for name in READY}
    return [name for name, (one, other) in pairs.items() if not np.array_equal(one, other, equal_nan=one.dtype.kind == "f")]


def _as_noted(files: Any, now: dict[str, list[int]]) -> bool:
    """Earlier versions noted sizes and times of change, or these and inodes."""
    if not isinstance(files, dict) or files.keys() != now.keys():
        return False
    return all(isinstance(noted, list) and noted and now[name][: len(noted)] == noted for name, noted in files.items())


def _read_through(folder: Path, prices: Prices, now: dict[str, list[int]] | None) -> Prices:
    """The panel of files that are not those noted: a copy, or changed. The same numbers are believed and noted anew."""
    if prices.fingerprint != fingerprint_of(prices) or not_following(prices):
        fix = f"remove the folder: made-up prices are made again by the next run, real ones you write again ({_PAGE})"
        raise DataMissing(f"opening the prices in {folder}", "an array was changed since it was made", fix)
    if now:
        fresh = folder / f".{ABOUT}.{uuid.uuid4().hex}.tmp"
        with suppress(OSError):  # where nobody may write, the next one reads it through too
            about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
            fresh.write_text(json.dumps({**about, "files": now}, ensure_ascii=False, indent=1), encoding="utf-8")
            os.replace(fresh, folder / ABOUT)
    return prices


def _about(prices: Prices) -> dict[str, Any]:
    """What is not an array."""
    told = {"symbols": prices.symbols, "synthetic": prices.synthetic, "provider": prices.provider}
    told |= {"fingerprint": fingerprint_of(prices), "adjusted": prices.adjusted, "names": prices.names, "kinds": prices.kinds}
    told |= {"delisted": {symbol: str(day) for symbol, day in prices.delisted.items()}, "notes": prices.notes}
    later = {
        "findings": prices.findings,
        "providers": prices.providers,
        "unavailable": prices.unavailable,
    }  # unsaid where there are none: as panels always were
    return told | {name: said for name, said in later.items() if said}


def _panel(about: dict[str, Any], place: Callable[[str], Path]) -> Prices:
    arrays: dict[str, Any] = {name: _mapped(place(f"{name}.npy")) for name in FIELDS}
    later = {}
    for name in _LATER:
        with suppress(FileNotFoundError, KeyError):
            later[name] = _mapped(place(f"{name}.npy"))
    arrays |= {"value": later.pop("value")} if "value" in later else {}
    dates, symbols = np.load(place("dates.npy")), tuple(about.pop("symbols"))
    delisted = {symbol: date.fromisoformat(day) for symbol, day in about.pop("delisted", {}).items()}
    return Prices(dates, symbols, **arrays, **about, delisted=delisted).with_ready(later)


def _mapped(file: Path) -> NDArray[Any]:
    """As a plain array: numpy's own class for mapped ones runs Python for every part that is taken of it."""
    return np.asarray(np.load(str(file), mmap_mode="r"))  # of a Path numpy asks the system for every folder above it


def _files_in(folder: Path, symbols: tuple[str, ...]) -> dict[str, list[int]]:
    """Size, times and inode of every array, and which column is whose: what tells a changed one without reading it."""
    there = [name for name in _ARRAYS if name not in _LATER or (folder / f"{name}.npy").exists()]
    found = {name: os.stat(folder / f"{name}.npy") for name in there}
    columns = [len(symbols), zlib.crc32(json.dumps(symbols).encode())]
    return {
        **{name: [one.st_size, one.st_mtime_ns, one.st_ino, one.st_ctime_ns] for name, one in found.items()},
        "columns": columns,
    }


def _move(fresh: Path, folder: Path) -> None:
    try:
        # RACE: two writers: the second finds a folder with files in it, and no system renames over that.
        os.rename(fresh, folder)
    except OSError as error:
        if folder.is_dir() and any(folder.iterdir()):
            raise FileExistsError(f"{folder} is already there") from error
        raise

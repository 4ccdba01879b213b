"""An earlier version of the prices, where it is still on this machine, and the very numbers that were revised since.

It exists so that "a price of March changed" can be followed by the day, the old number and the new one, while both lie here.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from shared.errors import DataMissing
from shared.market.panel import ABOUT, fingerprint_of, load_panel, open_panel
from shared.market.prices import NUMBERS, Prices
from shared.market.sealed import open_prices

_SHARDS = "shards"
_PANELS = ".panel-*"
_LETTERS = 17  # of a shard's name before its own: 16 of its content, and a dash


class Revised(NamedTuple):
    """Two versions of the prices by their fingerprints, and per symbol the months that differ; None: not known which."""

    before: str
    now: str
    months: Mapping[str, list[str] | None]


class _Value(NamedTuple):
    """One number of one bar, as it was and as it is; None: it was not known."""

    symbol: str
    date: str
    field: str
    before: float | None
    now: float | None


def revised_values(folders: Iterable[Path], revised: Revised, most: int) -> dict[str, Any]:
    """`count` and the first of the numbers that differ (`shown`); `count` is None, and `why` says so, where one of the two
    versions is no longer on this machine."""
    places = list(folders)
    before, now = (version_of(places, fingerprint) for fingerprint in (revised.before, revised.now))
    if before is None or now is None:
        gone = "earlier" if before is None else "present"
        return {"count": None, "shown": [], "why": f"the {gone} prices are no longer on this machine"}
    count, shown = 0, list[dict[str, Any]]()
    for symbol, months in revised.months.items():
        found, each = _differing(before, now, symbol, months)
        count += found
        shown += [one._asdict() for one in islice(each, most - len(shown))]
    return {"count": count, "shown": shown, "why": None}


def version_of(folders: Iterable[Path], fingerprint: str) -> Prices | None:
    """The panel of that fingerprint, mapped: the one in use, or one that still lies there; None where there is none."""
    for prices in (one for folder in folders for one in _versions(folder, fingerprint)):
        if prices.fingerprint == fingerprint:
            return prices
    return None


def _versions(folder: Path, fingerprint: str) -> Iterator[Prices]:
    if not folder.is_dir():
        return
    with contextlib.suppress(DataMissing, OSError):
        yield open_prices(folder)
    for panel in folder.glob(_PANELS):
        with contextlib.suppress(DataMissing, OSError):
            yield open_panel(panel)
    with contextlib.suppress(DataMissing, OSError, ValueError, LookupError, TypeError):
        yield _sealed_before(folder, fingerprint)


def _sealed_before(folder: Path, fingerprint: str) -> Prices:
    """The version before the sealed one in use: its shards stay until the one after next."""
    index = json.loads((folder / "index.json").read_bytes())
    used = {f"{one['sha256'][:16]}-{one['name']}" for one in index["shards"]}
    files = {path.name[_LETTERS:]: path for path in (folder / _SHARDS).iterdir() if path.name in used}
    files |= {path.name[_LETTERS:]: path for path in (folder / _SHARDS).iterdir() if path.name not in used}
    doing = f"looking for earlier prices in {folder}"
    if json.loads(files[ABOUT].read_text(encoding="utf-8")).get("fingerprint") != fingerprint:
        raise DataMissing(doing, "they are not there", "nothing is to be done")
    prices = load_panel(folder, lambda name: files.get(name, folder / name))[0]
    # RACE: shards of a version that is only coming lie there too, and nothing names whose is whose.
    if fingerprint_of(prices) != fingerprint:
        raise DataMissing(doing, "newer ones are just arriving", "nothing is to be done")
    return prices


def _differing(before: Prices, now: Prices, symbol: str, months: list[str] | None) -> tuple[int, Iterator[_Value]]:
    """How many numbers of that symbol differ on the days both know, and which."""
    if symbol not in before.symbols or symbol not in now.symbols:
        return 0, iter(())
    days, ours, theirs = np.intersect1d(before.dates, now.dates, assume_unique=True, return_indices=True)
    if months is not None:
        wanted = np.isin(days.astype("datetime64[M]"), np.array(months, dtype="datetime64[M]"))
        days, ours, theirs = days[wanted], ours[wanted], theirs[wanted]
    was, is_ = (_bars(prices, symbol, rows) for prices, rows in ((before, ours), (now, theirs)))
    rows, fields = np.nonzero(~((was == is_) | (np.isnan(was) & np.isnan(is_))))
    places = zip(rows.tolist(), fields.tolist(), strict=True)
    values = (
        _Value(symbol, str(days[row]), NUMBERS[place], _number(was[row, place]), _number(is_[row, place]))
        for row, place in places
    )
    return len(rows), values


def _bars(prices: Prices, symbol: str, rows: Any) -> Any:
    column = prices.column(symbol)
    return np.stack([getattr(prices, name)[rows, column] for name in NUMBERS], axis=1)


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)

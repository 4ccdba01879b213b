"""Prices people drop as files: a panel is made of them once, beside them, and named by their content.

It exists so that bringing prices is copying a file, and what a run maps is always what lies there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any, NamedTuple

from shared import clock
from shared.errors import DataMissing, DataUnusable
from shared.krx_calendar import shipped_calendar
from shared.market import quality
from shared.market.joining import joined
from shared.market.listing import facts_beside, is_beside
from shared.market.panel import open_panel, write_prices
from shared.market.prices import Prices
from shared.market.quality import Finding, examined, of_joining, refuse_impossible
from shared.market.reading import rows_of
from shared.strangers import is_systems_own

_ENDINGS = (".parquet", ".csv")
_SEEN = ".seen.json"
_MADE_BY = "3"  # another number makes every panel anew: raised when the same files give other ones
_TIMES_APART = 2_000_000_000  # ns: a file that young may still change without its time showing it
_KEPT = 2  # panels: a run may still be opening the one before


class _Source(NamedTuple):
    """A file as it lies there now."""

    path: Path
    seen: list[int]  # size, time in ns, inode


def files_in(folder: Path) -> list[Path]:
    """The files of bars people dropped there, by name."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        return [path for path in sorted(folder.iterdir()) if _is_bars(path)]
    return []


def open_dropped(folder: Path) -> Prices:
    """The panel of the files in `folder`, made now where these files were never one; DataUnusable where they cannot be."""
    panel = folder / f".panel-{key_of(folder)}"
    if panel.is_dir():
        with contextlib.suppress(DataMissing):  # damaged, or swept by somebody who made a newer one: made again below
            return open_panel(panel)
        shutil.rmtree(panel, ignore_errors=True)
    try:
        _make(folder, panel)
    except OSError as error:
        fix = "whoever runs backtests must be able to write there; make room, and look at the permissions"
        raise DataMissing(f"making a panel of the files in {folder}", str(error), fix) from error
    return open_panel(panel)


def key_of(folder: Path) -> str:
    """What names the panel of these files: it changes with every byte of them. Unchanged ones are not read again."""
    sources, known = _sources(folder), _known(folder)
    sums = {one.path.name: _sum(one, known) for one in sources}
    if sums.items() - {name: said[-1] for name, said in known.items()}.items() or sums.keys() != known.keys():
        _note(folder, {one.path.name: [*one.seen, sums[one.path.name]] for one in sources})
    return hashlib.sha256(json.dumps([_MADE_BY, *sorted(sums.items())]).encode()).hexdigest()[:16]


def _make(folder: Path, panel: Path) -> None:
    """Read all, check all, write one panel: whole or not at all; of two makers the first one's stays."""
    sources = _sources(folder)
    contents = {one.path: one.path.read_bytes() for one in sources}
    found = joined([rows_of(path, content) for path, content in contents.items() if not is_beside(path)])
    refuse_impossible(found, clock.now().date())
    facts = facts_beside({path.name: content for path, content in contents.items() if is_beside(path)})
    told: Any = {**found.numbers, **_of(found.symbols, facts)}
    prices = _examined(Prices(found.dates, found.symbols, synthetic=False, **told), of_joining(found))
    if _sources(folder) != sources or panel.name != f".panel-{key_of(folder)}":
        raise DataUnusable(f"reading the prices in {folder}", "a file changed meanwhile", "copy all of it, then send it again")
    with contextlib.suppress(FileExistsError):
        write_prices(panel, prices)
    _sweep(folder, panel)


def _examined(prices: Prices, joining: list[Finding]) -> Prices:
    """Looked at as of their own last day: how old that is by now, each run says."""
    harmless, found = examined(prices, prices.dates[-1].item(), shipped_calendar(), leaves_out=False)
    return quality.told(harmless, [*joining, *found])


def _is_bars(path: Path) -> bool:
    """Not hidden, not a spreadsheet's note that it is open, and no word beside."""
    is_ours = path.suffix.lower() in _ENDINGS and not is_systems_own(path.name) and not path.name.startswith("~$")
    return is_ours and not is_beside(path) and path.is_file()


def _sources(folder: Path) -> list[_Source]:
    beside = [path for path in folder.iterdir() if is_beside(path)]
    found = []
    for path in sorted([*files_in(folder), *beside]):
        there = path.stat()
        found.append(_Source(path, [there.st_size, there.st_mtime_ns, there.st_ino, there.st_ctime_ns]))
    return found


def _known(folder: Path) -> dict[str, list[Any]]:
    """What was noted of each file: how it was seen, and its sha256. Nothing of a file too young to be sure of."""
    with contextlib.suppress(OSError, ValueError, TypeError, LookupError):
        noted = (folder / _SEEN).stat().st_mtime_ns
        said = json.loads((folder / _SEEN).read_text(encoding="utf-8"))
        # RACE: a file written again within one tick of the clock keeps size and time; once both clocks moved on it cannot.
        return {name: seen for name, seen in said.items() if max(seen[1], seen[3]) + _TIMES_APART < noted}
    return {}


def _sum(source: _Source, known: dict[str, list[Any]]) -> str:
    said = known.get(source.path.name)
    if said and said[:-1] == source.seen:
        return str(said[-1])
    with open(source.path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _note(folder: Path, seen: dict[str, list[Any]]) -> None:
    """For the next one who opens them; where nobody may write, it reads them too."""
    fresh = folder / f"{_SEEN}.{os.urandom(4).hex()}.tmp"
    with contextlib.suppress(OSError):
        fresh.write_text(json.dumps(seen, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(fresh, folder / _SEEN)


def _of(symbols: tuple[str, ...], facts: dict[str, Any]) -> dict[str, Any]:
    """Only what is said of symbols that have bars."""
    return {
        name: {symbol: said[symbol] for symbol in symbols if symbol in said} if isinstance(said, dict) else said
        for name, said in facts.items()
    }


def _sweep(folder: Path, panel: Path) -> None:
    """Away with panels of files that lie here no more, but for the last one, and with what somebody killed left half made."""
    made = sorted(folder.glob(".panel-*"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for old in [path for path in made if path != panel][_KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)
    now = panel.stat().st_mtime_ns
    for half in folder.glob("..panel-*.tmp"):
        if now - half.stat().st_mtime_ns > 3600 * 10**9:
            shutil.rmtree(half, ignore_errors=True)

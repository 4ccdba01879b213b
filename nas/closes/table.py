"""The closes of one session, read from `data/eod/<date>.csv` and believed only whole.

It exists so that a report on Python 3.8 never tells half a table, or one of another version, as a day.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import math
import re
import time
from datetime import date
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

from nas.closes.close import Close, Closes, Regime
from shared.cache import CLOSES, DAY_FACTS, EOD, Index, PricesDamaged, closes_file, read_index, shelf_of
from shared.config import Settings
from shared.disk import Disk
from shared.krx_calendar import DayUnknown, open_calendar
from shared.one_line import one_line

COLUMNS = ["code", "name", "close", "previous_close", "volume", "value", "flags"]
_FLAG = re.compile(r"|stands_in|halted|missing|unavailable|old:\d{4}-\d\d-\d\d")
_FILE = re.compile(r"\d{4}-\d\d-\d\d\.csv")
_KINDS = (str, str, int, bool, float, float)  # of a regime's facts, in their order
_LARGEST = 1 << 26
_LOOKS, _APART = 4, 0.25  # RACE: a newer version of the day is being put in place, its two files one after the other
Facts = Dict[str, Any]


def days_there(disk: Disk, data: Path) -> List[date]:
    """The sessions there are closes of, ascending; whatever else lies there is no day."""
    found = []
    for name in disk.names(data / EOD):
        with contextlib.suppress(ValueError):
            found += [date.fromisoformat(name[:10])] if _FILE.fullmatch(name) else []
    return sorted(found)


def closes_of(disk: Disk, settings: Settings, day: date) -> Closes:
    """That session's; PricesDamaged where its table is not the one that was sealed, or is none."""
    for look in range(1, _LOOKS + 1):
        data = _table(disk, settings, day)
        facts = _facts(disk, settings.data, day)
        wrong = _not_as_sealed(disk, settings, day, (data, facts))
        if not wrong or look == _LOOKS:
            break
        time.sleep(_APART)
    if wrong or facts is None:
        raise _damaged(settings, day, wrong)
    synthetic = facts.get("synthetic", settings.prices == "synthetic") is True
    try:
        return Closes(day, _rows(data), _before(settings, facts, day), _regime(facts.get("regime")), synthetic)
    except (ValueError, csv.Error) as error:
        raise _damaged(settings, day, str(error)) from error


def _table(disk: Disk, settings: Settings, day: date) -> bytes:
    try:
        return disk.read(closes_file(settings.data, day), _LARGEST).data
    except OSError as error:
        raise _damaged(settings, day, error.strerror or str(error)) from error


def _facts(disk: Disk, data: Path, day: date) -> Optional[Facts]:
    """What goes with the table; empty where nothing does: then the table is looked at alone. None where it is not of that day."""
    try:
        facts = json.loads(disk.read(closes_file(data, day, DAY_FACTS), _LARGEST).data)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        return None
    return facts if isinstance(facts, dict) and facts.get("day") == str(day) else None


def _not_as_sealed(disk: Disk, settings: Settings, day: date, found: Tuple[bytes, Optional[Facts]]) -> str:
    """By what goes with it, else by the prices in use; empty where nothing says otherwise."""
    data, facts = found
    if facts is None:
        return f"what goes with it, {day}.json, is damaged or of another day"
    index = None if "closes_sha256" in facts else _in_use(disk, settings.data)
    if index and index.last < str(day):
        return f"nobody sealed it: the prices in use end on {index.last}"
    sealed = [shard.sha256 for shard in index.shards if shard.name == CLOSES] if index and index.last == str(day) else []
    sealed += [str(facts["closes_sha256"])] if "closes_sha256" in facts else []
    return "" if hashlib.sha256(data).hexdigest() in sealed or not sealed else "it is not the table that was sealed"


def _in_use(disk: Disk, data: Path) -> Optional[Index]:
    """The index in use; None where there is none, or it cannot be read."""
    with contextlib.suppress(PricesDamaged, OSError):
        return read_index(shelf_of(disk, data))
    return None


def _damaged(settings: Settings, day: date, why: str) -> PricesDamaged:
    file = closes_file(settings.data, day)
    fix = f"move {file} away; it comes again with the next version of the prices: on the side that fetches, "
    return PricesDamaged(f"reading {file}", why, f"{fix}python -m {settings.prices_from} ingest")


def _rows(data: bytes) -> Tuple[Close, ...]:
    """ValueError where it is no whole table of ours."""
    text = data.decode("utf-8-sig")
    if not text.endswith("\n"):
        raise ValueError("its last line is cut off")
    lines = list(csv.reader(io.StringIO(text), strict=True))
    if lines[0] != COLUMNS:
        raise ValueError(f"its columns are {','.join(lines[0])[:80]!r}")
    rows = tuple(_row(number, cells) for number, cells in enumerate(lines[1:], 2))
    if len({row.code for row in rows}) < len(rows):
        raise ValueError("one code stands there twice")
    return rows


def _row(number: int, cells: Sequence[str]) -> Close:
    if len(cells) != len(COLUMNS) or not cells[0]:
        raise ValueError(f"line {number} has {len(cells)} cells and not {len(COLUMNS)}")
    if not _FLAG.fullmatch(cells[6]):
        raise ValueError(f"line {number}: nobody knows the flag {cells[6][:40]!r}")
    close, before = (_price(cell, number) for cell in cells[2:4])
    if close is None and cells[6] in ("", "halted"):
        raise ValueError(f"line {number} has no close and does not say why")
    return Close(one_line(cells[0]), _name(cells[1]), close, before, cells[6])


def _price(cell: str, number: int) -> Optional[float]:
    if not cell:
        return None
    value = float(cell) if re.fullmatch(r"[0-9.]+", cell) else math.nan
    if not 0 < value < math.inf:
        raise ValueError(f"line {number}: {cell[:40]!r} is no price")
    return value


def _name(cell: str) -> str:
    """Without the mark that keeps a spreadsheet from running it."""
    plain = one_line(cell).strip()
    return plain[1:] if plain.startswith("'") else plain


def _before(settings: Settings, facts: Facts, day: date) -> Optional[date]:
    """The session before it: what came along says so, else the calendar does."""
    with contextlib.suppress(ValueError, TypeError):
        before = date.fromisoformat(facts.get("before"))  # type: ignore[arg-type]
        if before < day:
            return before
    with contextlib.suppress(DayUnknown):
        return open_calendar(settings.data).previous_trading_day(day)
    return None


def _regime(said: object) -> Optional[Regime]:
    """None as well where another version says it otherwise."""
    with contextlib.suppress(TypeError):
        found = Regime(**said)  # type: ignore[arg-type]
        if tuple(map(type, found)) == _KINDS and 0 < found.close < math.inf and 0 < found.mean < math.inf:
            return found
    return None

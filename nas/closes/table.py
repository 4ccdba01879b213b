"""The closes of one session, read from `data/eod/<date>.csv` and believed only whole.

It exists so that a report on Python 3.8 never tells half a table, or one of another version, as a day.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
import time
from datetime import date
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

from nas.closes.close import Close, Closes, Regime
from nas.closes.seals import Facts, Laid, facts_of, laid_out, not_as_sealed
from shared.cache import EOD, PricesDamaged, closes_file
from shared.config import Settings
from shared.disk import Disk
from shared.krx_calendar import DayUnknown, open_calendar
from shared.one_line import one_line

COLUMNS = ["code", "name", "close", "previous_close", "volume", "value", "flags"]
_FLAG = re.compile(r"|stands_in|halted|missing|unavailable|old:\d{4}-\d\d-\d\d")
_FILE = re.compile(r"\d{4}-\d\d-\d\d\.csv")
_KINDS = (str, str, int, bool, float, float)  # of a regime's facts, in their order
_MOST = 1e12  # as of what is fetched: nothing on any exchange comes near
_LOOKS, _APART = 4, 0.25  # RACE: a newer version of the day is being put in place, its two files one after the other


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
        laid = _laid_out(disk, settings, day)
        wrong = not_as_sealed(disk, settings, day, laid)
        if not wrong or look == _LOOKS:
            break
        time.sleep(_APART)
    if wrong:
        raise _damaged(settings, day, wrong)
    facts = facts_of(laid)
    synthetic = facts.get("synthetic", settings.prices == "synthetic") is True
    try:
        return Closes(day, _rows(laid.table), _before(settings, facts, day), _regime(facts.get("regime")), synthetic)
    except (ValueError, csv.Error) as error:
        raise _damaged(settings, day, str(error)) from error


def _laid_out(disk: Disk, settings: Settings, day: date) -> Laid:
    try:
        return laid_out(disk, settings.data, day)
    except OSError as error:
        raise _damaged(settings, day, error.strerror or str(error)) from error


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
    value = float(cell) if re.fullmatch(r"[0-9.]+", cell) else 0.0
    if not 0 < value <= _MOST:
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
        if tuple(map(type, found)) == _KINDS and 0 < found.close <= _MOST and 0 < found.mean <= _MOST:
            return found
    return None

"""Where the calendar comes from: the file that came with the code, and what an operator changed on this machine.

It exists so that every part asks the same calendar, read once and again whenever one of its files changes.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Dict, Optional, Tuple

from shared.disk import Disk
from shared.krx_calendar.entries import CalendarDamaged, Entries, entries_in
from shared.krx_calendar.own import NO_CHANGES, Changes, own_file, read_changes
from shared.krx_calendar.trading import Calendar
from shared.shipped import shipped

_Stamp = Tuple[int, int, int]
_Stamps = Tuple[Optional[_Stamp], Optional[_Stamp]]
_read: Dict[Path, Tuple[_Stamps, Calendar]] = {}
_shipped: Dict[Path, Tuple[Optional[_Stamp], Entries, Calendar]] = {}


def open_calendar(data: Path, disk: Optional[Disk] = None) -> Calendar:
    """The calendar as it is known on this machine, where `data` is its data folder."""
    file, own = shipped_file(), own_file(data)
    stamps = (_stamp(file), _stamp(own))
    known = _read.get(data)
    if known is None or known[0] != stamps:  # read after its stamp: what changes in between is read again next time
        known = stamps, Calendar(_in(file)[0], read_changes(disk or Disk(), data))
        _read[data] = known
    return known[1]


def shipped_calendar(changes: Changes = NO_CHANGES) -> Calendar:
    """The calendar as it came with the code, the same on every machine of this version; with these changes where there are
    any."""
    entries, plain = _in(shipped_file())
    return plain if changes is NO_CHANGES else Calendar(entries, changes)


def shipped_file() -> Path:
    """The file that came with the code: in a checkout that of `configs`, elsewhere the one in the package."""
    return shipped("krx_calendar.json", __file__)


def _in(file: Path) -> Tuple[Entries, Calendar]:
    stamp = _stamp(file)
    known = _shipped.get(file)
    if known is None or known[0] != stamp:
        entries = entries_in(_bytes_of(file), file)
        known = stamp, entries, Calendar(entries)
        _shipped[file] = known
    return known[1:]


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        fix = "restore configs/krx_calendar.json, or install the package again"
        raise CalendarDamaged(f"reading the calendar from {file}", error.strerror or str(error), fix) from error


def _stamp(file: Path) -> Optional[_Stamp]:
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino

"""What an operator changed: `<data>/calendar.json`, beside the calendar that came with the code and never in it.

It exists so that a holiday the government decrees next week is known in a minute, and no update of the code overwrites it.
"""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Dict, Mapping, NamedTuple, Optional

from shared.disk import NO_FILE, Disk
from shared.krx_calendar.entries import EXTRAS, damaged, day_in, hours_in, object_in

SCHEMA = "relay.calendar-own/1"
KINDS = ("closed", "special", "opened", "extra")
_KEYS = frozenset(("schema", *KINDS))
_LARGEST = 1 << 20
_FIX = "correct it as docs/files.md says, or remove it and add its days again: `python -m nas calendar add`"


class Note(NamedTuple):
    """Why an operator changed that, and when; hours where it is a special session."""

    reason: str
    added: str
    open: Optional[time] = None
    close: Optional[time] = None


class Changes(NamedTuple):
    """By day: closed by an operator, given other hours, opened although the calendar has it closed; and extra sessions put on."""

    closed: Dict[date, Note]
    special: Dict[date, Note]
    opened: Dict[date, Note]
    extra: Dict[str, Note]


NO_CHANGES = Changes({}, {}, {}, {})


def own_file(data: Path) -> Path:
    """Where they lie on this machine."""
    return data / "calendar.json"


def read_changes(disk: Disk, data: Path) -> Changes:
    """What was changed on this machine; nothing where the file is not there, CalendarDamaged where it is torn or wrong."""
    file = own_file(data)
    try:
        found = disk.read(file, _LARGEST).data
    except OSError as error:
        if error.errno not in NO_FILE:
            raise
        return NO_CHANGES
    return changes_in(found, file)


def changes_in(data: bytes, file: object) -> Changes:
    """What these bytes say."""
    try:
        document = object_in(data, SCHEMA, _KEYS)
        changes = Changes(
            _by_day(document, "closed"), _by_day(document, "special"), _by_day(document, "opened"), _extras(document)
        )
        _refuse_contradictions(changes)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise damaged(file, error, _FIX) from error
    return changes


def as_document(changes: Changes) -> Dict[str, Any]:
    """The file of these changes."""
    kinds: Mapping[str, Mapping[Any, Note]] = changes._asdict()
    written = {kind: {str(what): _entry(notes[what]) for what in sorted(notes)} for kind, notes in kinds.items()}
    return {"schema": SCHEMA, **{kind: entries for kind, entries in written.items() if entries}}


def _by_day(document: Mapping[str, Any], kind: str) -> Dict[date, Note]:
    return {day_in(day): _note(entry, kind) for day, entry in document.get(kind, {}).items()}


def _extras(document: Mapping[str, Any]) -> Dict[str, Note]:
    found = {name: _note(entry, "extra") for name, entry in document.get("extra", {}).items()}
    unknown = sorted(set(found) - set(EXTRAS))
    if unknown:
        raise ValueError(f"no extra session is called {unknown[0]!r}; there are: {', '.join(EXTRAS)}")
    return found


def _note(entry: Mapping[str, str], kind: str) -> Note:
    reason, added = entry["reason"], entry["added"]
    if not isinstance(reason, str) or not reason.strip():
        raise ValueError("an entry without a reason")
    datetime.fromisoformat(added)  # ValueError where it is none
    return Note(reason, added, *hours_in(entry)) if kind == "special" else Note(reason, added)


def _entry(note: Note) -> Dict[str, str]:
    hours = {"open": f"{note.open:%H:%M}", "close": f"{note.close:%H:%M}"} if note.open and note.close else {}
    return {"reason": note.reason, "added": note.added, **hours}


def _refuse_contradictions(changes: Changes) -> None:
    both = set(changes.closed) & ({*changes.special, *changes.opened})
    if both:
        raise ValueError(f"{min(both)} is closed and open")

"""What stands in `krx_calendar.json`: closures, special sessions, hours by date, extra sessions, and the source of each.

It exists so that hours and holidays are data with a source, never constants in code, and a damaged file is told by its name.
"""

from __future__ import annotations

import json
from datetime import date, time
from typing import Any, Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Tuple

from shared.errors import RelayError

SCHEMA = "relay.calendar/1"
EXTRAS = ("pre", "after")
_KEYS = frozenset(
    ("schema", "exchange", "first", "verified_through", "sources", "hours", "extra", "special", "closures"),
)
_MIDNIGHT = time(0)
_LUNAR_NEW_YEAR = 2  # the last month it falls in: the exchange is closed for it every year


class CalendarDamaged(RelayError):
    """A file of the calendar cannot be read as one."""

    code = "E-CALENDAR-FILE"
    exit_code = 3


class Closure(NamedTuple):
    """A weekday without a session."""

    day: date
    name: str
    source: str
    is_own: bool = False


class Special(NamedTuple):
    """A session with hours of its own."""

    day: date
    open: time
    close: time
    name: str
    source: str
    is_own: bool = False


class Hours(NamedTuple):
    """The regular hours from that day on; `pause`: the lunch of old."""

    since: date
    open: time
    close: time
    pause: Optional[Tuple[time, time]]
    source: str


class Extra(NamedTuple):
    """A session before or after the regular one; only where `is_on` is it trading time."""

    name: str
    since: date
    open: time
    close: time
    is_on: bool
    source: str


class Entries(NamedTuple):
    """All of it, as the file has it."""

    first: date
    verified_through: date
    sources: Dict[str, str]
    hours: Tuple[Hours, ...]
    extras: Tuple[Extra, ...]
    specials: Dict[date, Special]
    closures: Dict[date, Closure]


def entries_in(data: bytes, file: object) -> Entries:
    """What these bytes say; CalendarDamaged, with the file's name, where they do not say it as docs/files.md does."""
    try:
        document = object_in(data, SCHEMA, _KEYS)
        entries = _entries(document)
        _refuse_contradictions(entries)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise damaged(file, error, "restore it from the release, or correct it as docs/files.md says") from error
    return entries


def damaged(file: object, error: Exception, fix: str) -> CalendarDamaged:
    """The refusal of that file."""
    found = f"there is no {error}" if isinstance(error, KeyError) else str(error)
    return CalendarDamaged(f"reading the calendar from {file}", found, fix)


def object_in(data: bytes, schema: str, keys: FrozenSet[str]) -> Dict[str, Any]:
    """The JSON object of that schema; ValueError where it is another, says a name twice, or holds a key nobody knows."""
    document = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
    if not isinstance(document, dict) or document.get("schema") != schema:
        raise ValueError(f"no JSON object with schema {schema!r}")
    unknown = sorted(set(document) - keys)
    if unknown:
        raise ValueError(f"nobody knows {', '.join(map(repr, unknown))}")
    return document


def day_in(text: str) -> date:
    """`2027-05-03`, and nothing that only looks like it."""
    if len(text) != 10:
        raise ValueError(f"{text!r} is no day like 2027-05-03")
    return date.fromisoformat(text)


def time_in(text: str) -> time:
    """`10:00`."""
    if len(text) != 5:
        raise ValueError(f"{text!r} is no time of day like 10:00")
    return time.fromisoformat(text)


def hours_in(entry: Mapping[str, str]) -> Tuple[time, time]:
    """Its `open` and `close`, in that order."""
    opens, closes = time_in(entry["open"]), time_in(entry["close"])
    if not _MIDNIGHT <= opens < closes:
        raise ValueError(f"opens {entry['open']}, closes {entry['close']}: not in that order")
    return opens, closes


def _once(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    """The last one would win, and nobody would know of the first."""
    found: Dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name!r}: a name that stood there before")
        found[name] = value
    return found


def _entries(document: Mapping[str, Any]) -> Entries:
    sources = {str(name): str(text) for name, text in document["sources"].items()}
    specials = (_special(entry) for entry in _list(document, "special"))
    closures = (Closure(day_in(one["day"]), one["name"], one["source"]) for one in _list(document, "closures"))
    return Entries(
        day_in(document["first"]),
        day_in(document["verified_through"]),
        sources,
        tuple(_hours(entry) for entry in _list(document, "hours")),
        tuple(_extra(entry) for entry in _list(document, "extra")),
        {one.day: one for one in specials},
        {one.day: one for one in closures},
    )


def _list(document: Mapping[str, Any], name: str) -> List[Any]:
    """What is empty and no list would pass for one that says nothing."""
    found = document[name]
    if not isinstance(found, list):
        raise ValueError(f"{name!r} is no list")
    return found


def _special(entry: Mapping[str, str]) -> Special:
    return Special(day_in(entry["day"]), *hours_in(entry), entry["name"], entry["source"])


def _hours(entry: Mapping[str, Any]) -> Hours:
    pause = (time_in(entry["break"][0]), time_in(entry["break"][1])) if entry["break"] else None
    return Hours(day_in(entry["from"]), *hours_in(entry), pause, entry["source"])


def _extra(entry: Mapping[str, Any]) -> Extra:
    if entry["name"] not in EXTRAS or not isinstance(entry["on"], bool):
        raise ValueError(f"extra: {entry['name']!r} is not {' or '.join(EXTRAS)}, or its `on` is neither true nor false")
    return Extra(entry["name"], day_in(entry["from"]), *hours_in(entry), entry["on"], entry["source"])


def _refuse_contradictions(entries: Entries) -> None:
    if not entries.first <= entries.verified_through:
        raise ValueError(f"verified through {entries.verified_through}, before its first day {entries.first}")
    since = [one.since for one in entries.hours]
    if not since or since != sorted(set(since)) or since[0] > entries.first:
        raise ValueError("the hours do not begin with the first day, or do not ascend")
    for day in sorted({*entries.specials, *entries.closures}):
        if day in entries.specials and day in entries.closures:
            raise ValueError(f"{day} is closed and has a special session")
        if not entries.first <= day <= entries.verified_through:
            raise ValueError(f"{day} is not between {entries.first} and {entries.verified_through}")
    _refuse_years_without_closures(entries)
    groups = (entries.hours, entries.extras, entries.specials.values(), entries.closures.values())
    unknown = sorted({str(one.source) for group in groups for one in group} - set(entries.sources))
    if unknown:
        raise ValueError(f"no source is called {', '.join(unknown)}")


def _refuse_years_without_closures(entries: Entries) -> None:
    """There is no such year: its closures are not in the file, and guards would open on its holidays."""
    first, last = entries.first, entries.verified_through
    begin = first.year if (first.month, first.day) == (1, 1) else first.year + 1
    end = last.year if last.month > _LUNAR_NEW_YEAR else last.year - 1
    without = sorted(set(range(begin, end + 1)) - {day.year for day in entries.closures})
    if without:
        raise ValueError(f"verified through {last}, and there is no closure in {without[0]}")

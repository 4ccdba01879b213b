"""What an operator may change of the calendar, and how it is kept: a day closed, other hours, a closure lifted, extra sessions.

It exists so that every change has a reason and a rule, and two of them at the same moment lose neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Callable, Dict, Optional, Union

from shared import clock
from shared.config import Settings
from shared.disk import Disk
from shared.errors import RelayError, UsageWrong
from shared.kept import keep
from shared.krx_calendar import EXTRAS, Calendar, Changes, Note, as_document, own_file, read_changes, shipped_calendar
from shared.lock import only_one

What = Union[date, str]  # a day, or the name of an extra session
_DOING = "changing the calendar"


class CalendarBusy(RelayError):
    """Somebody else is changing the calendar of this machine."""

    code = "E-CALENDAR-BUSY"
    exit_code = 2


@dataclass(frozen=True)
class Wish:
    """What is to be changed and why; hours where it is to have some of its own; `built_in`: lift a closure that came with the
    code."""

    what: What
    reason: str = ""
    hours: Optional["tuple[time, time]"] = None
    built_in: bool = False


Change = Callable[[Changes, Calendar, Wish], Changes]


def change(settings: Settings, disk: Disk, how: Change, wish: Wish) -> Changes:
    """What is so from now on, also after a power cut; nothing is changed where the wish is refused."""
    with only_one(settings.lock_of("calendar")) as held:
        if not held:
            raise CalendarBusy(_DOING, "another command is at it", "call this again in a moment")
        before = read_changes(disk, settings.data)
        after = how(before, shipped_calendar(before), wish)
        keep(disk, own_file(settings.data), as_document(after))
        return after


def added(changes: Changes, calendar: Calendar, wish: Wish) -> Changes:
    """The same with that day closed, its hours other ones, or the extra session on."""
    if not wish.reason.strip():
        raise UsageWrong(_DOING, f"no reason for {wish.what}", 'say why: --reason "임시공휴일"')
    note = Note(wish.reason.strip(), clock.iso(clock.now()), *(wish.hours or ()))
    if isinstance(wish.what, str) and wish.hours:
        raise UsageWrong(_DOING, f"hours for {wish.what}", "the hours of an extra session stand in configs/krx_calendar.json")
    if isinstance(wish.what, str):
        return changes._replace(extra={**changes.extra, wish.what: note})
    return _opened_otherwise(changes, calendar, wish.what, note) if wish.hours else _closed(changes, calendar, wish.what, note)


def removed(changes: Changes, calendar: Calendar, wish: Wish) -> Changes:
    """The same without what was added there; or, where that is meant, without a closure that came with the code."""
    kinds = [kind for kind, found in changes._asdict().items() if wish.what in found]
    if kinds:
        return changes._replace(**{kind: _without(getattr(changes, kind), wish.what) for kind in kinds})
    closure = calendar.closures.get(wish.what) if isinstance(wish.what, date) else None
    if closure is None or not isinstance(wish.what, date):
        raise UsageWrong(_DOING, f"nobody added {wish.what} here", "`python -m nas calendar show YEAR` shows what was added")
    if not wish.built_in or not wish.reason.strip():
        fix = 'if the exchange really trades on it: --built-in --reason "…"'
        raise UsageWrong(_DOING, f"{wish.what} ({closure.name}) came with the calendar, nobody added it here", fix)
    note = Note(wish.reason.strip(), clock.iso(clock.now()))
    return changes._replace(opened={**changes.opened, wish.what: note})


def day_or_extra(text: str) -> What:
    """The day or extra session somebody typed."""
    if text in EXTRAS:
        return text
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=clock.KST).date()
    except ValueError:
        found = f"{text!r} is no day like 2027-05-03, and no extra session ({', '.join(EXTRAS)})"
        raise UsageWrong(_DOING, found, "for example: python -m nas calendar add 2027-06-04 --reason …") from None


def _closed(changes: Changes, calendar: Calendar, day: date, note: Note) -> Changes:
    _refuse_a_day_without_session(calendar, day)
    changes = changes._replace(special=_without(changes.special, day))
    if day in changes.opened:  # it is closed again as it came
        return changes._replace(opened=_without(changes.opened, day))
    return changes._replace(closed={**changes.closed, day: note})


def _opened_otherwise(changes: Changes, calendar: Calendar, day: date, note: Note) -> Changes:
    _refuse_a_day_without_session(calendar, day)
    return changes._replace(special={**changes.special, day: note})


def _refuse_a_day_without_session(calendar: Calendar, day: date) -> None:
    trades = calendar.is_trading_day(day)  # where it is unknown, asking for its truth raises
    if not trades:
        closure = calendar.closures.get(day)
        why = closure.name if closure else "a weekend"
        raise UsageWrong(
            _DOING, f"{day} is closed already ({why})", "nothing is to be done; `remove` it first where that is wrong"
        )


def _without(notes: Dict[Any, Note], what: What) -> Dict[Any, Note]:
    return {one: note for one, note in notes.items() if one != what}

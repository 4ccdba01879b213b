"""The calendar itself: whether the exchange trades on a day or at a moment, and which days come before and after.

It exists so that guards, prices and strategies all have one answer, and none asks a network for it.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Dict, List, Optional, Tuple, Union

from shared.clock import KST
from shared.krx_calendar.answers import Session, Unknown, Window
from shared.krx_calendar.entries import Closure, Entries, Extra, Hours, Special
from shared.krx_calendar.own import NO_CHANGES, Changes

_DAY = timedelta(days=1)
_SATURDAY = 5


class Calendar:
    """The days and hours of the Korean exchange, an operator's changes on top; it never changes once it is made."""

    def __init__(self, entries: Entries, changes: Changes = NO_CHANGES) -> None:
        self.first, self.verified_through = entries.first, entries.verified_through
        self.sources, self._hours = entries.sources, entries.hours
        self.changes = changes
        self.closures = _closures(entries, changes)
        self.specials = _specials(entries, changes)
        self.extras = tuple(one._replace(is_on=one.is_on or one.name in changes.extra) for one in entries.extras)

    @cached_property
    def fingerprint(self) -> str:
        """Of the days and hours alone: where it is equal, every answer is."""
        days = [(str(day), "closed") for day in self.closures]
        hours = [(str(one.day), f"{one.open}-{one.close}") for one in self.specials.values()]
        rest = [str(self.verified_through), *(str(one[:4]) for one in self._hours), *(str(one[:5]) for one in self.extras)]
        return hashlib.sha256(repr((sorted(days), sorted(hours), rest)).encode()).hexdigest()

    def is_trading_day(self, day: date) -> Union[bool, Unknown]:
        """Whether there is a session on that day; of a moment, on its Korean day."""
        asked = _day_of(day)
        if not self.first <= asked <= self.verified_through:
            return self._unknown(asked)
        return asked.weekday() < _SATURDAY and asked not in self.closures

    def in_trading_hours(self, moment: datetime) -> Union[bool, Unknown]:
        """Whether orders are matched at that moment: from the open to the close, both included, but for a break."""
        day = _day_of(moment)
        trades = self.is_trading_day(day)
        if isinstance(trades, Unknown):
            return trades
        session = self.session_bounds(day) if trades else None
        return session is not None and any(begins <= moment <= ends for begins, ends in session.windows)

    def next_trading_day(self, day: date) -> date:
        """The first session after that day; DayUnknown where a day in between is not known."""
        return self._walked(_day_of(day), _DAY)

    def previous_trading_day(self, day: date) -> date:
        """The last session before that day; DayUnknown where a day in between is not known."""
        return self._walked(_day_of(day), -_DAY)

    def sessions(self, start: date, end: date) -> List[date]:
        """Every session from one day to the other, both included; DayUnknown where one of the days is not known."""
        if start > end:
            return []
        return self._sessions[bisect_left(self._sessions, self._known(start)) : bisect_right(self._sessions, self._known(end))]

    def session_bounds(self, day: date) -> Optional[Session]:
        """The session of that day; None where there is none, DayUnknown where nobody knows."""
        asked = self._known(_day_of(day))
        if not self.is_trading_day(asked):
            return None
        usual, special = self.usual_hours(asked), self.specials.get(asked)
        opens, closes = (special.open, special.close) if special else (usual.open, usual.close)
        pause = usual.pause if special is None else None
        parts = [(opens, pause[0]), (pause[1], closes)] if pause else [(opens, closes)]
        extra = [(one.open, one.close) for one in self._extras_on(asked)]
        windows = tuple(_window(asked, part) for part in sorted([*parts, *extra]))
        return Session(*_window(asked, (opens, closes)), special.name if special else None, windows)

    def usual_hours(self, day: date) -> Hours:
        """The regular hours in force on that day."""
        return next(one for one in reversed(self._hours) if one.since <= day)

    def own_reason(self, day: date) -> Optional[str]:
        """Why an operator changed that day; None where nobody did."""
        notes = (kind.get(day) for kind in (self.changes.closed, self.changes.special, self.changes.opened))
        return next((note.reason for note in notes if note), None)

    def _walked(self, day: date, step: timedelta) -> date:
        day += step
        while self._known(day) and not self.is_trading_day(day):
            day += step
        return day

    def _extras_on(self, day: date) -> List[Extra]:
        return [one for one in self.extras if one.is_on and one.since <= day]

    @cached_property
    def _sessions(self) -> List[date]:
        days = (self.first + timedelta(days=number) for number in range((self.verified_through - self.first).days + 1))
        return [day for day in days if day.weekday() < _SATURDAY and day not in self.closures]

    def _known(self, day: date) -> date:
        if not self.first <= day <= self.verified_through:
            raise self._unknown(day).error()
        return day

    def _unknown(self, day: date) -> Unknown:
        return Unknown(day, self.first, self.verified_through)


def _closures(entries: Entries, changes: Changes) -> Dict[date, Closure]:
    own = {day: Closure(day, note.reason, note.added, is_own=True) for day, note in changes.closed.items()}
    return {**{day: one for day, one in entries.closures.items() if day not in changes.opened}, **own}


def _specials(entries: Entries, changes: Changes) -> Dict[date, Special]:
    own = {
        day: Special(day, note.open, note.close, note.reason, note.added, is_own=True)
        for day, note in changes.special.items()
        if note.open and note.close
    }
    return {**entries.specials, **own}


def _day_of(asked: date) -> date:
    """The Korean day of a moment, else the day itself: a moment is a day too, and no holiday equals it."""
    if not isinstance(asked, datetime):
        return asked
    if asked.tzinfo is None:
        raise ValueError(f"{asked} has no time zone: nobody can say which moment of the exchange it is")
    return asked.astimezone(KST).date()


def _window(day: date, hours: Tuple[time, time]) -> Window:
    return datetime.combine(day, hours[0], KST), datetime.combine(day, hours[1], KST)

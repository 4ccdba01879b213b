"""Which session is reported, and whether it is the one that should be there by now.

It exists so that a holiday, a half day and a dead provider are told apart by the exchange's calendar and not by weekdays, and
a day that somebody named is never another.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import List, NamedTuple, Optional

from nas.closes.table import days_there
from shared.clock import KST
from shared.config import Settings
from shared.disk import Disk
from shared.errors import DataMissing, UsageWrong
from shared.krx_calendar import Calendar, expected_session, open_calendar

_SHOWN = 5


class Wish(NamedTuple):
    """`asked`: a day somebody named; None: the newest. `expects`: whether an older one than could be there is too late."""

    asked: Optional[date] = None
    expects: bool = True


class Chosen(NamedTuple):
    """`day`: whose closes there are, None where there are none at all; `expected`: whose should be there, once it `is_over`."""

    day: Optional[date]
    expected: date
    is_over: bool = True

    @property
    def is_stale(self) -> bool:
        """Whether what should be there is not."""
        return self.day is None or self.day < self.expected


def session_for(settings: Settings, now: datetime, wish: Wish) -> Chosen:
    """Of those this machine has closes of."""
    return chosen(days_there(Disk(settings.durable), settings.data), open_calendar(settings.data), now, wish)


def chosen(there: List[date], calendar: Calendar, now: datetime, wish: Wish) -> Chosen:
    """The day that was named, else the newest; a named one without closes is late while they may come, and refused otherwise.
    A file of a day without a session, or yet to come, is nobody's closes, whatever its name is."""
    if wish.asked:
        _refuse_without_session(wish.asked, calendar, now)
    there = [day for day in there if calendar.is_trading_day(day) is not False]
    if wish.asked and wish.asked in there:
        return Chosen(wish.asked, wish.asked)
    last = expected_session(calendar, now)
    expected = wish.asked or last
    if wish.asked:
        _refuse_long_over(wish.asked, last, there)
    newest = max((day for day in there if day <= expected), default=None)
    if newest and not wish.asked and not wish.expects:
        return Chosen(newest, newest)
    return Chosen(newest, expected, expected <= last)


def _refuse_without_session(asked: date, calendar: Calendar, now: datetime) -> None:
    is_to_come = asked > now.astimezone(KST).date()
    if is_to_come or calendar.is_trading_day(asked) is False:
        why = "that day is yet to come" if is_to_come else "the exchange has no session on that day"
        last = expected_session(calendar, now, asked)
        raise UsageWrong(f"reporting {asked}", why, f"the last session up to it is that of {last}: --date {last}")


def _refuse_long_over(asked: date, last: date, there: List[date]) -> None:
    """A later session has been since: nothing brings the closes of that one."""
    if asked < last:
        known = ", ".join(map(str, there[-_SHOWN:])) or "none"
        raise DataMissing(f"reporting {asked}", "there are no closes of that day", f"the newest there are: {known}")

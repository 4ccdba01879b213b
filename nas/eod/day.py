"""Which session is reported, and whether it is the one that should be there by now.

It exists so that a holiday, a half day and a dead provider are told apart by the exchange's calendar and not by weekdays.
"""

from __future__ import annotations

import contextlib
from datetime import date, datetime
from typing import List, NamedTuple, Optional

from nas.eod.closes import Closes
from shared.errors import DataMissing
from shared.krx_calendar import Calendar, DayUnknown, expected_session

_SHOWN = 5


class Wish(NamedTuple):
    """`asked`: a day somebody named; None: the newest. `expects`: whether an older one than could be there is too late."""

    asked: Optional[date] = None
    expects: bool = True


class Chosen(NamedTuple):
    """`day`: whose closes are reported, None where there are none at all; `expected`: whose should be there."""

    day: Optional[date]
    expected: date

    @property
    def is_stale(self) -> bool:
        """Whether what should be there is not."""
        return self.day is None or self.day < self.expected


def day_asked(text: str) -> Optional[date]:
    """What stands after `--date`: `auto`, which is None, or a day; ValueError otherwise."""
    return None if text == "auto" else date.fromisoformat(text)


def chosen(there: List[date], calendar: Calendar, now: datetime, wish: Wish) -> Chosen:
    """DataMissing where a day was named that is over, and there are no closes of it."""
    if wish.asked and wish.asked in there:
        return Chosen(wish.asked, wish.asked)
    expected = expected_session(calendar, now)
    if wish.asked and wish.asked < expected:
        known = ", ".join(map(str, there[-_SHOWN:])) or "none"
        raise DataMissing(f"reporting {wish.asked}", "there are no closes of that day", f"the newest there are: {known}")
    newest = max((day for day in there if day <= expected), default=None)
    return Chosen(newest, expected if wish.expects or newest is None else newest)


def with_before(closes: Closes, calendar: Calendar) -> Closes:
    """The same with the session before it: what came along says so, else the calendar does."""
    with contextlib.suppress(DayUnknown):
        return closes if closes.before else closes._replace(before=calendar.previous_trading_day(closes.day))
    return closes

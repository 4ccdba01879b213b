"""What the calendar answers with: a session's hours, and `Unknown`, which is neither yes nor no.

It exists so that nobody takes a day the calendar does not reach for a holiday or for a trading day, not even by mistake.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple, NoReturn, Optional, Tuple

from shared.errors import RelayError

_FIX = "bring configs/krx_calendar.json up to date (a new release, or by hand as docs/files.md says)"


class DayUnknown(RelayError):
    """The calendar does not reach the day that was asked about."""

    code = "E-CALENDAR-UNKNOWN"
    exit_code = 2


class Unknown(NamedTuple):
    """The answer about a day the calendar does not reach. `if answer` raises; `answer is True` and `answer is False` are both
    false."""

    day: date
    first: date
    verified_through: date

    def __bool__(self) -> NoReturn:
        raise self.error()

    def error(self) -> DayUnknown:
        """The same for whoever cannot go on without an answer."""
        known = f"the calendar is verified from {self.first} through {self.verified_through}"
        return DayUnknown(f"asking whether the exchange trades on {self.day}", known, _FIX)


Window = Tuple[datetime, datetime]


class Session(NamedTuple):
    """The regular session of a day, in Korean time; `windows`: when orders are matched, extra sessions that are on included."""

    open: datetime
    close: datetime
    name: Optional[str]  # of a special session: why its hours are not the usual ones
    windows: Tuple[Window, ...]

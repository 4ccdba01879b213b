"""Which rows of a panel are the last session of their week or month, and the sessions of US exchanges.

It exists so that "on Fridays" means the week's last session, known from the calendar on that very day: the next row of the
prices, which nobody had then, is never looked at.
"""

from __future__ import annotations

import functools
from datetime import date, datetime, time, timedelta

import numpy as np

from shared import clock
from shared.errors import PackageMissing
from shared.krx_calendar import Calendar, DayUnknown, shipped_calendar
from shared.market.prices import Days, Flags

_AHEAD = np.timedelta64(40, "D")  # beyond the last row: into its next month, whatever is closed in between
_SETTLING = timedelta(minutes=20)  # what is shown of a session runs behind it
_BY_THEN = time(17, 0)  # of a day nobody knows the hours of
_MONDAY = np.datetime64("1969-12-29", "D")


def week_ends(dates: Days, calendar: Calendar | None = None) -> Flags:
    """Whether each of these days is the last session of its week, Monday to Sunday; of a day without a session, false.

    By the calendar that came with the code where none is given. Days it does not reach are told by weekdays alone, as if no
    holiday were: whoever shows a result of them says so, see `first_unverified`."""
    return _ends(dates, "week", calendar)


def month_ends(dates: Days, calendar: Calendar | None = None) -> Flags:
    """The same of the month."""
    return _ends(dates, "month", calendar)


def first_unverified(dates: Days, calendar: Calendar | None = None) -> date | None:
    """The first of these days that the calendar does not reach; None where it reaches all of them."""
    known = calendar or shipped_calendar()
    days = dates.astype("datetime64[D]")
    beyond = days[(days < np.datetime64(known.first)) | (days > np.datetime64(known.verified_through))]
    return beyond.min().item() if len(beyond) else None


def last_final_day(now: datetime, calendar: Calendar | None = None) -> date:
    """The last day whose Korean bars change no more: today once its session is over, else the day before."""
    here = now.astimezone(clock.KST)
    today = here.date()
    try:
        session = (calendar or shipped_calendar()).session_bounds(today)
        over = session is None or here >= session.close + _SETTLING
    except DayUnknown:
        over = here.time() >= _BY_THEN
    return today if over else today - timedelta(days=1)


def us_sessions(start: date, end: date, exchange: str = "XNYS") -> Days:
    """The sessions of a US exchange from one day to the other, both included, as exchange_calendars has them."""
    try:
        import exchange_calendars
    except ModuleNotFoundError as error:
        fix = "pip install 'krx-relay[calendars]'"
        raise PackageMissing(f"reading the sessions of {exchange}", f"this Python has no {error.name}", fix) from error
    calendar = exchange_calendars.get_calendar(exchange, start=str(start), end=str(end))
    days: Days = calendar.sessions.to_numpy().astype("datetime64[D]")
    return days


def _ends(dates: Days, period: str, calendar: Calendar | None) -> Flags:
    days = dates.astype("datetime64[D]")
    if not len(days):
        return np.zeros(0, dtype=np.bool_)
    sessions = _sessions(days, calendar or shipped_calendar())
    number = (sessions - _MONDAY) // np.timedelta64(7, "D") if period == "week" else sessions.astype("datetime64[M]")
    last = sessions[:-1][number[1:] != number[:-1]]
    places = np.searchsorted(last, days)
    found: Flags = last[np.minimum(places, len(last) - 1)] == days
    return found


def _sessions(days: Days, calendar: Calendar) -> Days:
    """Every session from the first of these days into the month after the last one; where nobody knows, every weekday."""
    around = np.arange(days.min(), days.max() + _AHEAD)
    sessions: Days = around[np.is_busday(around, busdaycal=_weekdays_of(calendar))]
    return sessions


@functools.lru_cache(maxsize=4)
def _weekdays_of(calendar: Calendar) -> np.busdaycalendar:
    return np.busdaycalendar(holidays=np.array(sorted(calendar.closures), dtype="datetime64[D]"))

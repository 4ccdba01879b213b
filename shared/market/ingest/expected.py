"""Which session's prices could be there by now, and whether a series has come as far as that.

It exists so that the evening of a session, a holiday and a dead provider are three different things.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from shared.krx_calendar import Calendar

_READY = timedelta(minutes=30)  # after the close, before anybody has the day's last prices
_ABROAD = timedelta(days=5)  # a weekend, a holiday and the night in between, on another continent


def expected_session(calendar: Calendar, now: datetime, asked: date | None = None) -> date:
    """The last session that is over, up to the day asked for; DayUnknown where the calendar does not reach it."""
    day = now.date() if asked is None else min(asked, now.date())
    bounds = calendar.session_bounds(day)
    if bounds is None or now < bounds.close + _READY:
        return calendar.previous_trading_day(day)
    return day


def is_due(last: date, expected: date, is_korean: bool) -> bool:
    """Whether prices that end with that day lack something that could be there."""
    return last < (expected if is_korean else expected - _ABROAD)

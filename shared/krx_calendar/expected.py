"""Which session could have its prices by a moment: the last one that is over.

It exists so that the evening of a session, a holiday and a dead provider are three different things, for whoever fetches prices
and for whoever reports them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Optional

from shared.clock import KST
from shared.krx_calendar.trading import Calendar

_READY = timedelta(minutes=30)  # after the close, before anybody has the day's last prices


def expected_session(calendar: Calendar, now: datetime, asked: Optional[date] = None) -> date:
    """The last session that is over, up to the day asked for; DayUnknown where the calendar does not reach it."""
    today = now.astimezone(KST).date()
    day = today if asked is None else min(asked, today)
    bounds = calendar.session_bounds(day)
    if bounds is None or now < bounds.close + _READY:
        return calendar.previous_trading_day(day)
    return day

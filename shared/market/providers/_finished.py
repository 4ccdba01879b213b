"""Until which day an exchange's prices are its last word: the bar of a session that still goes on is none yet.

It exists because a provider asked at noon gives the price of noon under today's date, and it would be kept as the close.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from zoneinfo import ZoneInfo

from shared.market.sessions import last_final_day

SEOUL, NEW_YORK = "Asia/Seoul", "America/New_York"
_SETTLING = timedelta(minutes=30)  # what is shown of a session runs behind it
_CLOSES = {NEW_YORK: time(16)}


def last_finished(zone: str, now: datetime) -> date:
    """The last day whose bars change no more at an exchange of that zone. Where its hours are not known here, a day is over at
    its midnight."""
    if zone == SEOUL:
        return last_final_day(now)
    here = now.astimezone(ZoneInfo(zone))
    today, closes = here.date(), _CLOSES.get(zone)
    is_over = closes is not None and here >= datetime.combine(today, closes, here.tzinfo) + _SETTLING
    return today if is_over else today - timedelta(days=1)

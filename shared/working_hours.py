"""The hours in which the PC should be at work, as the setting `working_hours` says them: `Mon-Fri 08:00-19:00`, Korean time.

It exists because a PC that sleeps at night is no news, and one that sleeps on a Tuesday at ten is.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import List, Optional, Tuple

from shared import clock

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY, _HOUR = f"(?:{'|'.join(_DAYS)})", r"(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)"
_WRITTEN = re.compile(rf"{_DAY}(?:-{_DAY})? {_HOUR}-{_HOUR}")


def why_unreadable(hours: str) -> str:
    """How they are written, where these are not; empty where they are."""
    if _WRITTEN.fullmatch(hours):
        return ""
    return "write a day, or the first and last of some days in a row, and the hours: Mon-Fri 08:00-19:00, Sat-Sun 00:00-24:00"


def at_work_since(hours: str, now: datetime) -> Optional[datetime]:
    """When the working hours of this moment began; None where it lies in none. Hours that end before they begin go over
    midnight."""
    days, begins, ends = _read(hours)
    for back in (0, 1):
        midnight = now.astimezone(clock.KST).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=back)
        since = midnight + begins
        until = midnight + ends + (timedelta(days=1) if ends <= begins else timedelta())
        if midnight.weekday() in days and since <= now < until:
            return since
    return None


def _read(hours: str) -> Tuple[List[int], timedelta, timedelta]:
    found = re.findall(_DAY, hours)
    first, last = _DAYS.index(found[0]), _DAYS.index(found[-1])
    days = [day % 7 for day in range(first, last + 1 if last >= first else last + 8)]
    begins, ends = (_since_midnight(text) for text in re.findall(_HOUR, hours))
    return days, begins, ends


def _since_midnight(text: str) -> timedelta:
    hour, minute = text.split(":")
    return timedelta(hours=int(hour), minutes=int(minute))

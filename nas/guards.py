"""Guards: whether a job may run now. `td`: only on a trading day. `th`: only in trading hours. `none`: always.

They exist so that a job that makes no sense on a holiday is skipped by one calendar, and an unknown day lets nothing through.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from shared import clock
from shared.krx_calendar import Calendar, Unknown
from shared.text import Table, Text, wording

GUARDS = ("none", "td", "th")
_WHY: Table = {
    "open": ("열림", "open"),
    "no_day": ("거래일이 아님: {}", "no trading day: {}"),
    "no_hours": ("거래 시간이 아님: {}", "outside trading hours: {}"),
    "unknown": (
        "{}이 거래일인지 알 수 없음: 캘린더는 {}까지만 확인됨 (configs/krx_calendar.json)",
        "nobody knows whether {} is a trading day: the calendar is verified through {} only (configs/krx_calendar.json)",
    ),
}


class Passage(NamedTuple):
    """Whether the guard lets a job through, why, and whether that needs an eye: then it is logged as a warning."""

    is_open: bool
    why: Text
    warns: bool = False


def passage(guard: str, calendar: Calendar, moment: datetime) -> Passage:
    """What that guard says at that moment; a day the calendar does not reach closes it, with a warning."""
    if guard == "none":
        return Passage(True, wording(_WHY, "open"))
    asked = calendar.is_trading_day(moment) if guard == "td" else calendar.in_trading_hours(moment)
    if isinstance(asked, Unknown):
        return Passage(False, wording(_WHY, "unknown", asked.day, asked.verified_through), warns=True)
    if asked:
        return Passage(True, wording(_WHY, "open"))
    day = moment.astimezone(clock.KST)
    return Passage(False, wording(_WHY, "no_day" if guard == "td" else "no_hours", f"{day:%Y-%m-%d %H:%M} KST"))

"""What other calendars of the Korean exchange say, where they are installed, and which of their errors are known.

It exists so that a mistake of ours is found by `nas calendar verify`, and a mistake of theirs that was mended shows too.
"""

from __future__ import annotations

import importlib.util
from datetime import date, timedelta
from typing import Callable, Dict, List, Mapping, NamedTuple, Optional

from shared.krx_calendar import Calendar
from shared.text import Table, Text, wording

CLOSED = "closed"
OPEN = "open"
_REASONS: Table = {
    "year_2000": (
        "holidays는 2000년 연초·연말 휴장을 모릅니다: 첫 거래일은 1월 4일, 폐장일은 12월 26일이었습니다",
        "holidays does not know how 2000 began and ended: the first session was on 4 January, the last on 26 December",
    ),
    "new_holidays": (
        "exchange_calendars 4.13은 2026년 이후에 생긴 공휴일과 그 대체공휴일을 모릅니다",
        "exchange_calendars 4.13 does not know the public holidays made since 2026, nor their substitutes",
    ),
    "csat": (
        "exchange_calendars의 수능일 목록은 2020-12-03에서 끝납니다",
        "exchange_calendars' list of CSAT days ends with 2020-12-03",
    ),
    "opening_2000": (
        "exchange_calendars는 2000년 개장일의 단일장(10:00–13:00)을 모릅니다",
        "exchange_calendars does not know the single session (10:00–13:00) that opened 2000",
    ),
    "noon_2001": (
        "exchange_calendars는 2001-09-12에 정오에 연 것을 모릅니다",
        "exchange_calendars does not know that the exchange opened at noon on 2001-09-12",
    ),
    "own": ("이 기계에서 바꾼 날입니다: {}", "changed on this machine: {}"),
}
_CSAT = ("2021-11-18", "2022-11-17", "2023-11-16", "2024-11-14", "2025-11-13", "2026-11-19", "2027-11-18")
KNOWN_ERRORS: Dict[str, Dict[str, str]] = {
    "holidays": dict.fromkeys(("2000-01-03", "2000-12-27", "2000-12-28"), "year_2000"),
    "exchange_calendars": {
        **dict.fromkeys(("2026-06-03", "2026-07-17", "2027-05-03", "2027-07-19"), "new_holidays"),
        **dict.fromkeys(_CSAT, "csat"),
        "2000-01-04": "opening_2000",
        "2001-09-12": "noon_2001",
    },
}


class Difference(NamedTuple):
    """A day of which that library says something else; `why`: the reason, where it is a known error or a change made here."""

    library: str
    day: date
    ours: str
    theirs: str
    why: Optional[Text]


class Against(NamedTuple):
    """One library against ours; `days`: how many days were compared. `healed`: known errors that are none any more."""

    library: str
    days: int
    differences: List[Difference]
    healed: List[str]


def against_others(calendar: Calendar) -> List[Against]:
    """With every library that is here, each day from the first to the last one known; none are here: nothing."""
    return [_compared(name, read(calendar), calendar) for name, read in READERS.items() if importlib.util.find_spec(name)]


def _of_holidays(calendar: Calendar) -> Mapping[date, str]:
    """What `holidays` has of every weekday: it knows days, no hours."""
    import holidays

    closed = holidays.financial_holidays("XKRX", years=range(calendar.first.year, calendar.verified_through.year + 1))
    return {day: CLOSED if day in closed else OPEN for day in _weekdays(calendar)}


def _of_exchange_calendars(calendar: Calendar) -> Mapping[date, str]:
    """What exchange_calendars has of every weekday, with the hours."""
    import exchange_calendars

    # Asked from a day without a session on, it gives the late opening of that year to the last session of all.
    first = calendar.next_trading_day(calendar.first)
    theirs = exchange_calendars.get_calendar("XKRX", start=str(first), end=str(calendar.verified_through))
    opens, closes = (times.dt.tz_convert("Asia/Seoul").dt.strftime("%H:%M") for times in (theirs.opens, theirs.closes))
    hours = {day.date(): f"{opens[day]}–{closes[day]}" for day in theirs.sessions}
    return {day: hours.get(day, CLOSED) for day in _weekdays(calendar)}


READERS: Dict[str, Callable[[Calendar], Mapping[date, str]]] = {
    "holidays": _of_holidays,
    "exchange_calendars": _of_exchange_calendars,
}


def _compared(library: str, theirs: Mapping[date, str], calendar: Calendar) -> Against:
    known = KNOWN_ERRORS[library]
    said = ((day, _ours(calendar, day, with_hours=their != OPEN), their) for day, their in sorted(theirs.items()))
    found = [Difference(library, day, ours, their, _why(library, day, calendar)) for day, ours, their in said if ours != their]
    differing = {str(one.day) for one in found}
    healed = [day for day in sorted(known) if day not in differing and not calendar.own_reason(date.fromisoformat(day))]
    return Against(library, len(theirs), found, healed)


def _ours(calendar: Calendar, day: date, with_hours: bool) -> str:
    session = calendar.session_bounds(day)
    if session is None:
        return CLOSED
    return f"{session.open:%H:%M}–{session.close:%H:%M}" if with_hours else OPEN


def _why(library: str, day: date, calendar: Calendar) -> Optional[Text]:
    own = calendar.own_reason(day)
    if own:
        return wording(_REASONS, "own", own)
    key = KNOWN_ERRORS[library].get(str(day))
    return wording(_REASONS, key) if key else None


def _weekdays(calendar: Calendar) -> List[date]:
    count = (calendar.verified_through - calendar.first).days + 1
    days = (calendar.first + timedelta(days=number) for number in range(count))
    return [day for day in days if day.weekday() < 5]

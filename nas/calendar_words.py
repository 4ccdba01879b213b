"""How the calendar is put for people: a month, a year, what was changed, what other calendars say; in Korean and English.

It exists so that `nas calendar` decides what is told and this only how.
"""

from __future__ import annotations

from datetime import date
from typing import Callable, List

from nas.calendar_others import Against, Difference
from nas.guards import Passage
from shared.krx_calendar import Calendar, Closure, Special
from shared.text import Table, Text, wording

_WORDS: Table = {
    "sessions": ("{}  거래일 {}일", "{}  {} trading days"),
    "closed": ("휴장", "closed"),
    "own": (" (이 기계에서 추가)", " (added on this machine)"),
    "opened": ("{}  열림: {} (이 기계에서 휴장을 풂)", "{}  open: {} (its closure was lifted on this machine)"),
    "extra": ("{}  {}–{}  {} ({}부터 있는 장)", "{}  {}–{}  {} (held since {})"),
    "pre": ("장전(pre)", "pre"),
    "after": ("장후(after)", "after"),
    "on": ("켜짐", "on"),
    "off": ("꺼짐", "off"),
    "usual": ("정규 시간", "regular hours"),
    "through": ("{}까지 확인된 캘린더입니다", "verified through {}"),
    "now": ("지금: {}", "now: {}"),
    "equal": ("{}: {}일 모두 같음", "{}: all {} days are equal"),
    "differs": ("{}: {}일 비교, 다른 날 {}일", "{}: {} days compared, {} differ"),
    "difference": ("  {}  우리 {} · {} {}  {}", "  {}  ours {} · {} {}  {}"),
    "unexplained": ("설명되지 않음", "NOT EXPLAINED"),
    "healed": (
        "  {}: {}의 알려진 오류가 고쳐졌습니다: nas/calendar_others.py의 목록에서 지우십시오",
        "  {}: a known error of {} was mended: take it out of the list in nas/calendar_others.py",
    ),
    "alone": (
        "비교하지 못했습니다: 이 파이썬에는 holidays도 exchange_calendars도 없습니다 (pip install 'krx-relay[calendars]')",
        "nothing to compare with: this Python has neither holidays nor exchange_calendars (pip install 'krx-relay[calendars]')",
    ),
    "mon": ("월", "Mon"),
    "tue": ("화", "Tue"),
    "wed": ("수", "Wed"),
    "thu": ("목", "Thu"),
    "fri": ("금", "Fri"),
    "sat": ("토", "Sat"),
    "sun": ("일", "Sun"),
}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Words = Callable[..., str]


def words_in(language: str) -> Words:
    """What the table says for a key, its gaps filled, in that language."""
    return lambda key, *values: wording(_WORDS, key, *values).in_language(language)


def span_lines(calendar: Calendar, days: List[date], title: str, word: Words) -> List[str]:
    """What is not usual between the first and the last of these days, which are all there are."""
    sessions = calendar.sessions(days[0], days[-1])
    found = sorted({*calendar.closures, *calendar.specials} & set(days))
    return [word("sessions", title, len(sessions)), *(f"  {day_line(calendar, day, word)}" for day in found)]


def day_line(calendar: Calendar, day: date, word: Words) -> str:
    """One day: closed and why, or its hours."""
    named = f"{day} ({word(_WEEKDAYS[day.weekday()])})"
    closure, special, session = calendar.closures.get(day), calendar.specials.get(day), calendar.session_bounds(day)
    if session is None:
        return f"{named}  {word('closed')}{_why(closure, word)}"
    hours = f"{named}  {session.open:%H:%M}–{session.close:%H:%M}"
    return f"{hours}{_why(special, word)}" if special else f"{hours}  {word('usual')}"


def state_lines(calendar: Calendar, word: Words) -> List[str]:
    """Extra sessions, closures that were lifted, and how far the calendar reaches."""
    extras = [
        word(
            "extra",
            word(one.name) if one.name in _WORDS else one.name,
            f"{one.open:%H:%M}",
            f"{one.close:%H:%M}",
            word("on" if one.is_on else "off"),
            one.since,
        )
        for one in calendar.extras
    ]
    opened = [word("opened", day, note.reason) for day, note in sorted(calendar.changes.opened.items())]
    return [*extras, *opened, word("through", calendar.verified_through)]


def guard_line(passages: "dict[str, Passage]", language: str, word: Words) -> str:
    """What the guards say now."""
    return word("now", " · ".join(f"{name} {one.why.in_language(language)}" for name, one in passages.items()))


def comparison_lines(found: List[Against], language: str, word: Words) -> List[str]:
    """Of every library, each difference with its reason."""
    if not found:
        return [word("alone")]
    return [line for one in found for line in _comparison(one, language, word)]


def _comparison(one: Against, language: str, word: Words) -> List[str]:
    if not one.differences and not one.healed:
        return [word("equal", one.library, one.days)]
    healed = [word("healed", day, one.library) for day in one.healed]
    told = [_difference(each, language, word) for each in one.differences]
    return [word("differs", one.library, one.days, len(one.differences)), *told, *healed]


def _difference(one: Difference, language: str, word: Words) -> str:
    why: Text = one.why or wording(_WORDS, "unexplained")
    return word("difference", one.day, one.ours, one.library, one.theirs, why.in_language(language))


def _why(entry: "Closure | Special | None", word: Words) -> str:
    return f"  {entry.name}{word('own') if entry.is_own else ''}" if entry else ""

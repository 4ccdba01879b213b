"""`calendar`: which days and hours the exchange trades, what an operator changes of that, and what other calendars say.

It exists so that a temporary holiday is one command, and nobody edits a file by hand on the evening before.
"""

from __future__ import annotations

import argparse
import calendar as months
import time
from datetime import date, timedelta
from typing import Any, Dict, List, NamedTuple, Optional

from nas.calendar_changes import Wish, added, change, day_or_extra, removed
from nas.calendar_others import Against, against_others
from nas.calendar_words import comparison_lines, day_line, guard_line, span_lines, state_lines, words_in
from nas.guards import passage
from shared import clock
from shared.closing import SKIPPED, acknowledge, close
from shared.config import Settings, load
from shared.disk import Disk
from shared.errors import UsageWrong
from shared.krx_calendar import Calendar, hours_in, open_calendar, shipped_calendar
from shared.outcome import FAILED, OK

_DOING = "reading the options"


class Span(NamedTuple):
    """The days that are shown, and what they are called."""

    title: str
    days: List[date]


def calendar(options: argparse.Namespace) -> int:
    """What was asked: show, add, remove or verify."""
    settings = load()
    disk = Disk(settings.durable)
    if options.what == "show":
        return _show(options, settings, open_calendar(settings.data, disk))
    if options.what == "verify":
        return _verify(options, settings, open_calendar(settings.data, disk))
    return _change(options, settings, disk)


def _show(options: argparse.Namespace, settings: Settings, known: Calendar) -> int:
    began, now = time.monotonic(), clock.now()
    span = _span(options.day or f"{now:%Y-%m}")
    sessions = known.sessions(span.days[0], span.days[-1])
    guards = {name: passage(name, known, now) for name in ("td", "th")}
    if not options.json:
        word = words_in(settings.language)
        is_one = len(span.days) == 1
        lines = [day_line(known, span.days[0], word)] if is_one else span_lines(known, span.days, span.title, word)
        print("\n".join([*lines, *state_lines(known, word), guard_line(guards, settings.language, word)]))
    document = {
        **_facts(known, span),
        "sessions": len(sessions),
        "guards": {name: {"open": one.is_open, "why": one.why.in_language(settings.language)} for name, one in guards.items()},
    }
    facts = {"sessions": len(sessions), "verified_through": known.verified_through}
    close("OK", facts, time.monotonic() - began, document if options.json else None)
    return OK


def _facts(known: Calendar, span: Span) -> Dict[str, Any]:
    """For programs: all that is not usual in these days."""
    closures = [known.closures[day] for day in span.days if day in known.closures]
    specials = [known.specials[day] for day in span.days if day in known.specials]
    return {
        "first": str(span.days[0]),
        "last": str(span.days[-1]),
        "verified_through": str(known.verified_through),
        "closures": [{"day": str(one.day), "name": one.name, "source": one.source, "own": one.is_own} for one in closures],
        "special": [
            {**_hours(one), "day": str(one.day), "name": one.name, "source": one.source, "own": one.is_own} for one in specials
        ],
        "extra": [{**_hours(one), "name": one.name, "from": str(one.since), "on": one.is_on} for one in known.extras],
        "opened": [{"day": str(day), "reason": note.reason} for day, note in sorted(known.changes.opened.items())],
    }


def _change(options: argparse.Namespace, settings: Settings, disk: Disk) -> int:
    if not options.day:
        raise UsageWrong(_DOING, f"calendar {options.what} without a day", f"calendar {options.what} 2027-06-04 --reason …")
    wish = Wish(day_or_extra(options.day), options.reason, _hours_of(options), options.built_in)
    how = added if options.what == "add" else removed
    known = shipped_calendar(change(settings, disk, how, wish))
    facts = {"day": wish.what, "change": options.what, "why": wish.reason or None}
    document = {"day": str(wish.what), "trades": _trades(known, wish.what)}
    acknowledge("CALENDAR_CHANGED", facts, document if options.json else None)
    return OK


def _verify(options: argparse.Namespace, settings: Settings, known: Calendar) -> int:
    began = time.monotonic()
    found = against_others(known)
    unexplained = sum(each.why is None for one in found for each in one.differences)
    if not options.json:
        print("\n".join(comparison_lines(found, settings.language, words_in(settings.language))))
    facts = {"compared": len(found), "unexplained": unexplained, "healed": sum(len(one.healed) for one in found)}
    document = {**facts, "calendars": [_comparison(one, settings.language) for one in found]}
    word = SKIPPED if not found else "FAILED" if unexplained else "OK"
    close(word, facts, time.monotonic() - began, document if options.json else None)
    return FAILED if unexplained else OK


def _comparison(one: Against, language: str) -> Dict[str, Any]:
    differences = [
        {**each._asdict(), "day": str(each.day), "why": each.why.in_language(language) if each.why else None}
        for each in one.differences
    ]
    return {**one._asdict(), "differences": differences}


def _hours(one: Any) -> Dict[str, str]:
    return {"open": f"{one.open:%H:%M}", "close": f"{one.close:%H:%M}"}


def _hours_of(options: argparse.Namespace) -> Any:
    """The hours of a special session; None where none were given."""
    if not options.open and not options.close:
        return None
    if options.what != "add" or not options.open or not options.close:
        raise UsageWrong(_DOING, "--open and --close go together, with `add`", "--open 10:00 --close 15:30")
    try:
        return hours_in({"open": options.open, "close": options.close})
    except ValueError as error:
        raise UsageWrong(_DOING, str(error), "--open 10:00 --close 15:30") from None


def _trades(known: Calendar, what: object) -> Optional[bool]:
    return known.is_trading_day(what) is True if isinstance(what, date) else None


def _span(text: str) -> Span:
    """The days of `2026`, `2026-11` or `2026-11-19`."""
    try:
        parts = [int(part) for part in text.split("-")]
        first = date(*[*parts, 1, 1][:3])
    except (ValueError, TypeError):
        raise UsageWrong(_DOING, f"{text!r} is no year, month or day", "write 2026, 2026-11 or 2026-11-19") from None
    last = {1: date(first.year, 12, 31), 2: first.replace(day=months.monthrange(first.year, first.month)[1])}
    until = last.get(len(parts), first)
    return Span(text, [first + timedelta(days=number) for number in range((until - first).days + 1)])

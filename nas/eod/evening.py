"""The evening's report from top to bottom: which session, its closes, what is said of them, to whom.

It exists so that the job is one screen, and late, damaged and too few closes each end in their own way.
"""

from __future__ import annotations

from typing import Any, Dict

from nas.eod.checklist import cause_in, checklist, fix_of, lines_of
from nas.eod.closes import Closes, closes_of, days_there
from nas.eod.day import Chosen, Wish, chosen, with_before
from nas.eod.ending import nothing, on_disk, rate_of, show
from nas.eod.limits import limits_from
from nas.eod.notices import eod_notice
from nas.eod.report import Report, document_of, report_of
from nas.eod.runs import runs_of
from nas.eod.shelving import shelve
from nas.eod.signals import signals_of
from nas.eod.text import head, text_of
from nas.eod.told import tell_once
from nas.eod.words import said
from nas.outcome import LATER, Outcome
from nas.turn import Turn
from shared.disk import Disk
from shared.errors import RelayError
from shared.krx_calendar import open_calendar
from shared.outcome import TRY_LATER

_CONTENT = ("day", "before", "market", "regime", "up", "down", "odd")  # what is told again where it changes


def report_evening(turn: Turn, wish: Wish) -> Outcome:
    """Outcome LATER while the session's closes are not there."""
    limits, disk = limits_from(turn.options.config), Disk(turn.settings.durable)
    there = days_there(disk, turn.settings.data)
    if not there and turn.settings.prices == "synthetic":
        return nothing(turn, "no_data")
    calendar = open_calendar(turn.settings.data)
    found = chosen(there, calendar, turn.at, wish)
    if found.day is None or found.is_stale:
        return _late(turn, found)
    closes = _closes(turn, disk, found)
    report = report_of(with_before(closes, calendar), turn.at, found.expected, limits)
    if not report.movers.covered:
        return nothing(turn, "too_little" if closes.rows else "no_data")
    signals, runs = signals_of(disk, turn.settings.data, closes.day), runs_of(disk, turn.settings, closes.day)
    return _told(turn, report._replace(signals=signals, runs=runs))


def _closes(turn: Turn, disk: Disk, found: Chosen) -> Closes:
    assert found.day is not None
    try:
        return closes_of(disk, turn.settings, found.day)
    except RelayError as error:
        show(turn, f"{head(turn.at, error.exit_code)} {said('failed_head', turn.settings.language, error.why)}\n")
        raise


def _told(turn: Turn, report: Report) -> Outcome:
    """The notice first: a share that is away keeps nobody from the day's report."""
    language, document = turn.settings.language, document_of(report)
    text, day = text_of(report, language), str(report.closes.day)
    show(turn, text)
    facts: Dict[str, Any] = {"day": day, "covered": document["coverage"], "market": rate_of(document["market"])}
    if turn.is_dry:
        return Outcome(facts=facts, document=document)
    content = {name: document[name] for name in _CONTENT}
    told = on_disk(turn, lambda: tell_once(turn.settings, "eod", eod_notice(report, language), content))
    shelve(turn.settings, "eod", day, (text, document))
    return Outcome(facts={**facts, "told": told}, document={**document, "told": told})


def _late(turn: Turn, found: Chosen) -> Outcome:
    language, items = turn.settings.language, checklist(turn.settings, found)
    words = (said("newest", language), said("wanted", language), said("today", language))
    first = f"{head(turn.at, TRY_LATER)} {said('stale_head', language)}"
    show(turn, "\n".join([first, *lines_of(found, items, turn.at, words)]) + "\n")
    facts = {"day": str(found.day) if found.day else None, "expected": str(found.expected)}
    document = {**facts, "stale": True, "checklist": [item._asdict() for item in items]}
    return Outcome(LATER, TRY_LATER, cause_in(items), fix_of(turn.settings), "E-DATA-STALE", facts, document=document)

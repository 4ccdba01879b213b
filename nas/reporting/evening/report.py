"""The evening's report from top to bottom: which session, its closes, what is said of them, to whom.

It exists so that the job is one screen, and late, damaged and too few closes each end in their own way.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Dict, Optional

from nas.closes import Closes, Wish, closes_of, session_for
from nas.old_files import limits_from
from nas.reporting.edition import Edition
from nas.reporting.evening.figures import Evening, document_of, evening_of
from nas.reporting.evening.notice import evening_notice
from nas.reporting.evening.runs import runs_of
from nas.reporting.evening.signals import signals_of
from nas.reporting.evening.text import head, text_of
from nas.reporting.late import late
from nas.reporting.telling import Report, nothing, show, tell_report
from nas.reporting.words import said
from nas.running import Outcome, Turn
from shared.disk import Disk
from shared.errors import RelayError
from shared.figures import plain, signed_percent
from shared.outcome import TRY_LATER

_CONTENT = ("day", "before", "market", "regime", "up", "down", "odd")  # what is told again where it changes


def report_evening(turn: Turn, wish: Wish) -> Outcome:
    """Outcome LATER while the session's closes are not there."""
    limits, disk = limits_from(turn.options.config), Disk(turn.settings.durable)
    found = session_for(turn.settings, turn.at, wish)
    if found.day is None and turn.settings.prices == "synthetic" and not wish.asked:
        return nothing(turn, "no_data_made_up")
    if found.day is None or found.is_stale:
        return late(turn, found, head(turn.at, TRY_LATER))
    closes = _closes(turn, disk, found.day)
    evening = evening_of(Edition(closes, turn.at, found.expected), limits)
    if not evening.movers.covered:
        return nothing(turn, "too_little" if closes.rows else "no_data")
    signals, runs = signals_of(disk, turn.settings.data, closes.day), runs_of(disk, turn.settings, closes.day)
    return tell_report(turn, _report(evening._replace(signals=signals, runs=runs), turn.settings.language))


def _closes(turn: Turn, disk: Disk, day: date) -> Closes:
    try:
        return closes_of(disk, turn.settings, day)
    except RelayError as error:
        show(turn, f"{head(turn.at, error.exit_code)} {said('failed_head', turn.settings.language, error.why)}\n")
        raise


def _report(evening: Evening, language: str) -> Report:
    document = document_of(evening)
    facts = {"day": document["day"], "covered": document["coverage"], "market": _rate_of(document["market"])}
    return Report("eod", text_of(evening, language), document, _CONTENT, evening_notice(evening, language), facts)


def _rate_of(row: Optional[Dict[str, Any]]) -> str:
    """`+0.52%`, for a closing line; a dash where it is not known."""
    change = row.get("change") if row else None
    return plain(signed_percent(change, 2)) if isinstance(change, float) else "-"

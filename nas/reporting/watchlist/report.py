"""The watchlist's report from top to bottom: whose codes, which session, what is said of them, to whom.

It exists so that the job is one screen, and an empty list, unknown codes and late closes each end in their own way.
"""

from __future__ import annotations

from nas.closes import Wish, closes_of, session_for
from nas.old_files import limits_from, watchlist_from
from nas.reporting.edition import Edition
from nas.reporting.late import late
from nas.reporting.telling import Report, nothing, tell_report
from nas.reporting.watchlist.figures import Watched, document_of, watched_of
from nas.reporting.watchlist.notice import watchlist_notice
from nas.reporting.watchlist.text import HEAD, text_of
from nas.running import Outcome, Turn
from shared.disk import Disk
from shared.figures import plain, signed_percent

_CONTENT = ("day", "mean", "asked", "rows", "odd", "unknown")  # what is told again where it changes


def report_watched(turn: Turn, wish: Wish) -> Outcome:
    """A skip where there is nobody to watch, or nothing known of anybody; older closes than there should be are said so, and
    stand in for no day that was named."""
    codes = watchlist_from(turn.options.watchlist, turn.settings).codes
    if not codes:
        return nothing(turn, "no_watchlist")
    found = session_for(turn.settings, turn.at, wish)
    if wish.asked and found.is_stale:
        return late(turn, found, f"{HEAD} {wish.asked}")
    if found.day is None:
        return nothing(turn, "too_little_of", d0="-", d1="-")
    closes = closes_of(Disk(turn.settings.durable), turn.settings, found.day)
    watched = watched_of(Edition(closes, turn.at, found.expected), codes, limits_from(turn.options.config).top_n)
    if len(watched.unknown) == len(codes):
        return nothing(turn, "no_match")
    if not watched.movers.covered:
        return nothing(turn, "too_little_of", d0=closes.day, d1=closes.before or "-")
    return tell_report(turn, _report(watched, turn.settings.language))


def _report(watched: Watched, language: str) -> Report:
    document, mean = document_of(watched), plain(signed_percent(watched.movers.mean, 2))
    expected = watched.edition.expected if watched.edition.is_late else None
    facts = {"day": document["day"], "covered": watched.coverage, "mean": mean, "expected": expected}
    content = (*_CONTENT, "stale") if expected else _CONTENT  # that they are late is told too, once
    return Report("watchlist", text_of(watched, language), document, content, watchlist_notice(watched, language), facts)

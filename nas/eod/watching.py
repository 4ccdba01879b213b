"""The watchlist's report from top to bottom: whose codes, which session, what is said of them, to whom.

It exists so that the job is one screen, and an empty list, unknown codes and late closes each end in their own way.
"""

from __future__ import annotations

from typing import Dict

from nas.eod.closes import closes_of, days_there
from nas.eod.day import Wish, chosen, with_before
from nas.eod.ending import nothing, on_disk, show
from nas.eod.limits import limits_from
from nas.eod.notices import watchlist_notice
from nas.eod.seen import Seen, seen_of, watchlist_document, watchlist_text
from nas.eod.shelving import shelve
from nas.eod.told import tell_once
from nas.eod.watchlist import watchlist_from
from nas.outcome import Outcome
from nas.turn import Turn
from shared.disk import Disk
from shared.figures import plain, signed_percent
from shared.krx_calendar import open_calendar

_CONTENT = ("day", "mean", "asked", "rows", "odd", "unknown")  # what is told again where it changes


def report_watched(turn: Turn, wish: Wish) -> Outcome:
    """A skip where there is nobody to watch, or nothing known of anybody; older closes than there should be are said so."""
    watched = watchlist_from(turn.options.watchlist, turn.settings)
    if not watched.codes:
        return nothing(turn, "no_watchlist")
    calendar, disk = open_calendar(turn.settings.data), Disk(turn.settings.durable)
    found = chosen(days_there(disk, turn.settings.data), calendar, turn.at, wish)
    if found.day is None:
        return nothing(turn, "too_little_of", d0="-", d1="-")
    closes = with_before(closes_of(disk, turn.settings, found.day), calendar)
    top_n = limits_from(turn.options.config).top_n
    moved, unknown = seen_of(closes, watched.codes, top_n)
    if len(unknown) == len(watched.codes):
        return nothing(turn, "no_match")
    if not moved.covered:
        return nothing(turn, "too_little_of", d0=closes.day, d1=closes.before or "-")
    return _told(turn, Seen(closes, turn.at, found.expected, len(watched.codes), unknown, moved, top_n))


def _told(turn: Turn, seen: Seen) -> Outcome:
    language, document, day = turn.settings.language, watchlist_document(seen), str(seen.closes.day)
    text = watchlist_text(seen, language)
    show(turn, text)
    facts: Dict[str, object] = {"day": day, "covered": f"{len(seen.movers.covered)}/{seen.asked}"}
    facts.update({"mean": plain(signed_percent(seen.movers.mean, 2)), "expected": seen.expected if document["stale"] else None})
    if turn.is_dry:
        return Outcome(facts=facts, document=document)
    content = {name: document[name] for name in _CONTENT}
    told = on_disk(turn, lambda: tell_once(turn.settings, "watchlist", watchlist_notice(seen, language), content))
    shelve(turn.settings, "watchlist", day, (text, document))
    return Outcome(facts={**facts, "told": told}, document={**document, "told": told})

"""The watchlist's report as a notice.

It exists so that who holds a few symbols reads of them on the telephone.
"""

from __future__ import annotations

from nas.reporting.edition import late_line
from nas.reporting.notice import leaders, notice_of, sides
from nas.reporting.watchlist.figures import Watched
from nas.reporting.watchlist.text import odd_or_unknown
from nas.reporting.words import said
from shared.figures import arrow, day, signed_percent
from shared.notices import PHONE, Notice, cut


def watchlist_notice(watched: Watched, language: str) -> Notice:
    """The same figures as its text has."""
    edition, found, title = watched.edition, watched.movers, said("watchlist_title", language)
    mean = said("short_basket", language, f"{signed_percent(found.mean, 2)} {arrow(found.mean)}")
    shown = [day(str(edition.closes.day), language), mean, watched.coverage]
    return notice_of(
        edition,
        event="WATCHLIST_REPORTED",
        title=title,
        summary=cut(" · ".join([f"{title} {shown[0]}", *shown[1:], *leaders(found)]), PHONE),
        opening=" · ".join(shown),
        facts=sides(found, language),
        remarks=(*late_line(edition, language), *odd_or_unknown(watched, language)),
    )

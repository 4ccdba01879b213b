"""The watchlist's report as text: the lines of the earlier systems, and below them who is no ordinary close, or unknown.

It exists so that whoever reads, greps or forwards the old text goes on.
"""

from __future__ import annotations

from typing import List

from nas.reporting.edition import late_line, made_up_line
from nas.reporting.phrases import odd_block, odd_lines, sides_lines
from nas.reporting.watchlist.figures import Watched
from nas.reporting.words import said
from shared.figures import plain, signed_percent
from shared.text import few_of

HEAD = "[KRX Watchlist EOD]"
_NAMED = 10


def text_of(watched: Watched, language: str) -> str:
    """All of it; made-up prices are said first."""
    edition, found = watched.edition, watched.movers
    facts = {"mean": signed_percent(found.mean, 2), "n": len(found.covered), "m": watched.asked}
    lines = [*made_up_line(edition, language), f"{HEAD} {edition.closes.day}", *late_line(edition, language)]
    lines += [said("basket", language, **facts), "", *sides_lines(found, language)]
    odd = odd_block(odd_or_unknown(watched, language), language)
    lines += ["", *odd] if odd else []
    return plain("\n".join(lines)) + "\n"


def odd_or_unknown(watched: Watched, language: str) -> List[str]:
    """A line for each kind of close that is no ordinary one, and one for the codes nobody knows."""
    count, names = len(watched.unknown), few_of(watched.unknown, _NAMED)
    return [*odd_lines(watched.movers, language), *([f"{said('unknown', language, count)}: {names}"] if count else [])]

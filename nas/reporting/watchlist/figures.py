"""The watchlist's report as figures: the closes of the codes somebody watches, and their mean.

It exists so that whoever holds a few symbols reads of these alone.
"""

from __future__ import annotations

from typing import Any, Dict, NamedTuple, Sequence, Tuple

from nas.closes import Movers, movers
from nas.reporting.edition import Edition, head_of
from nas.reporting.rows import rows_by_kind, rows_of

SCHEMA = "relay.watchlist-report/1"


class Watched(NamedTuple):
    """`asked`: how many codes the list has; `unknown`: those that are not among the closes."""

    edition: Edition
    asked: int
    unknown: Tuple[str, ...]
    movers: Movers

    @property
    def coverage(self) -> str:
        """`3/5`: of how many of the list the change is known."""
        return f"{len(self.movers.covered)}/{self.asked}"


def watched_of(edition: Edition, codes: Sequence[str], top_n: int) -> Watched:
    """Who of these moved most, however little; and whom nobody knows."""
    known = {row.code: row for row in edition.closes.rows}
    unknown = tuple(code for code in codes if code not in known)
    return Watched(edition, len(codes), unknown, movers([known[code] for code in codes if code in known], top_n))


def document_of(watched: Watched) -> Dict[str, Any]:
    """All of it, for programs."""
    found = watched.movers
    return {
        **head_of(watched.edition, SCHEMA),
        "mean": None if found.mean is None else round(found.mean, 6),
        "coverage": len(found.covered),
        "asked": watched.asked,
        "up": rows_of(found.up),
        "down": rows_of(found.down),
        "rows": rows_of(found.covered),
        "odd": rows_by_kind(found.odd),
        "unknown": list(watched.unknown),
    }

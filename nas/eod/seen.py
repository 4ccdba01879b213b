"""The watchlist's report: the same closes, of the codes somebody watches and of their mean; as text and as JSON.

It exists so that whoever holds a few symbols reads of these alone, in the lines the earlier systems wrote.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Dict, List, NamedTuple, Sequence, Tuple

from nas.eod.closes import Close, Closes
from nas.eod.movers import Movers, movers
from nas.eod.phrases import odd_lines, row
from nas.eod.report import rows_of
from nas.eod.words import said
from shared.figures import plain, signed_percent
from shared.text import few_of

SCHEMA = "relay.watchlist-report/1"
_NAMED = 10


class Seen(NamedTuple):
    """`asked`: how many codes the list has; `unknown`: those that are not among the closes."""

    closes: Closes
    at: datetime
    expected: date
    asked: int
    unknown: Tuple[str, ...]
    movers: Movers
    top_n: int


def seen_of(closes: Closes, codes: Sequence[str], top_n: int) -> Tuple[Movers, Tuple[str, ...]]:
    """Who of these moved most, with no least change; and whom nobody knows."""
    known = {row.code: row for row in closes.rows}
    unknown = tuple(code for code in codes if code not in known)
    return movers([known[code] for code in codes if code in known], top_n, 0.0), unknown


def watchlist_text(seen: Seen, language: str) -> str:
    """As the earlier systems had it, and below that who is no ordinary close, or unknown."""
    found = seen.movers
    facts = {"mean": signed_percent(found.mean, 2), "n": len(found.covered), "m": seen.asked}
    lines = [said("made_up", language)] if seen.closes.synthetic else []
    lines += [f"[KRX Watchlist EOD] {seen.closes.day}", *late_line(seen, language), said("basket", language, **facts), ""]
    lines += [*_side("up", found.up, seen.top_n, language), "", *_side("down", found.down, seen.top_n, language)]
    odd = [*odd_lines(found, language), *unknown_line(seen, language)]
    lines += ["", said("odd", language), *(f" · {line}" for line in odd)] if odd else []
    return plain("\n".join(lines)) + "\n"


def watchlist_document(seen: Seen) -> Dict[str, Any]:
    """All of it, for programs."""
    found, closes = seen.movers, seen.closes
    return {
        "schema": SCHEMA,
        "day": str(closes.day),
        "before": str(closes.before) if closes.before else None,
        "at": seen.at.isoformat("T", "seconds"),
        "expected": str(seen.expected),
        "stale": closes.day < seen.expected,
        "synthetic": closes.synthetic,
        "mean": None if found.mean is None else round(found.mean, 6),
        "coverage": len(found.covered),
        "asked": seen.asked,
        "up": rows_of(found.up),
        "down": rows_of(found.down),
        "rows": rows_of(found.covered),
        "odd": {kind: rows_of(those) for kind, those in found.odd.items()},
        "unknown": list(seen.unknown),
    }


def late_line(seen: Seen, language: str) -> List[str]:
    """That newer closes should be there; nothing where they are the newest there can be."""
    if seen.closes.day >= seen.expected:
        return []
    return [said("late", language, day=seen.closes.day, expected=seen.expected)]


def unknown_line(seen: Seen, language: str) -> List[str]:
    """The codes nobody knows, by name."""
    return [f"{said('unknown', language, len(seen.unknown))}: {few_of(seen.unknown, _NAMED)}"] if seen.unknown else []


def _side(side: str, rows: Sequence[Close], top_n: int, language: str) -> List[str]:
    if not rows:
        return [said(f"{side}_none", language)]
    return [said(side, language, n=top_n), *(f" · {row(one)}" for one in rows)]

"""Which two answers of each strategy are compared: the one asked for last, and the last that succeeded before it.

It exists so that the nightly comparison and `nas compare @prev @latest` mean the same two.
"""

from __future__ import annotations

from typing import Dict, List, Optional

from nas.desk import Desk
from nas.drift.lines import Pair
from nas.submitted import LATEST, PREVIOUS, NothingToCompare, newest_submitted, strategies_answered
from outbox import CURVE, TRADES, Kept, Side, compare, kept

SKIPPED = "[POST] prev run not found; compare skipped"  # word for word as the earlier script had it


def strategies_of(desk: Desk, only: Optional[str] = None) -> List[str]:
    """Each that has answers, or the one named."""
    return [only] if only else strategies_answered(desk)


def pair_of(desk: Desk, strategy: str) -> Optional[Pair]:
    """Its two; None where it has fewer."""
    try:
        found: Dict[str, str] = newest_submitted(desk, strategy, (LATEST, PREVIOUS))
    except NothingToCompare:
        return None
    a, b = (_answer(desk, found[name]) for name in (PREVIOUS, LATEST))
    sides = [Side(one.manifest, one.files.get(CURVE, b""), one.files.get(TRADES)) for one in (a, b)]
    return Pair(strategy, a, b, compare(*sides))


def _answer(desk: Desk, request_id: str) -> Kept:
    return kept(desk.outbox, desk.settings.archive, request_id, (CURVE, TRADES))

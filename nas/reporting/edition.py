"""The edition of a report: whose closes it tells, when it was made, and whose should be there by then.

It exists so that both reports begin alike, for programs and for people.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Dict, List, NamedTuple

from nas.closes import Closes
from nas.reporting.words import said


class Edition(NamedTuple):
    """`expected`: the session whose closes could be there at that moment."""

    closes: Closes
    at: datetime
    expected: date

    @property
    def is_late(self) -> bool:
        """Whether newer closes should be there."""
        return self.closes.day < self.expected


def head_of(edition: Edition, schema: str) -> Dict[str, Any]:
    """What every report's document begins with."""
    closes = edition.closes
    return {
        "schema": schema,
        "day": str(closes.day),
        "before": str(closes.before) if closes.before else None,
        "at": edition.at.isoformat("T", "seconds"),
        "expected": str(edition.expected),
        "stale": edition.is_late,
        "synthetic": closes.synthetic,
    }


def made_up_line(edition: Edition, language: str) -> List[str]:
    """That the prices are made up, before anything else; nothing where they are real."""
    return [said("made_up", language)] if edition.closes.synthetic else []


def late_line(edition: Edition, language: str) -> List[str]:
    """That newer closes should be there; nothing where they are the newest there can be."""
    facts = {"day": edition.closes.day, "expected": edition.expected}
    return [said("late", language, **facts)] if edition.is_late else []

"""How a report ends that could not be made or not be kept, and where its text is shown.

It exists so that the evening's report and the watchlist's skip, fail and speak in one way.
"""

from __future__ import annotations

import sys
from typing import Any, Callable, Dict, Optional, TypeVar

from nas.eod.words import said
from nas.outcome import SKIPPED, Outcome
from nas.turn import Turn
from shared.errors import ShareUnreachable
from shared.figures import plain, signed_percent

Anything = TypeVar("Anything")


def show(turn: Turn, text: str) -> None:
    """On standard output, where nothing but a document may be for programs."""
    print(text, end="", file=sys.stderr if turn.options.json else sys.stdout)


def nothing(turn: Turn, key: str, **facts: object) -> Outcome:
    """A skip in the words of the earlier systems."""
    why = said(key, turn.settings.language, **facts)
    show(turn, f"{why}\n")
    return Outcome(SKIPPED, why=why, facts={name: fact for name, fact in facts.items() if fact})


def on_disk(turn: Turn, act: Callable[[], Anything]) -> Anything:
    """What it gives back; ShareUnreachable where this machine's own disk is full or read-only."""
    try:
        return act()
    except OSError as error:
        why = error.strerror or str(error)
        raise ShareUnreachable(f"keeping what was told in {turn.settings.data}", why, "make room there") from error


def rate_of(row: Optional[Dict[str, Any]]) -> str:
    """`+0.52%`, for a closing line; a dash where it is not known."""
    change = row.get("change") if row else None
    return plain(signed_percent(change, 2)) if isinstance(change, float) else "-"

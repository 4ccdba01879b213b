"""Telling a report, whichever it is: shown, told once, then kept where people look for it.

It exists so that both reports end in one way, and a share that is away keeps nobody from either.
"""

from __future__ import annotations

import sys
from typing import Any, Dict, NamedTuple, Sequence

from nas.full_disk import on_disk
from nas.reporting.once import tell_once
from nas.reporting.shelving import shelve
from nas.reporting.words import said
from nas.running import SKIPPED, Outcome, Turn
from shared.notices import Notice


class Report(NamedTuple):
    """Made, and not told yet. `content`: what of its document is told again where it changes; `facts`: for the closing line."""

    kind: str  # the folder it is kept in: eod, watchlist
    text: str
    document: Dict[str, Any]
    content: Sequence[str]
    notice: Notice
    facts: Dict[str, Any]


def tell_report(turn: Turn, report: Report) -> Outcome:
    """The notice first: a share that is away keeps nobody from the day's report."""
    show(turn, report.text)
    if turn.is_dry:
        return Outcome(facts=report.facts, document=report.document)
    content = {name: report.document[name] for name in report.content}
    with on_disk(f"keeping what was told in {turn.settings.data}"):
        told = tell_once(turn.settings, report.kind, report.notice, content)
    shelve(turn.settings, report.kind, report.text, report.document)
    return Outcome(facts={**report.facts, "told": told}, document={**report.document, "told": told})


def nothing(turn: Turn, key: str, **facts: object) -> Outcome:
    """A skip in the words of the earlier systems."""
    why = said(key, turn.settings.language, **facts)
    show(turn, f"{why}\n")
    return Outcome(SKIPPED, why=why, facts={name: fact for name, fact in facts.items() if fact})


def show(turn: Turn, text: str) -> None:
    """On standard output, where nothing but a document may be for programs."""
    print(text, end="", file=sys.stderr if turn.options.json else sys.stdout)

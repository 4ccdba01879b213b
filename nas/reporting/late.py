"""A report whose closes are not there yet: what is so on this machine, line by line, to be tried again.

It exists so that whoever waits for one reads why it does not come, and old closes are never told as the day that was asked for.
"""

from __future__ import annotations

from nas.closes import Chosen, cause_in, checklist, fix_of
from nas.reporting.telling import show
from nas.reporting.words import said
from nas.running import LATER, Outcome, Turn
from shared import clock
from shared.outcome import TRY_LATER


def late(turn: Turn, found: Chosen, head: str) -> Outcome:
    """LATER; `head`: how that report's text begins."""
    language, items = turn.settings.language, checklist(turn.settings, found)
    lines = [f"{head} {said('stale_head', language)}"]
    lines += [f" - {said('newest', language, found.day or '-')}", f" - {said('wanted', language, found.expected)}"]
    lines += [f" - {said('today', language, turn.at.astimezone(clock.KST).date())}", "[Checklist]"]
    lines += [f" {'✓' if one.ok else '✗'} {one.text}" for one in items]
    show(turn, "\n".join(lines) + "\n")
    facts = {"day": str(found.day) if found.day else None, "expected": str(found.expected)}
    document = {**facts, "stale": True, "checklist": [item._asdict() for item in items]}
    fix = fix_of(turn.settings, found)
    return Outcome(LATER, TRY_LATER, cause_in(items), fix, "E-DATA-STALE", facts, document=document)

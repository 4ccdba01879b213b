"""How a job ended, as the job itself says it: a word, an exit code, and why.

It exists so that a skip is one by its type and not by what somebody printed, and an outage never passes for a fault of ours.
"""

from __future__ import annotations

from typing import Any, Dict, NamedTuple

from shared.errors import RelayError
from shared.outcome import FAILED, OK, TRY_LATER

DONE, SKIPPED, LATER, BROKEN = "OK", "SKIPPED", "LATER", "FAILED"


class Outcome(NamedTuple):
    """What a job's `run` gives back. `told`: whoever should know of it was told by the job itself."""

    word: str = DONE  # OK, SKIPPED, LATER or FAILED
    rc: int = OK
    why: str = ""
    fix: str = ""
    code: str = ""
    facts: Dict[str, Any] = {}  # what it counted, for the closing line
    told: bool = False
    document: Dict[str, Any] = {}  # what `--json` shows, where it is more than the facts


def skipped(why: str, code: str = "") -> Outcome:
    """There was nothing to do, or nothing to do it with: no failure."""
    return Outcome(SKIPPED, OK, why, code=code)


def stale(why: str, **facts: object) -> Outcome:
    """What it needs is not there yet: it is tried again."""
    return Outcome(LATER, TRY_LATER, why, code="E-DATA-STALE", facts=facts)


def of_command(rc: int, told: bool = False) -> Outcome:
    """Of one of our commands, which has said already how it went."""
    return Outcome({OK: DONE, TRY_LATER: LATER}.get(rc, BROKEN), rc, told=told)


def of_error(error: RelayError) -> Outcome:
    """An outage of outside data is a skip, by its type; what may be otherwise soon is tried again; the rest failed."""
    why = ": ".join(part for part in (error.what, error.why) if part)
    if error.status == "SKIPPED":
        return skipped(why, error.code)
    word = LATER if error.exit_code == TRY_LATER else BROKEN
    return Outcome(word, error.exit_code or FAILED, why, error.fix, error.code)

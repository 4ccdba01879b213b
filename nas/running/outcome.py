"""How a job ended: a word, an exit code, and why. A job of ours says it itself; of a program it is read from its end.

It exists so that a skip is one by its type and not by what somebody printed, and an outage never passes for a fault of ours.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, NamedTuple, Optional

from shared.errors import RelayError
from shared.outcome import FAILED, OK, TRY_LATER

DONE, SKIPPED, LATER, BROKEN = "OK", "SKIPPED", "LATER", "FAILED"
OUTAGE = "external-data-unavailable"  # what the earlier runner said, and programs look for
_BUSY = "E-PRICES-BUSY"
_OUTAGES = ("E-DATA-UNAVAILABLE", "E-REQUIRED-UNAVAILABLE")


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

    @property
    def is_late(self) -> bool:
        """Whether another try may help."""
        return self.word == LATER

    @property
    def is_outage(self) -> bool:
        """Whether outside data could not be had."""
        return self.word == SKIPPED and (self.code in _OUTAGES or self.why.startswith(OUTAGE))

    @property
    def is_idle(self) -> bool:
        """Whether it found nothing to do; who met an outage, or somebody else at that work, does not know."""
        return self.word == SKIPPED and not self.is_outage and self.code != _BUSY


def skipped(why: str, code: str = "") -> Outcome:
    """There was nothing to do, or nothing to do it with: no failure."""
    return Outcome(SKIPPED, OK, why, code=code)


def of_command(rc: int, told: bool = False) -> Outcome:
    """Of one of our commands, which has said already how it went."""
    return Outcome({OK: DONE, TRY_LATER: LATER}.get(rc, BROKEN), rc, told=told)


def of_error(error: RelayError) -> Outcome:
    """An outage of outside data is a skip, by its type; what may be otherwise soon is tried again; the rest failed."""
    if error.status == "SKIPPED":
        return skipped(error.in_short, error.code)
    word = LATER if error.exit_code == TRY_LATER else BROKEN
    return Outcome(word, error.exit_code or FAILED, error.in_short, error.fix, error.code)


def put_outcome(file: Path, outcome: Outcome) -> None:
    """Where the runner reads it: a job is another process."""
    file.write_text(json.dumps(outcome._asdict(), ensure_ascii=False, default=str), encoding="utf-8")


def outcome_in(file: Path) -> Optional[Outcome]:
    """What a job said there; None where it never came to that."""
    try:
        told: Dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return Outcome(**told)
    except (OSError, ValueError, TypeError):
        return None

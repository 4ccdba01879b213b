"""What the end of a job means: done, skipped, to be tried again, or failed, and why.

It exists so that this is decided once, from facts alone: what the job said itself, the system's code, the time it took.
"""

from __future__ import annotations

from typing import Any, Dict, NamedTuple

from nas.outcome import BROKEN, DONE, LATER, SKIPPED
from nas.running import Ended, ended_by, looks_like_an_outage
from shared.errors import RelayError, in_words
from shared.outcome import FAILED, OK, OPERATIONAL

OUTAGE = "external-data-unavailable"  # what the earlier runner said, and programs look for
_OUTAGES = ("E-DATA-UNAVAILABLE", "E-REQUIRED-UNAVAILABLE")
_CRASHED = "it ended with rc={}, without saying why; its last line: {}"


class Verdict(NamedTuple):
    """`rc` is what the runner ends with. `told`: whoever should know was told by the job."""

    word: str
    rc: int
    why: str = ""
    fix: str = ""
    code: str = ""
    seconds: float = 0.0
    tries: int = 1
    told: bool = False
    facts: Dict[str, Any] = {}

    @property
    def is_late(self) -> bool:
        """Whether another try may help."""
        return self.word == LATER

    @property
    def is_outage(self) -> bool:
        """Whether outside data could not be had."""
        return self.word == SKIPPED and (self.code in _OUTAGES or self.why.startswith(OUTAGE))


def not_begun(error: Exception) -> Verdict:
    """Of what kept the job from being started at all."""
    if isinstance(error, RelayError):
        why = ": ".join(part for part in (error.what, error.why) if part)
        return Verdict(BROKEN, error.exit_code, why, error.fix, error.code)
    return Verdict(BROKEN, OPERATIONAL, in_words(error), "make room, or mend what it names")


def stopped(number: int) -> Verdict:
    """Somebody asked the runner to end, by that signal."""
    return Verdict(BROKEN, 128 + number, f"stopped by {ended_by(-number)}")


def judged(ended: Ended, rc_of_stale: int, tells: bool) -> Verdict:
    """What this end means; `tells`: it is a job of ours, whose types decide and never its words."""
    if ended.stopped_by:
        return stopped(ended.stopped_by)._replace(seconds=ended.seconds)
    if ended.is_late:
        return Verdict(BROKEN, 124, f"it took longer than its {ended.seconds:.0f} s and was ended", _SLOW, seconds=ended.seconds)
    if ended.outcome is not None:
        said = ended.outcome
        rc = OK if said.word == SKIPPED else said.rc
        why = said.why or ("" if said.word == DONE else _last_line(ended.printed))
        return Verdict(said.word, rc, why, said.fix, said.code, ended.seconds, told=said.told, facts=said.facts)
    return _of_code(ended, rc_of_stale, tells)


_SLOW = "give it more with timeout in configs/jobs.yaml, or see in its log what it waited for"


def _of_code(ended: Ended, rc_of_stale: int, tells: bool) -> Verdict:
    """Of one that said nothing: a program that is not ours, or a job that died."""
    outage = "" if tells or not ended.rc else looks_like_an_outage(ended.printed)
    last = _last_line(ended.printed)
    if outage:
        return Verdict(SKIPPED, OK, f"{OUTAGE}: it said {outage!r}", seconds=ended.seconds)
    if ended.rc == OK and not tells:
        return Verdict(DONE, OK, seconds=ended.seconds)
    if ended.rc == rc_of_stale and not tells:
        return Verdict(LATER, ended.rc, last, seconds=ended.seconds)
    if ended.rc < 0:
        return Verdict(BROKEN, 128 - ended.rc, f"it was ended by {ended_by(ended.rc)}", seconds=ended.seconds)
    return Verdict(BROKEN, ended.rc or FAILED, _CRASHED.format(ended.rc, last), seconds=ended.seconds)


def _last_line(printed: str) -> str:
    return next((line.strip() for line in reversed(printed.splitlines()) if line.strip()), "-")[:300]

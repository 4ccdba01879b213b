"""What the end of a process means: done, skipped, to be tried again, or failed, and why.

It exists so that this is decided once, from facts alone: what the job said itself, the system's code, what it printed last.
"""

from __future__ import annotations

import contextlib
import signal

from nas.running.outage import looks_like_an_outage
from nas.running.outcome import BROKEN, DONE, LATER, OUTAGE, SKIPPED, Outcome, skipped
from nas.running.work import Exit, Work
from shared.errors import RelayError, in_words
from shared.outcome import FAILED, OK, OPERATIONAL

_TOO_LONG = 124  # as timeout(1) says it
_SLOW = "give it more (--timeout, or `timeout` in your own file of jobs), or see in its log what it waited for"
_CRASHED = "it ended with rc={}, without saying why; its last line: {}"


def not_begun(error: Exception) -> Outcome:
    """Of what kept the job from being started at all."""
    if isinstance(error, RelayError):
        return Outcome(BROKEN, error.exit_code, error.in_short, error.fix, error.code)
    return Outcome(BROKEN, OPERATIONAL, in_words(error), "make room, or mend what it names")


def stopped(number: int) -> Outcome:
    """Somebody asked the runner to end, by that signal."""
    return Outcome(BROKEN, 128 + number, f"stopped by {_name_of(number)}")


def judged(ended: Exit, work: Work) -> Outcome:
    """What this end of that work means; of a job of ours its types decide, and never its words."""
    if ended.is_cut:
        return Outcome(BROKEN, _TOO_LONG, f"it took longer than its {work.seconds:g} s and was ended", _SLOW)
    said = ended.said
    if said is None:
        return _of_code(ended, work)
    why = said.why or ("" if said.word == DONE else _last_line(ended.printed))
    return said._replace(rc=OK if said.word == SKIPPED else said.rc, why=why)


def _of_code(ended: Exit, work: Work) -> Outcome:
    """Of one that said nothing: a program that is not ours, or a job that died."""
    outage = "" if work.tells or not ended.rc else looks_like_an_outage(ended.printed)
    last = _last_line(ended.printed)
    if outage:
        return skipped(f"{OUTAGE}: it said {outage!r}")
    if ended.rc == OK and not work.tells:
        return Outcome()
    if ended.rc == work.late_rc and not work.tells:
        return Outcome(LATER, ended.rc, last)
    if ended.rc < 0:
        return Outcome(BROKEN, 128 - ended.rc, f"it was ended by {_name_of(-ended.rc)}")
    return Outcome(BROKEN, ended.rc or FAILED, _CRASHED.format(ended.rc, last))


def _last_line(printed: str) -> str:
    return next((line.strip() for line in reversed(printed.splitlines()) if line.strip()), "-")[:300]


def _name_of(number: int) -> str:
    with contextlib.suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"

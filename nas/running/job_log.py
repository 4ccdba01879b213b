"""What a job's start leaves behind: in its log every line it printed and one of ours when it is over; and a notice.

It exists so that a failure is read in one file, and told to people once.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, Optional

from nas.guards import Passage
from nas.running.memory import Last, remember
from nas.running.outcome import BROKEN, DONE, LATER, OUTAGE, SKIPPED, Outcome
from nas.running.policy import Retry
from nas.running.seat import Holder
from shared import clock
from shared.config import Settings
from shared.events import Log
from shared.log_file import append
from shared.masking import masked
from shared.metrics import note
from shared.outcome import INTERRUPTED, USAGE
from shared.text import Table, wording

Facts = Dict[str, Any]
_GUARDED_OUTAGE = f"[SKIP] {OUTAGE} (guarded)"  # word for word as the earlier runner had it
_MOST = 16 << 20  # characters of one start: a job that prints for ever fills no disk
_CUT = f"[CUT] it printed more than {_MOST >> 20} MB; what comes is shown, and kept no more"
_ALL_THE_SAME = "--guard none"
_WORDS: Table = {
    "held": ("이미 실행 중: pid {pid} ({host}), {since}부터", "already running: pid {pid} on {host}, since {since}"),
    "held_by_nobody": ("이미 실행 중", "already running"),
    "died": ("지난번 실행이 도중에 끊김: pid {pid}, {since} 시작", "the last start was cut off: pid {pid}, begun {since}"),
}


class JobLog:
    """Of one job."""

    def __init__(self, settings: Settings, job: str, notify: str = "failed") -> None:
        self._settings, self._job, self._notify = settings, job, notify
        self._file, self._room = settings.logs / f"{job}_%Y-%m-%d.log", _MOST

    def line(self, text: str) -> None:
        """A line the job printed; of one that prints for ever, so many."""
        has_room, self._room = self._room > 0, self._room - len(text)
        if has_room:
            append(self._file, masked(text) if self._room > 0 else _CUT)

    def held(self, holder: Optional[Holder]) -> None:
        """Somebody else has its seat."""
        facts = {"pid": holder.pid, "host": holder.host, "since": clock.for_people(holder.since)} if holder else {}
        why = wording(_WORDS, "held" if holder else "held_by_nobody", **facts).in_language(self._settings.language)
        self._skipped(why)

    def guarded(self, guard: Passage) -> None:
        """The guard is closed; a person who looks on is told how it runs all the same."""
        fix = _ALL_THE_SAME if _somebody_looks_on() else None
        self._skipped(guard.why.in_language(self._settings.language), guard.warns, fix)

    def died(self, holder: Holder) -> None:
        """Who had the seat before never got up: of jobs that share it, another one maybe."""
        facts = {"pid": holder.pid, "since": clock.for_people(holder.since)}
        why = wording(_WORDS, "died", **facts).in_language(self._settings.language)
        self._log().warning("JOB_CUT_OFF", job=holder.job or self._job, why=why)

    def retried(self, outcome: Outcome, number: int, retry: Retry) -> None:
        """That try did not do; there is another one, so many seconds from now."""
        facts = {"try": f"{number}/{retry.max + 1}", "sleep": f"{retry.sleep:g}s", "why": outcome.why or None}
        self._log().info("JOB_RETRIED", job=self._job, rc=outcome.rc, **facts)

    def over(self, outcome: Outcome, tries: int = 1, seconds: float = 0.0) -> None:
        """The line of its end; a failure is told, and so is the end of one."""
        if outcome.is_outage:
            print(_GUARDED_OUTAGE, file=sys.stderr)
            self.line(_GUARDED_OUTAGE)
        facts = _facts(outcome, tries, seconds)
        if outcome.rc in (USAGE, INTERRUPTED) and _somebody_looks_on():  # a slip or a Ctrl-C, and whose it is reads it here
            self._log().error("JOB_FAILED", job=self._job, **facts)
            return
        {BROKEN: self._failed, LATER: self._put_off, DONE: self._done}.get(outcome.word, self._gone_without)(facts, outcome)
        ended = Last(word=outcome.word, rc=outcome.rc, why=outcome.why, code=outcome.code, tries=tries)
        remember(self._settings, self._job, **ended._replace(at=clock.now(), seconds=round(seconds, 3))._asdict())
        note(self._settings.logs, "job_seconds", seconds, job=self._job, outcome=outcome.word, rc=outcome.rc)

    def _failed(self, facts: Facts, outcome: Outcome) -> None:
        with self._heard(self._notify != "off" and not outcome.told) as log:
            log.error("JOB_FAILED", job=self._job, **facts)

    def _put_off(self, facts: Facts, outcome: Outcome) -> None:
        is_news = self._notify == "late" and not outcome.told
        with self._heard(is_news) as log:
            if is_news:
                log.error("JOB_PUT_OFF", job=self._job, **facts)
            else:
                log.warning("JOB_PUT_OFF", job=self._job, **facts)

    def _done(self, facts: Facts, _: Outcome) -> None:
        with self._heard(self._notify != "off") as log:
            log.info("JOB_ENDED", job=self._job, **facts)

    def _gone_without(self, facts: Facts, outcome: Outcome) -> None:
        """It ran: where there was nothing to do, what failed before is over."""
        with self._heard(outcome.is_idle and self._notify != "off") as log:
            log.info("JOB_SKIPPED", job=self._job, **facts)
            if outcome.is_idle:
                log.unwritten().info("JOB_ENDED", job=self._job, **facts)

    def _skipped(self, why: str, warns: bool = False, fix: Optional[str] = None) -> None:
        if warns:
            self._log().warning("JOB_SKIPPED", job=self._job, why=why, fix=fix)
        else:
            self._log().info("JOB_SKIPPED", job=self._job, why=why, fix=fix)
        remember(self._settings, self._job, skipped=why, skipped_at=clock.now())
        note(self._settings.logs, "job_seconds", 0.0, job=self._job, outcome=SKIPPED, rc=0)

    def _log(self) -> Log:
        return Log(self._file)

    @contextlib.contextmanager
    def _heard(self, is_told: bool) -> Iterator[Log]:
        """The notices are loaded only where there may be something to tell."""
        if not is_told:
            yield self._log()
            return
        from shared.notices import telling_log

        with telling_log(self._settings, self._file) as log:
            yield log


def _somebody_looks_on() -> bool:
    return sys.stderr.isatty()


def log_unset(logs: Path, job: str, outcome: Outcome) -> None:
    """The line of a job's end that no settings could be read for: it is all there is."""
    Log(logs / f"{job}_%Y-%m-%d.log").error("JOB_FAILED", job=job, **_facts(outcome, 1, 0.0))


def _facts(outcome: Outcome, tries: int, seconds: float) -> Facts:
    """Of its line: what it counted, then how it ended; what there is nothing to say of is left out."""
    told = {"code": outcome.code, "why": outcome.why, "fix": outcome.fix, "tries": tries if tries > 1 else None}
    kept = {name: fact for name, fact in {**outcome.facts, **told}.items() if fact not in ("", None)}
    return {**kept, "rc": outcome.rc, "elapsed_ms": seconds * 1000}

"""What a job's start leaves behind: in its log every line it printed and one of ours when it is over; and a notice.

It exists so that a failure is read in one file, and told to people once.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Dict, Iterator, Optional

from nas.guards import Passage
from nas.outcome import BROKEN, DONE, LATER, SKIPPED
from nas.running import Holder, Retry, remember
from nas.verdict import OUTAGE, Verdict
from shared import clock
from shared.config import Settings
from shared.events import Log
from shared.log_file import append
from shared.masking import masked
from shared.metrics import note
from shared.text import Table, wording

_GUARDED_OUTAGE = f"[SKIP] {OUTAGE} (guarded)"  # word for word as the earlier runner had it
_WORDS: Table = {
    "held": ("이미 실행 중: pid {pid} ({host}), {since}부터", "already running: pid {pid} on {host}, since {since}"),
    "held_by_nobody": ("이미 실행 중", "already running"),
    "died": ("지난번 실행이 도중에 끊김: pid {pid}, {since} 시작", "the last start was cut off: pid {pid}, begun {since}"),
}


class JobLog:
    """Of one job."""

    def __init__(self, settings: Settings, job: str, notify: str = "failed") -> None:
        self._settings, self._job, self._notify = settings, job, notify
        self._file = settings.logs / f"{job}_%Y-%m-%d.log"

    def line(self, text: str) -> None:
        """A line the job printed."""
        append(self._file, masked(text))

    def held(self, holder: Optional[Holder]) -> None:
        """Somebody else has its seat."""
        facts = {"pid": holder.pid, "host": holder.host, "since": clock.for_people(holder.since)} if holder else {}
        why = wording(_WORDS, "held" if holder else "held_by_nobody", **facts).in_language(self._settings.language)
        self._skipped(why)

    def guarded(self, guard: Passage) -> None:
        """The guard is closed."""
        self._skipped(guard.why.in_language(self._settings.language), guard.warns)

    def died(self, holder: Holder) -> None:
        """Who had the seat before never got up."""
        facts = {"pid": holder.pid, "since": clock.for_people(holder.since)}
        why = wording(_WORDS, "died", **facts).in_language(self._settings.language)
        self._log().warning("JOB_CUT_OFF", job=self._job, why=why)

    def retried(self, verdict: Verdict, retry: Retry) -> None:
        """It is tried again, so many seconds from now."""
        facts = {"try": f"{verdict.tries}/{retry.max + 1}", "sleep": f"{retry.sleep:g}s", "why": verdict.why or None}
        self._log().info("JOB_RETRIED", job=self._job, rc=verdict.rc, **facts)

    def over(self, verdict: Verdict) -> None:
        """The line of its end; a failure is told, and so is the end of one."""
        if verdict.is_outage:
            print(_GUARDED_OUTAGE, file=sys.stderr)
            self.line(_GUARDED_OUTAGE)
        {BROKEN: self._failed, LATER: self._put_off, DONE: self._done}.get(verdict.word, self._gone_without)(verdict)
        facts = {"word": verdict.word, "rc": verdict.rc, "why": verdict.why, "tries": verdict.tries}
        facts.update(seconds=round(verdict.seconds, 3), at=clock.now(), skipped="", skipped_at=None)
        remember(self._settings, self._job, **facts)
        note(self._settings.logs, "job_seconds", verdict.seconds, job=self._job, outcome=verdict.word, rc=verdict.rc)

    def _failed(self, verdict: Verdict) -> None:
        with self._heard(self._notify != "off" and not verdict.told) as log:
            log.error("JOB_FAILED", job=self._job, **_facts(verdict))

    def _put_off(self, verdict: Verdict) -> None:
        is_told = self._notify == "late" and not verdict.told
        with self._heard(is_told) as log:
            if is_told:
                log.error("JOB_PUT_OFF", job=self._job, **_facts(verdict))
            else:
                log.warning("JOB_PUT_OFF", job=self._job, **_facts(verdict))

    def _done(self, verdict: Verdict) -> None:
        with self._heard(self._notify != "off") as log:
            log.info("JOB_ENDED", job=self._job, **_facts(verdict))

    def _gone_without(self, verdict: Verdict) -> None:
        self._log().info("JOB_SKIPPED", job=self._job, **_facts(verdict))

    def _skipped(self, why: str, warns: bool = False) -> None:
        if warns:
            self._log().warning("JOB_SKIPPED", job=self._job, why=why)
        else:
            self._log().info("JOB_SKIPPED", job=self._job, why=why)
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


def _facts(verdict: Verdict) -> Dict[str, object]:
    """Of its line: what it counted, then how it ended; what there is nothing to say of is left out."""
    told: Dict[str, object] = {"code": verdict.code, "why": verdict.why, "fix": verdict.fix}
    told["tries"] = verdict.tries if verdict.tries > 1 else None
    kept = {name: fact for name, fact in {**verdict.facts, **told}.items() if fact not in ("", None)}
    return {**kept, "rc": verdict.rc, "elapsed_ms": verdict.seconds * 1000}

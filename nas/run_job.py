"""Running a job: lock → guard → retry → job → log → notice.

It exists so that every program cron starts is alone, runs only when it makes sense, is tried again where that helps, and fails
aloud, once.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import List, NamedTuple, Tuple

from nas.guards import Passage, passage
from nas.running import JobLog, Outcome, Policy, Work, asked_to_end, one_try, pause, seat, stopped
from shared import clock
from shared.config import Settings
from shared.krx_calendar import open_calendar
from shared.outcome import OK

LEGACY = {"td": 200, "th": 201}  # what the earlier guards ended with


class Plan(NamedTuple):
    """One start of a job: what is set for it, what it does, and the moment it is for."""

    job: str
    policy: Policy
    work: Work
    at: datetime
    is_legacy: bool = False


def run_job(plan: Plan, settings: Settings, log: JobLog) -> int:
    """Its exit code; a skip is 0."""
    with seat(settings.lock_of(f"job-{plan.policy.lock or plan.job}"), plan.job, clock.now()) as ours:  # lock
        if ours.died:
            log.died(ours.died)
        if ours.is_ours:
            return _if_it_makes_sense(plan, passage(plan.policy.guard, open_calendar(settings.data), plan.at), log)
        log.held(ours.holder)
        return OK


def _if_it_makes_sense(plan: Plan, guard: Passage, log: JobLog) -> int:
    if not guard.is_open:  # guard
        log.guarded(guard)
        return LEGACY[plan.policy.guard] if plan.is_legacy else OK
    began = time.monotonic()
    with asked_to_end() as asked:
        outcome, tries = _tried(plan, log, asked)
    log.over(outcome, tries, time.monotonic() - began)  # log, notice
    return outcome.rc


def _tried(plan: Plan, log: JobLog, asked: List[int]) -> Tuple[Outcome, int]:
    """Once, and again while that may help: how it ended, and after how many tries."""
    retry = plan.policy.retry
    for number in range(1, retry.max + 2):  # retry
        outcome = one_try(plan.work, log.line, asked)  # job
        if not outcome.is_late or number > retry.max:
            break
        log.retried(outcome, number, retry)
        pause(retry.sleep, asked)
        if asked:
            return stopped(asked[0]), number
    return outcome, number

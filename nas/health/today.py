"""Which jobs should have run today by now, and whether they did: configs/jobs.yaml, the calendar, and how each ended last.

It exists because a job that was never started leaves no line in any log: nobody but who knows when it was due can miss it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import List, NamedTuple, Optional

from nas.guards import passage
from nas.running import BROKEN, LATER, Cron, Last, Policy, holder_of, last_of, policies
from shared import clock
from shared.config import Settings
from shared.krx_calendar import Calendar, open_calendar

GRACE = timedelta(minutes=10)  # cron starts it in its minute, and most have ended by then
RAN, RUNNING, FAILED, PUT_OFF, MISSING, NEVER, NOT_DUE = "ran", "running", "failed", "put_off", "missing", "never", "not_due"


class Today(NamedTuple):
    """How one job stands: when it was due last today, None where it was not yet; how it ended last."""

    job: str
    state: str
    due: Optional[datetime]
    last: Last


def jobs_today(settings: Settings, at: datetime, but: str = "") -> List[Today]:
    """Of each job that cron starts, at that moment; `but` not of the one that asks."""
    calendar = open_calendar(settings.data)
    known = sorted(policies(settings.jobs).items())
    return [_standing(settings, name, due_last(policy, calendar, at), at) for name, policy in known if policy.at and name != but]


def due_last(policy: Policy, calendar: Calendar, at: datetime) -> Optional[datetime]:
    """The last time of today its guard was open and it should have been started; None where there was none yet."""
    midnight = at.astimezone(clock.KST).replace(hour=0, minute=0, second=0, microsecond=0)
    times = [moment for text in policy.at for moment in _until(Cron(text), midnight, at - GRACE)]
    return next((one for one in sorted(times, reverse=True) if passage(policy.guard, calendar, one).is_open), None)


def _until(cron: Cron, midnight: datetime, end: datetime) -> List[datetime]:
    found: List[datetime] = []
    for moment in cron.times(midnight - timedelta(seconds=1)):
        if moment > end:
            break
        found.append(moment)
    return found


def _standing(settings: Settings, job: str, due: Optional[datetime], at: datetime) -> Today:
    last = last_of(settings, job)
    if holder_of(settings.lock_of(f"job-{policies(settings.jobs)[job].lock or job}")):
        return Today(job, RUNNING, due, last)
    started = [moment for moment in (last.at, last.skipped_at) if moment]
    if due and not any(moment >= due for moment in started):
        return Today(job, MISSING if started else NEVER, due, last)
    if last.at and last.at.astimezone(clock.KST).date() == at.astimezone(clock.KST).date():
        return Today(job, {BROKEN: FAILED, LATER: PUT_OFF}.get(last.word, RAN), due, last)
    return Today(job, RAN if due else NOT_DUE, due, last)

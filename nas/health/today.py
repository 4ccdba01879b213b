"""Which jobs should have run by now, and whether they did: configs/jobs.yaml, the calendar, and how each ended last.

It exists because a job that was never started leaves no line in any log: nobody but who knows when it was due can miss it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import List, NamedTuple, Optional

from nas.guards import passage
from nas.health.state import FAILED, KILLED, MISSING, NEVER, NOT_DUE, PUT_OFF, RAN, RUNNING, SHUT_OUT, State
from nas.running import BROKEN, LATER, Cron, Last, Policy, holder_of, last_holder, last_of, policies
from shared import clock
from shared.config import Settings
from shared.error_names import named_first
from shared.krx_calendar import Calendar, open_calendar
from shared.text import Text

GRACE = timedelta(minutes=10)  # cron starts it in its minute, and most have ended by then
_MINUTE, _LOOKED_BACK = timedelta(minutes=1), 14  # days: longer than the exchange is ever closed at a stretch


class Today(NamedTuple):
    """How one job stands: when it was due last, None where it was not for long; how it ended last. `begun`: the start that was
    cut off."""

    job: str
    state: State
    due: Optional[datetime]
    last: Last
    begun: Optional[datetime] = None

    @property
    def why(self) -> Text:
        """Why it ended so."""
        return named_first(self.last.code, self.last.why or "-")


class _Asked(NamedTuple):
    settings: Settings
    calendar: Calendar
    at: datetime


def jobs_today(settings: Settings, at: datetime, but: str = "") -> List[Today]:
    """Of each job that cron starts, at that moment; `but` not of the one that asks."""
    asked = _Asked(settings, open_calendar(settings.data), at)
    known = sorted(policies(settings.jobs).items())
    return [_standing(asked, name, policy) for name, policy in known if policy.at and name != but]


def due_last(policy: Policy, calendar: Calendar, at: datetime) -> Optional[datetime]:
    """The last time its guard was open and it should have been started, today or before: who was missed yesterday is missed until
    it ran. None where there was none for long."""
    midnight = at.astimezone(clock.KST).replace(hour=0, minute=0, second=0, microsecond=0)
    for begin in (midnight - timedelta(days=days) for days in range(_LOOKED_BACK + 1)):
        end = min(at - GRACE, begin + timedelta(days=1) - _MINUTE)
        times = [moment for text in policy.at for moment in _until(Cron(text), begin, end)]
        due = next((one for one in sorted(times, reverse=True) if _is_open(policy, calendar, one)), None)
        if due:
            return due
    return None


def _until(cron: Cron, midnight: datetime, end: datetime) -> List[datetime]:
    found: List[datetime] = []
    for moment in cron.times(midnight - timedelta(seconds=1)):
        if moment > end:
            break
        found.append(moment)
    return found


def _is_open(policy: Policy, calendar: Calendar, due: datetime) -> bool:
    """For all of the minute in which cron starts it: at the very end of trading it comes too late by a second."""
    return all(passage(policy.guard, calendar, moment).is_open for moment in (due, due + _MINUTE))


def _standing(asked: _Asked, job: str, policy: Policy) -> Today:
    last, lock = last_of(asked.settings, job), asked.settings.lock_of(f"job-{policy.lock or job}")
    due = due_last(policy, asked.calendar, asked.at)
    if holder_of(lock):
        return Today(job, RUNNING, due, last)
    if due is None or _has_run(asked, policy, last, due):
        return Today(job, _as_it_ended(last, due, asked.at), due, last)
    begun = _cut_off(lock, job)
    if begun and begun >= due:
        return Today(job, KILLED, due, last, begun)
    return Today(job, _why_not(asked, policy, last, due), due, last)


def _cut_off(lock: Path, job: str) -> Optional[datetime]:
    """When the start of that job began that left its note; of an old note, which names no job, of the lock's."""
    holder = last_holder(lock)
    return holder.since if holder and (holder.job or lock.name) in (job, f"job-{job}") else None


def _has_run(asked: _Asked, policy: Policy, last: Last, due: datetime) -> bool:
    """It came to an end since, or was too late for its guard that day. Who was shut out by a lock has not."""
    if last.at and last.at >= due and not clock.is_yet_to_come(last.at, asked.at):
        return True
    skipped = last.skipped_at
    is_after = skipped is not None and skipped >= due and _day(skipped) == _day(due)
    return is_after and not _is_shut_out(asked, policy, last, due)


def _is_shut_out(asked: _Asked, policy: Policy, last: Last, due: datetime) -> bool:
    """Its guard was open, and its last start began nothing all the same."""
    skipped = last.skipped_at
    return skipped is not None and skipped >= due and passage(policy.guard, asked.calendar, skipped).is_open


def _why_not(asked: _Asked, policy: Policy, last: Last, due: datetime) -> State:
    if _is_shut_out(asked, policy, last, due):
        return SHUT_OUT
    is_todays = _day(due) == _day(asked.at)
    if last.at or (last.skipped_at and is_todays):
        return MISSING
    return NEVER if is_todays else NOT_DUE  # where it never came to an end it may have come here since


def _as_it_ended(last: Last, due: Optional[datetime], at: datetime) -> State:
    if last.at and _day(last.at) == _day(at):
        return {BROKEN: FAILED, LATER: PUT_OFF}.get(last.word, RAN)
    return RAN if due and _day(due) == _day(at) else NOT_DUE


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.KST).date()

"""The checks doctor does not have: today's jobs, errors since the deployment, locks, unsent notices, the last backup.

It exists because they ask how this machine's day goes, and doctor whether it can work at all.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import List, Optional

from nas.backup.known import known_backup
from nas.deployment import deployment
from nas.health.errors import errors_since
from nas.health.held import Held, left_behind, locks_held
from nas.health.state import KILLED, NOT_DUE
from nas.health.today import Today, jobs_today
from nas.health.words import say
from nas.running import JOBS
from shared import clock
from shared.catalog import Catalog
from shared.config import Settings
from shared.found import BAD, OK, WARN, Found
from shared.notices import open_post, standing
from shared.text import Text

MISSED = "missed"  # the name of the finding that a job was not started, or came to no end
_OLD_BACKUP = timedelta(days=2)


def jobs(settings: Settings, at: datetime, but: str) -> List[Found]:
    """A line for each that was due by now, or that failed and has not run since."""
    found = [_job(one, settings, at) for one in jobs_today(settings, at, but) if one.state != NOT_DUE]
    return found or [Found("jobs", OK, say("no_jobs"))]


def zone() -> List[Found]:
    """Nothing where cron's times are those of configs/jobs.yaml."""
    here = time.strftime("%z")
    return [] if here == "+0900" else [Found("zone", WARN, say("zone", zone=here), say("zone_fix"))]


def _job(one: Today, settings: Settings, at: datetime) -> Found:
    last, log = one.last, settings.logs / f"{one.job}_{at.astimezone(clock.KST):%Y-%m-%d}.log"
    facts = {"job": one.job, "at": _minute(last.at or last.skipped_at), "due": _minute(one.due), "rc": last.rc, "log": log}
    word = last.word if last.at else last.skipped or "-"
    facts.update(begun=_minute(one.begun), held=last.skipped, word=word, why=one.why)
    fix = say(one.state.fix, **facts) if one.state.fix else Text()
    name = MISSED if one.state.is_undone else "jobs"
    return Found(f"{name} {one.job}", one.state.verdict, say(one.state.name, **facts), fix)


def errors(settings: Settings, at: datetime) -> List[Found]:
    """What went wrong since the code was deployed, or today where nobody knows when that was: each was told when it happened."""
    since = deployment(settings.data).at
    found = errors_since(settings.logs, since, at)
    if not found:
        midnight = at.astimezone(clock.KST).replace(hour=0, minute=0)
        return [Found("errors", OK, say("no_errors", since=clock.to_the_minute(since or midnight)))]
    return [
        Found(
            f"errors {one.file} {one.what}",
            WARN,
            say("error", file=one.file, what=one.what, times=one.times, at=_minute(one.last)),
            say("errors_fix", log=settings.logs / one.file),
        )
        for one in found
    ]


def locks(settings: Settings, at: datetime, but: str) -> List[Found]:
    """Who holds which; one held for longer than its job may last is bad."""
    found = [_lock(one, at) for one in locks_held(settings, at) if one.name != f"job-{but}"]
    told = [one.job for one in jobs_today(settings, at, but) if one.state == KILLED]
    cut_off = [_cut_off(job) for job in left_behind(settings) if job not in told]
    return [*found, *cut_off] or [Found("locks", OK, say("no_locks"))]


def _cut_off(job: str) -> Found:
    """Of what is no job of ours nobody here knows the command."""
    fix = "cut_off_fix" if job in Catalog(JOBS).names() else "cut_off_foreign_fix"
    return Found(f"locks {job}", WARN, say("cut_off", job=job), say(fix, job=job))


def _lock(one: Held, at: datetime) -> Found:
    if one.since is None:
        return Found(f"locks {one.name}", OK, say("held_now", name=one.name, pid=one.pid))
    age = clock.age_of(one.since, at)
    fix = say("stuck_fix", pid=one.pid) if one.is_stuck else Text()
    return Found(f"locks {one.name}", BAD if one.is_stuck else OK, say("held", name=one.name, pid=one.pid, age=age), fix)


def notices(settings: Settings) -> List[Found]:
    """Whether what was told could be sent; what waits for its minute is no trouble."""
    now = standing(open_post(settings))
    trouble = [*now.refused.values(), *now.why.values(), *now.problems]
    if not trouble:
        return [Found("notices", OK, say("sent_all"))]
    moment = clock.moment_in(now.waiting_since)
    facts = {"count": now.waiting, "since": _minute(moment), "why": f": {'; '.join(trouble)}"}
    is_lost_on = bool(now.refused or now.problems)  # nothing of it mends itself, and this notice waits with the others
    return [Found("notices", BAD if is_lost_on else WARN, say("unsent", **facts), say("unsent_fix"))]


def backup(settings: Settings, at: datetime) -> List[Found]:
    """How old the last one is that was read back; one of a day to come is of no age, and is none."""
    known = known_backup(settings.data)
    if known.at is None or clock.is_yet_to_come(known.at, at):
        return [Found("backup", WARN, say("backup_none"), say("backup_fix"))]
    said = say("backup", age=clock.age_of(known.at, at), files=known.files, name=known.name)
    if known.copied:
        said = say("backup_copy", said=said, age=clock.age_of(known.copied, at))
    is_old = at - known.at > _OLD_BACKUP
    return [Found("backup", BAD if is_old else OK, said, say("backup_fix") if is_old else Text())]


def _minute(moment: Optional[datetime]) -> str:
    return f"{moment.astimezone(clock.KST):%m-%d %H:%M}" if moment else "-"

"""What can be measured now: how each job ended last, what waits and runs, who lives, how old what is known is.

It exists so that a dashboard sees the same as `status` and `list jobs`.
"""

from __future__ import annotations

from typing import Iterator, List, Optional

from nas.desk import open_desk
from nas.gauge.exposition import Family, Sample
from nas.running import last_of, policies
from nas.seen import Seen, look
from shared.config import Settings
from shared.errors import RelayError
from shared.notices import open_post, standing


def measured(settings: Settings) -> List[Family]:
    """Where the share is away, `relay_share_up` is 0 and nothing is said of what lies there."""
    seen = _seen()
    unsent = standing(open_post(settings)).waiting
    here = [*_jobs(settings), _one("relay_notices_unsent", "Notices that wait to be sent.", unsent)]
    here.append(_one("relay_share_up", "1 where the reports folder can be read.", int(seen is not None)))
    return [*here, *(_queue(seen) if seen else ())]


def _seen() -> Optional[Seen]:
    try:
        return look(open_desk())
    except (RelayError, OSError):
        return None


def _jobs(settings: Settings) -> Iterator[Family]:
    lasts = {job: last_of(settings, job) for job in policies(settings.jobs)}
    ended = {job: last for job, last in lasts.items() if last.at}
    times = [Sample(last.at.timestamp(), {"job": job}) for job, last in ended.items() if last.at]
    yield Family("relay_job_last_end_seconds", "gauge", "When each job ended last, in seconds since 1970.", times)
    codes = [Sample(last.rc, {"job": job, "outcome": last.word}) for job, last in ended.items()]
    yield Family("relay_job_last_rc", "gauge", "The exit code each job ended with last.", codes)
    took = [Sample(last.seconds, {"job": job}) for job, last in ended.items()]
    yield Family("relay_job_last_duration_seconds", "gauge", "How long each job took last.", took)


def _queue(seen: Seen) -> Iterator[Family]:
    states = {"pending": seen.pending, "running": len(seen.running)}
    depth = [Sample(count, {"state": state}) for state, count in states.items()]
    yield Family("relay_requests", "gauge", "Requests without an answer, by where they are.", depth)
    yield _one("relay_answers", "Answers in done.", seen.answered)
    yield _one("relay_paused", "1 while the queue is paused.", int(seen.paused is not None))
    ages = [Sample(one.age, {"worker": one.worker}) for one in seen.workers if one.age is not None]
    yield Family("relay_worker_age_seconds", "gauge", "How long ago each worker gave a sign of life.", ages)
    if seen.synced and seen.synced.age is not None:
        yield _one("relay_sync_age_seconds", "How long ago the other side was last seen.", seen.synced.age)


def _one(name: str, text: str, value: float) -> Family:
    return Family(name, "gauge", text, [Sample(value)])

"""Whether the PC is silent while it should be at work.

It exists because a PC may sleep, and nobody should learn in the evening that it slept all day over what was asked.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import List, NamedTuple, Optional

import inbox
from nas.at_work import Work, WorkerSeen, left_by, work_seen
from nas.desk import Desk
from outbox import is_answered
from shared.events import Log
from shared.notices import Post, Silence, pc_gone, pc_idle, report_silence
from shared.working_hours import at_work_since

_LOOKED_AT = 200  # requests read to know what could be taken


class Ask(NamedTuple):
    """One request that could be taken, and since when."""

    request_id: str
    since: float


def listen(desk: Desk, post: Post, log: Log) -> None:
    """Report a silent PC, or that it is back; outside working hours only the latter."""
    work = work_seen(desk)
    if work.now is None:
        return
    asked = [] if _is_alive(work) else _asked(desk, work.now)
    gone = None if _is_alive(work) else _gone(desk, work)
    since = at_work_since(desk.settings.working_hours, work.at)
    if since is None and (asked or gone):
        return
    silence = (gone or _idle(desk, work, asked, since)) if since else None
    _report(desk, post, log, silence)


def _report(desk: Desk, post: Post, log: Log, silence: Optional[Silence]) -> None:
    if not report_silence(post, "PC_SILENT", silence):
        return
    if silence:
        log.warning("PC_SILENT", why=silence.cause.en, fix=silence.fix.en)
    else:
        log.info("PC_HEARD", reports=desk.inbox.root)


def _is_alive(work: Work) -> bool:
    return any(worker.is_alive for worker in work.workers)


def _gone(desk: Desk, work: Work) -> Optional[Silence]:
    """A worker that is silent past its lease, without having left, and held a run."""
    for worker in [one for one in work.workers if one.is_over]:
        ids = left_by(desk, worker)
        if ids:
            return pc_gone(worker.worker, ids, worker.age or 0.0)
    return None


def _idle(desk: Desk, work: Work, asked: List[Ask], since: datetime) -> Optional[Silence]:
    """Requests nobody was there to take for so long, of this working day."""
    if not asked or work.now is None:
        return None
    seconds = work.now - max(min(one.since for one in asked), since.timestamp(), _last_seen(work.workers, work.now))
    return pc_idle(len(asked), seconds) if seconds > desk.settings.silent_hours * 3600.0 else None


def _last_seen(workers: List[WorkerSeen], now: float) -> float:
    return max((now - worker.age for worker in workers if worker.age is not None), default=0.0)


def _asked(desk: Desk, now: float) -> List[Ask]:
    """What could be taken now. Of thousands some are enough; while somebody paused the queue it is nobody's silence."""
    if inbox.paused_because(desk.inbox) is not None:
        return []
    found = [_ask(desk, one, files[0]) for one, files in list(inbox.requests_by_id(desk.inbox).items())[:_LOOKED_AT]]
    return [one for one in found if one and one.since <= now]


def _ask(desk: Desk, request_id: str, file: Path) -> Optional[Ask]:
    if is_answered(desk.outbox, request_id):
        return None
    try:
        asked = inbox.read_asked(desk.inbox, file)
    except OSError:
        return None
    if asked is None or not asked.parsed:
        return None
    later = asked.request.not_before if asked.request else None
    return Ask(request_id, max(asked.mtime, later.timestamp() if later else 0.0))

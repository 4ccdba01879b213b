"""What one look at the reports folder sees: what waits, what runs and how far, who works, what was answered last.

It exists so that "where is my request" has one answer for every command, read from the folder's names without a server.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

import inbox
from nas.at_work import RunSeen, Work, WorkerSeen, age_of, work_seen
from nas.desk import Desk
from nas.marks import kinds_listed, open_marks
from outbox import ArchiveAway, answer_of, answers, archived_manifest, is_answered, newest_answers, why_refused
from shared.cache import PricesSeen, prices_seen
from shared.completion import growth_a_year
from shared.errors import RelayError
from shared.last_trip import last_trip

_SHOWN = 10


class RequestSeen(NamedTuple):
    """One request that waits; what its content says is None where no content can be read. `came_damaged`: where it is told
    that an answer to it came, and why that is not believed.

    `since`: the time of its file. `seconds`: how long ago that is, None where the share's time cannot be asked."""

    request_id: str
    strategy: Optional[str] = None
    not_before: Optional[datetime] = None
    refusal: Optional[str] = None
    files: Tuple[Path, ...] = ()
    answered: bool = False
    to_cancel: bool = False
    to_take_over: bool = False
    came_damaged: Optional[Path] = None
    since: Optional[float] = None
    seconds: Optional[float] = None


class AnswerSeen(NamedTuple):
    """One answer in a few facts."""

    request_id: str
    status: str
    strategy: Optional[str] = None
    synthetic: bool = False
    degraded: Tuple[str, ...] = ()
    cagr: Optional[float] = None
    mdd: Optional[float] = None
    code: Optional[str] = None
    why: Optional[str] = None
    fix: Optional[str] = None
    finished: Optional[str] = None
    reused_from: Optional[str] = None


class SyncSeen(NamedTuple):
    """How many seconds ago the other side was last seen, None where never; `why` the last sync did not do all it should."""

    age: Optional[float]
    why: Optional[str]


class Seen(NamedTuple):
    """Everything there is to show; of what waits and of the answers only the first. `synced`: None on one folder for both.
    `refused`: how many answers publish refuses, by reason."""

    at: datetime
    reports: str
    paused: Optional[str]
    pending: int
    waiting: List[RequestSeen]
    to_cancel: List[str]
    running: List[RunSeen]
    workers: List[WorkerSeen]
    answered: int
    latest: List[AnswerSeen]
    synced: Optional[SyncSeen]
    prices: Optional[PricesSeen]
    refused: Dict[str, int]


class Whereabouts(NamedTuple):
    """Where one unanswered request is at that moment, and what keeps it from running; `synced`: how old that knowledge is, None
    on one folder for both."""

    at: datetime
    waiting: RequestSeen
    run: Optional[RunSeen]
    paused: Optional[str]
    is_worked_on: bool
    synced: Optional[SyncSeen]


def look(desk: Desk) -> Seen:
    """The whole folder, once; ShareUnreachable where it is not there."""
    inbox.require_share(desk.inbox)
    work, wished = work_seen(desk), inbox.wished_to_cancel(desk.inbox)
    going = {run.request_id for run in work.runs}
    waiting = [both for both in inbox.requests_by_id(desk.inbox).items() if both[0] not in going]
    waiting.sort(key=lambda both: both[0] not in work.left)  # as it is taken: what the dead held first
    return Seen(
        at=work.at,
        reports=str(desk.inbox.root),
        paused=inbox.paused_because(desk.inbox),
        pending=len(waiting),
        waiting=[_now(_waiting(desk, one, files), work)._replace(to_cancel=one in wished) for one, files in waiting[:_SHOWN]],
        to_cancel=sorted(wished),
        running=work.runs,
        workers=work.workers,
        answered=len(answers(desk.outbox)),
        latest=[answered(desk, request_id) for request_id in newest_answers(desk.outbox, _SHOWN)],
        synced=_synced(desk),
        prices=prices_seen(desk.own, desk.settings, "nas"),
        refused=kinds_listed(open_marks(desk.settings.reports, desk.own)),
    )


def waiting_request(desk: Desk, request_id: str) -> RequestSeen:
    """What the files of one unanswered request say."""
    wished = inbox.wished_to_cancel(desk.inbox)
    return _waiting(desk, request_id, inbox.find_requests(desk.inbox, request_id))._replace(to_cancel=request_id in wished)


def where(desk: Desk, waiting: RequestSeen) -> Whereabouts:
    """Where that request is now; no file of a request is read for it."""
    work = work_seen(desk)
    run = next((run for run in work.runs if run.request_id == waiting.request_id), None)
    is_worked_on = any(worker.is_alive for worker in work.workers)
    return Whereabouts(work.at, _now(waiting, work), run, inbox.paused_because(desk.inbox), is_worked_on, _synced(desk))


def answered(desk: Desk, request_id: str) -> AnswerSeen:
    """The answer to that id; DAMAGED where its manifest cannot be believed."""
    try:
        manifest = archived_manifest(desk.outbox, desk.settings.archive, request_id)
    except ArchiveAway as error:
        known = answer_of(desk.outbox, request_id)
        return AnswerSeen(request_id, known.status if known else "DAMAGED", code=error.code, why=str(error))
    except (RelayError, PermissionError) as error:  # one odd folder hides none of the others
        return AnswerSeen(request_id, "DAMAGED", code=getattr(error, "code", None), why=str(error))
    metrics, refusal = manifest.get("metrics") or {}, manifest.get("error") or {}
    return AnswerSeen(
        request_id,
        manifest["status"],
        strategy=manifest.get("strategy"),
        synthetic=bool((manifest.get("data") or {}).get("synthetic")),
        degraded=tuple(manifest.get("degraded") or ()),
        cagr=growth_a_year(metrics),
        mdd=metrics.get("MDD"),
        code=refusal.get("code"),
        why=": ".join(part for part in (refusal.get("what"), refusal.get("why")) if part) or None,
        fix=refusal.get("fix") or None,
        finished=(manifest.get("timings") or {}).get("finished"),
        reused_from=(manifest.get("reused_from") or {}).get("request_id"),
    )


def _waiting(desk: Desk, request_id: str, files: Sequence[Path]) -> RequestSeen:
    waiting, asked = RequestSeen(request_id, files=tuple(files), answered=is_answered(desk.outbox, request_id)), None
    waiting = waiting._replace(came_damaged=why_refused(desk.outbox, request_id))
    with contextlib.suppress(OSError):
        asked = inbox.read_asked(desk.inbox, files[0]) if files else None
    if asked is None or not asked.parsed:  # gone, forbidden or still being written: nothing is known of it
        return waiting._replace(since=asked.mtime if asked else None)
    if asked.request is None:
        return waiting._replace(since=asked.mtime, refusal=asked.refusal.code if asked.refusal else None)
    return waiting._replace(since=asked.mtime, strategy=asked.request.strategy, not_before=asked.request.not_before)


def _now(waiting: RequestSeen, work: Work) -> RequestSeen:
    """What only the moment says of it."""
    return waiting._replace(to_take_over=waiting.request_id in work.left, seconds=age_of(waiting.since, work.now))


def _synced(desk: Desk) -> Optional[SyncSeen]:
    last = last_trip(desk.own, desk.settings.data) if desk.settings.is_carried else None
    return SyncSeen(inbox.seen_ago(desk.inbox), last.why if last else None) if desk.settings.is_carried else None

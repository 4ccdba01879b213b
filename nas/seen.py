"""What one look at the reports folder sees: what waits, what runs and how far, who works, what was answered last.

It exists so that "where is my request" has one answer for every command, read from the folder's names without a server.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path
from typing import List, NamedTuple, Optional, Sequence, Set, Tuple

import inbox
from inbox import Held, Progress, Sign
from nas.desk import Desk
from nas.find import newest_answers
from outbox import answers, is_answered, manifest_of
from shared import clock, machine
from shared.errors import RelayError

_SHOWN = 10


class RequestSeen(NamedTuple):
    """One request that waits; what its content says is None where no content can be read.

    `since`: the time of its file. `seconds`: how long ago that is, None where the share's time cannot be asked."""

    request_id: str
    strategy: Optional[str] = None
    not_before: Optional[datetime] = None
    refusal: Optional[str] = None
    files: Tuple[Path, ...] = ()
    answered: bool = False
    to_cancel: bool = False
    to_take_over: bool = False
    since: Optional[float] = None
    seconds: Optional[float] = None


class RunSeen(NamedTuple):
    """One running request, how far it is, and for how many seconds it has been claimed."""

    request_id: str
    phase: str
    percent: int
    attempt: Optional[int]
    worker: str
    seconds: Optional[float]


class WorkerSeen(NamedTuple):
    """One incarnation of a worker; `age` of its last sign of life is None where the share's time cannot be asked."""

    worker: str
    incarnation: str
    host: str
    pid: int
    age: Optional[float]
    lease: float
    dead: bool

    @property
    def is_alive(self) -> bool:
        """Whether it showed a sign of life within its lease."""
        return not self.dead and self.age is not None and self.age < self.lease

    @property
    def is_over(self) -> bool:
        """Whether what it held is to be taken over: its process is gone, or it is silent for longer than its lease."""
        return self.dead or (self.age is not None and self.age >= self.lease)


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


class Seen(NamedTuple):
    """Everything there is to show; of what waits and of the answers only the first."""

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


class Whereabouts(NamedTuple):
    """Where one unanswered request is at that moment, and what keeps it from running."""

    at: datetime
    waiting: RequestSeen
    run: Optional[RunSeen]
    paused: Optional[str]
    is_worked_on: bool


class _Work(NamedTuple):
    now: Optional[float]
    workers: List[WorkerSeen]
    runs: List[RunSeen]
    left: Set[str]  # the ids of what dead workers held

    @property
    def at(self) -> datetime:
        return clock.now() if self.now is None else clock.at(self.now)


def look(desk: Desk) -> Seen:
    """The whole folder, once; ShareUnreachable where it is not there."""
    inbox.require_share(desk.inbox)
    work, wished = _work(desk), inbox.wished_to_cancel(desk.inbox)
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
        latest=[answered(desk, request_id) for request_id in newest_answers(desk, _SHOWN)],
    )


def waiting_request(desk: Desk, request_id: str) -> RequestSeen:
    """What the files of one unanswered request say."""
    wished = inbox.wished_to_cancel(desk.inbox)
    return _waiting(desk, request_id, inbox.find_requests(desk.inbox, request_id))._replace(to_cancel=request_id in wished)


def where(desk: Desk, waiting: RequestSeen) -> Whereabouts:
    """Where that request is now; no file of a request is read for it."""
    work = _work(desk)
    run = next((run for run in work.runs if run.request_id == waiting.request_id), None)
    is_worked_on = any(worker.is_alive for worker in work.workers)
    return Whereabouts(work.at, _now(waiting, work), run, inbox.paused_because(desk.inbox), is_worked_on)


def answered(desk: Desk, request_id: str) -> AnswerSeen:
    """The answer to that id; DAMAGED where its manifest cannot be believed."""
    try:
        manifest = manifest_of(desk.outbox, request_id)
    except (RelayError, PermissionError) as error:  # one odd folder hides none of the others
        return AnswerSeen(request_id, "DAMAGED", code=getattr(error, "code", None), why=str(error))
    metrics, refusal = manifest.get("metrics") or {}, manifest.get("error") or {}
    return AnswerSeen(
        request_id,
        manifest["status"],
        strategy=manifest.get("strategy"),
        synthetic=bool((manifest.get("data") or {}).get("synthetic")),
        degraded=tuple(manifest.get("degraded") or ()),
        cagr=metrics.get("CAGR_like"),
        mdd=metrics.get("MDD"),
        code=refusal.get("code"),
        why=": ".join(part for part in (refusal.get("what"), refusal.get("why")) if part) or None,
        fix=refusal.get("fix") or None,
        finished=(manifest.get("timings") or {}).get("finished"),
    )


def _waiting(desk: Desk, request_id: str, files: Sequence[Path]) -> RequestSeen:
    waiting, asked = RequestSeen(request_id, files=tuple(files), answered=is_answered(desk.outbox, request_id)), None
    with contextlib.suppress(OSError):
        asked = inbox.read_asked(desk.inbox, files[0]) if files else None
    if asked is None or not asked.parsed:  # gone, forbidden or still being written: nothing is known of it
        return waiting._replace(since=asked.mtime if asked else None)
    if asked.request is None:
        return waiting._replace(since=asked.mtime, refusal=asked.refusal.code if asked.refusal else None)
    return waiting._replace(since=asked.mtime, strategy=asked.request.strategy, not_before=asked.request.not_before)


def _now(waiting: RequestSeen, work: _Work) -> RequestSeen:
    """What only the moment says of it."""
    return waiting._replace(to_take_over=waiting.request_id in work.left, seconds=_age(waiting.since, work.now))


def _work(desk: Desk) -> _Work:
    """Every worker that has a folder, what the living ones run, and what the dead ones left."""
    now = inbox.server_now(desk.inbox)
    names = sorted(inbox.incarnations(desk.inbox))
    signs = [(name, sign) for name, sign in ((name, inbox.sign_of(desk.inbox, name)) for name in names) if sign]
    workers = [_worker(desk, name, sign, now) for name, sign in signs]
    living = [both for both, worker in zip(signs, workers) if not worker.is_over]
    runs = [run for name, sign in living for run in _runs(desk, name, sign, now)]
    left = {held.request_id for worker in workers if worker.is_over for held in _held(desk, worker.incarnation)}
    return _Work(now, workers, runs, left)


def _worker(desk: Desk, name: str, sign: Sign, now: Optional[float]) -> WorkerSeen:
    return WorkerSeen(
        sign.worker,
        name,
        host=sign.process.host.split("/")[0],
        pid=sign.process.pid,
        age=None if now is not None and sign.seen > now + clock.SKEW else _age(sign.seen, now),  # what is to come tells nothing
        lease=sign.lease or desk.settings.lease_seconds,
        dead=machine.is_gone(sign.process),
    )


def _runs(desk: Desk, name: str, sign: Sign, now: Optional[float]) -> List[RunSeen]:
    """What it holds; how far that is, it tells with its heartbeat."""
    told = {run.request_id: run for run in sign.runs}
    shown = [(one, told.get(one.request_id, Progress(one.request_id, "waiting", 0))) for one in _held(desk, name)]
    ages = [_age(inbox.claimed_at(desk.inbox, one.request_id, one.attempt), now) for one, _ in shown]
    return [RunSeen(*run, one.attempt, sign.worker, age) for (one, run), age in zip(shown, ages)]


def _held(desk: Desk, name: str) -> List[Held]:
    """The unanswered requests in that folder."""
    return [held for held in inbox.held_by(desk.inbox, name) if not is_answered(desk.outbox, held.request_id)]


def _age(since: Optional[float], now: Optional[float]) -> Optional[float]:
    """In seconds, both by the file server's clock; None where it does not tell."""
    return None if since is None or now is None else max(0.0, round(now - since, 1))

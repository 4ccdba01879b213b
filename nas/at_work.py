"""Who works and what runs, on this folder or, as far as it was carried here, on another machine's.

It exists so that whether a worker is alive and how far a run is has one answer for every command.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import List, NamedTuple, Optional, Set

import inbox
from inbox import Held, Progress, Sign
from nas.desk import Desk
from outbox import is_answered
from shared import clock, machine

_CARRIED_LEASE = 900.0  # signs of life that are carried come as often as syncs, and with some carriers seldom


class RunSeen(NamedTuple):
    """One running request, how far it is, and for how many seconds it has been claimed.

    `age`: how many seconds ago its worker told so; like `seconds` None where the share's time cannot be asked."""

    request_id: str
    phase: str
    percent: int
    attempt: Optional[int]
    worker: str
    seconds: Optional[float]
    age: Optional[float]


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


class Work(NamedTuple):
    """Of one moment; `now` is None where the file server cannot be asked."""

    now: Optional[float]
    workers: List[WorkerSeen]
    runs: List[RunSeen]
    left: Set[str]  # the ids of what dead workers held

    @property
    def at(self) -> datetime:
        """That moment."""
        return clock.now() if self.now is None else clock.at(self.now)


def work_seen(desk: Desk) -> Work:
    """Every worker that has a folder, what the living ones run, and what the dead ones left."""
    now = inbox.server_now(desk.inbox)
    names = sorted(inbox.incarnations(desk.inbox))
    signs = [(name, sign) for name, sign in ((name, inbox.sign_of(desk.inbox, name)) for name in names) if sign]
    workers = [_worker(desk, name, sign, now) for name, sign in signs]
    living = [both for both, worker in zip(signs, workers) if not worker.is_over]
    runs = [run for name, sign in living for run in _runs(desk, name, sign, now)]
    left = {held.request_id for worker in workers if worker.is_over for held in _held(desk, worker.incarnation)}
    return Work(now, workers, runs, left)


def left_by(desk: Desk, worker: WorkerSeen) -> List[str]:
    """The unanswered requests that worker held when it was last seen, here or in the folder of its own machine."""
    sign = inbox.sign_of(desk.inbox, worker.incarnation)
    told = [run.request_id for run in sign.runs] if sign else []
    return [one.request_id for one in _held(desk, worker.incarnation) or _held_elsewhere(desk, told)]


def _worker(desk: Desk, name: str, sign: Sign, now: Optional[float]) -> WorkerSeen:
    return WorkerSeen(
        sign.worker,
        name,
        host=sign.process.host.split("/")[0],
        pid=sign.process.pid,
        age=_age_of_sign(sign, now),
        lease=max(sign.lease or desk.settings.lease_seconds, _CARRIED_LEASE if desk.settings.is_carried else 0.0),
        dead=machine.is_gone(sign.process),
    )


def _runs(desk: Desk, name: str, sign: Sign, now: Optional[float]) -> List[RunSeen]:
    """What it holds; how far that is, it tells with its heartbeat."""
    told = {run.request_id: run for run in sign.runs}
    held = _held(desk, name) or _held_elsewhere(desk, list(told))
    shown = [(one, told.get(one.request_id, Progress(one.request_id, "waiting", 0))) for one in held]
    ages = [age_of(inbox.claimed_at(desk.inbox, one.request_id, one.attempt), now) for one, _ in shown]
    told_ago = _age_of_sign(sign, now)
    return [RunSeen(*run, one.attempt, sign.worker, age, told_ago) for (one, run), age in zip(shown, ages)]


def _age_of_sign(sign: Sign, now: Optional[float]) -> Optional[float]:
    """What is to come tells nothing."""
    return None if now is not None and sign.seen > now + clock.SKEW else age_of(sign.seen, now)


def _held(desk: Desk, name: str) -> List[Held]:
    """The unanswered requests in that folder."""
    return [held for held in inbox.held_by(desk.inbox, name) if not is_answered(desk.outbox, held.request_id)]


def _held_elsewhere(desk: Desk, ids: List[str]) -> List[Held]:
    """What a worker in another folder says it runs: its files are over there."""
    wanted = ids if desk.settings.is_carried else []
    return [Held(Path(), one, None) for one in wanted if inbox.is_id(one) and not is_answered(desk.outbox, one)]


def age_of(since: Optional[float], now: Optional[float]) -> Optional[float]:
    """In seconds, both by the file server's clock; None where it does not tell."""
    return None if since is None or now is None else max(0.0, round(now - since, 1))

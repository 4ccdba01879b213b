"""What a manifest says besides the run's own results: whose answer it is, by which code, when, at which attempt.

It exists so that every answer, good news or bad, tells its origin in the same words.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from inbox import Asked, Claim
from outbox import SCHEMA
from pc.desk import Desk
from pc.in_force import code_in_force, environment
from pc.run import Ran
from pc.sources import engine_sha256
from shared import clock, machine
from shared.errors import RelayError


class Fate(NamedTuple):
    """What became of a request: what its run told, or the error told in its place; and since when we were at it."""

    started: datetime
    told: Ran | RelayError

    @property
    def status(self) -> str:
        """The answer's."""
        return self.told.status

    @property
    def error(self) -> RelayError | None:
        """None once it succeeded."""
        return self.told if isinstance(self.told, RelayError) else None


def facts_of(desk: Desk, claim: Claim, fate: Fate) -> dict[str, Any]:
    """The manifest of a claimed request's answer but for the ids and the files, which the draft knows."""
    told = fate.told
    ours = {"attempt": claim.attempt, "worker": claim.file.parent.name, "host": machine.host(), "ended": "answered"}
    return {
        **_origin(desk, fate.status, claim.asked),
        **(_of_error(told) if isinstance(told, RelayError) else _of_run(told)),
        "attempts": [*claim.earlier, ours],
        "timings": _timings(claim, fate),
    }


def facts_of_cancelled(desk: Desk, asked: Asked | None, error: RelayError) -> dict[str, Any]:
    """The manifest of a request that was cancelled before anybody answered it."""
    now, request = clock.iso(clock.now()), asked.request if asked else None
    submitted = clock.iso(request.requested_at) if request and request.requested_at else now
    return {
        **_origin(desk, error.status, asked),
        **_of_error(error),
        "attempts": [],
        "timings": {"submitted": submitted, "finished": now},
    }


def _origin(desk: Desk, status: str, asked: Asked | None) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "status": status,
        "request_sha256": asked.digest if asked else "",
        "environment": environment(),
        "worker": desk.settings.worker,
        "strategy": asked.request.strategy if asked and asked.request else None,
    }


def _of_run(ran: Ran) -> dict[str, Any]:
    return {
        "degraded": ran.degraded,
        "params": ran.params,
        "period": ran.period,
        "terms": ran.terms,
        "universe": ran.universe,
        "benchmarks": ran.benchmarks,
        "data": ran.data,
        "metrics": ran.metrics,
        "checks": ran.checks,
        "code": {**code_in_force(), "strategy_sha256": ran.strategy_sha256, "engine_sha256": engine_sha256()},
        "key": ran.key,
        "reused_from": ran.reused_from,
        "previous": ran.previous,
    }


def _of_error(error: RelayError) -> dict[str, Any]:
    return {"error": error.as_dict(), "code": code_in_force()}


def _timings(claim: Claim, fate: Fate) -> dict[str, Any]:
    request, started = claim.asked.request, fate.started
    submitted = (request.requested_at if request else None) or clock.at(claim.asked.mtime)
    claimed, finished = clock.at(claim.claimed_at), clock.now()
    return {
        "submitted": clock.iso(submitted),
        "claimed": clock.iso(claimed),
        "started": clock.iso(started),
        "finished": clock.iso(finished),
        "wait_ms": max(0, round((claimed - submitted).total_seconds() * 1000)),
        "run_ms": round((finished - started).total_seconds() * 1000),
        "phases": fate.told.phases if isinstance(fate.told, Ran) else {},
    }

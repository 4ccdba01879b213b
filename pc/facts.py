"""What a manifest says besides the run's own results: whose answer it is, by which code, when, at which attempt.

It exists so that every answer, good news or bad, tells its origin in the same words.
"""

from __future__ import annotations

import functools
import sys
from datetime import datetime
from importlib import metadata
from typing import Any

from inbox import Asked, Claim, Request
from pc.desk import Desk
from shared import clock, machine
from shared.config import HOME

SCHEMA = "relay.manifest/1"
_TOLD_IN_ENVIRONMENT = ("numpy", "matplotlib", "pydantic")


def facts_of(desk: Desk, claim: Claim, outcome: dict[str, Any]) -> dict[str, Any]:
    """The manifest of a claimed request's answer but for the ids and the files, which the draft knows."""
    request = claim.asked.request
    told = {name: value for name, value in outcome.items() if name not in ("status", "started", "phases", "code")}
    ours = {"attempt": claim.attempt, "worker": claim.file.parent.name, "host": machine.host(), "ended": "answered"}
    return {
        **_origin(desk, outcome["status"], claim.asked.digest),
        "strategy": request.strategy if request else None,
        **told,
        "code": {**code_in_force(), **outcome.get("code", {})},
        "attempts": [*claim.earlier, ours],
        "timings": {**_timings(claim, request, outcome["started"]), "phases": outcome.get("phases", {})},
    }


def facts_of_cancelled(desk: Desk, asked: Asked | None, error: dict[str, str]) -> dict[str, Any]:
    """The manifest of a request that was cancelled before anybody answered it."""
    now, request = clock.iso(clock.now()), asked.request if asked else None
    submitted = clock.iso(request.requested_at) if request and request.requested_at else now
    return {
        **_origin(desk, "CANCELLED", asked.digest if asked else ""),
        "strategy": request.strategy if request else None,
        "error": error,
        "code": code_in_force(),
        "attempts": [],
        "timings": {"submitted": submitted, "finished": now},
    }


@functools.cache
def code_in_force() -> dict[str, str | None]:
    """The version, and the commit where this is a checkout."""
    try:
        version = metadata.version("krx-relay")
    except metadata.PackageNotFoundError:
        version = "not installed"
    return {"version": version, "commit": _commit()}


def _origin(desk: Desk, status: str, digest: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "status": status,
        "request_sha256": digest,
        "environment": {"python": sys.version.split()[0], "platform": sys.platform, **_versions()},
        "worker": desk.settings.worker,
    }


def _versions() -> dict[str, str]:
    """Of the libraries that took part: the numbers may depend on them."""
    return {name: _version_of(name) for name in _TOLD_IN_ENVIRONMENT if name in sys.modules}


@functools.cache
def _version_of(name: str) -> str:
    return metadata.version(name)


def _commit() -> str | None:
    """What HEAD names, read from git's own files: no process for a manifest."""
    try:
        head = (HOME / ".git" / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head
        return (HOME / ".git" / head[5:]).read_text(encoding="utf-8").strip()
    except OSError:
        return None


def _timings(claim: Claim, request: Request | None, started: datetime) -> dict[str, Any]:
    submitted = (request.requested_at if request else None) or clock.at(claim.asked.mtime)
    claimed, finished = clock.at(claim.claimed_at), clock.now()
    return {
        "submitted": clock.iso(submitted),
        "claimed": clock.iso(claimed),
        "started": clock.iso(started),
        "finished": clock.iso(finished),
        "wait_ms": max(0, round((claimed - submitted).total_seconds() * 1000)),
        "run_ms": round((finished - started).total_seconds() * 1000),
    }

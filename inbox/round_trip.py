"""One real request sent the whole road, each hop timed, as doctor's last word on a queue.

It exists because folders, clocks and workers may all look well, and still no answer come.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any, Dict, NamedTuple, Optional

from inbox import names
from inbox.checks import has_living_worker
from inbox.folders import Inbox, paused_because
from inbox.submit import submit
from shared import clock, machine
from shared.doctors_own import LABELS
from shared.found import BAD, OK, WARN, Found
from shared.other_room import Answers
from shared.sayings import say

PATIENCE = 60.0
_LOOK = 0.01
_EXPIRES = timedelta(minutes=10)
_STRATEGY = "krx_ma200"


class _Marks(NamedTuple):
    """When it began, when the request was durable, and until when its answer is waited for."""

    began: float
    submitted: float
    until: float


class _Hops(NamedTuple):
    """Milliseconds: until the request was durable, from then until its claim was seen, and until its answer was."""

    submitted: int
    claimed: int
    answered: int


def round_trip(inbox: Inbox, lease: float, answers: Answers, patience: float = PATIENCE) -> Found:
    """Send a small request, wait for its answer, tell each hop; nothing is sent where nobody would take it."""
    reason = paused_because(inbox)
    if reason is not None:
        return Found("round_trip", WARN, say("trip_paused", reason=reason), say("paused_fix"))
    if not has_living_worker(inbox, lease):
        return Found("round_trip", BAD, say("trip_alone"), say("waiting_fix"))
    began = time.monotonic()
    request_id = submit(inbox, _small_request())
    submitted = time.monotonic()
    hops = _watch(inbox, request_id, answers, _Marks(began, submitted, submitted + patience))
    if hops is None:
        fix = say("trip_late_fix", id=request_id)
        return Found("round_trip", BAD, say("trip_late", seconds=f"{patience:g}", id=request_id), fix)
    return _told(request_id, hops, answers.manifest(request_id))


def _small_request() -> Dict[str, Any]:
    """All the prices there are: no day is in every machine's."""
    asked = {"strategy": _STRATEGY, "benchmarks": [], "charts": False, "priority": 9, "max_attempts": 1}
    until = clock.iso(clock.now() + _EXPIRES)
    return {**asked, "labels": LABELS, "expires_at": until, "requested_by": f"doctor@{machine.host().split('/')[0]}"}


def _watch(inbox: Inbox, request_id: str, answers: Answers, marks: _Marks) -> Optional[_Hops]:
    claim, claimed = f"{inbox.claims}/{names.claim_name(request_id, 1)}", 0.0
    while time.monotonic() < marks.until:
        is_there = answers.is_answered(request_id)
        if not claimed and (is_there or inbox.disk.exists(claim)):
            claimed = time.monotonic()
        if is_there:
            return _Hops(_ms(marks.began, marks.submitted), _ms(marks.submitted, claimed), _ms(marks.submitted, time.monotonic()))
        time.sleep(_LOOK)
    return None


def _told(request_id: str, hops: _Hops, manifest: Dict[str, Any]) -> Found:
    run, status = int((manifest.get("timings") or {}).get("run_ms") or 0), str(manifest.get("status"))
    seen = max(0, hops.answered - hops.claimed - run)
    total = hops.submitted + hops.answered
    facts = {"total": total, "submitted": hops.submitted, "claimed": hops.claimed, "run": run, "seen": seen, "status": status}
    if status != "SUCCEEDED":
        return Found("round_trip", WARN, say("trip", **facts), say("trip_fix", id=request_id))
    return Found("round_trip", OK, say("trip", **facts))


def _ms(since: float, until: float) -> int:
    return round((until - since) * 1000)

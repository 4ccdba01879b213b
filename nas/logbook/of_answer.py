"""What an answer tells of its own way: the lines the other machine wrote of it, as far as the sealed answer holds their facts.

It exists because the PC's logs stay on the PC: an answer carries who claimed it, when, what the run printed and how it ended, and
nothing is carried twice.
"""

from __future__ import annotations

import heapq
from datetime import datetime
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

from nas.logbook.line import Line, line_of
from outbox import Kept
from shared import clock
from shared.log_line import line
from shared.outcome import exit_code

PRINTED = "run.log"
_JOB = "pc"
_SEALED = {"FAILED": "ERROR", "REJECTED": "WARNING"}
_STAGES = {"REQUEST_SUBMITTED": 0, "REQUEST_CLAIMED": 1, "RESULT_SEALED": 2, "REQUEST_CANCELLED": 2}
_ANY_OTHER = 3  # it came home, and was published


def lines_of_answer(answer: Kept, known: List[Line]) -> List[Line]:
    """In order of time; without what the lines known already tell: where both machines have one folder of logs, all of it."""
    told = {_event(one) for one in known}
    return [one for one in _all_of(answer) if _event(one) not in told]


def merged(ours: List[Line], told: List[Line]) -> List[Line]:
    """Both in order of time. A log tells seconds, an answer more: within a second a request is claimed before it is answered."""
    return [one for _, one in heapq.merge(_staged(ours), _staged(told), key=lambda pair: pair[0])]


def _staged(lines: List[Line]) -> Iterator[Tuple[Tuple[datetime, int], Line]]:
    """None goes before the one above it."""
    latest: Optional[Tuple[datetime, int]] = None
    for one in lines:
        place = (one.at.replace(microsecond=0), _stage(one))
        latest = max(latest or place, place)
        yield latest, one


def _stage(one: Line) -> int:
    return 1 if one.source == PRINTED else _STAGES.get(str(_event(one)[0]), _ANY_OTHER)


def _all_of(answer: Kept) -> Iterator[Line]:
    manifest, whose = answer.manifest, _whose(answer.manifest)
    times = {name: clock.moment_in(text) for name, text in manifest.get("timings", {}).items()}
    about = {"request": whose["request"]}
    yield from _line(times.get("submitted"), "REQUEST_SUBMITTED", {**about, "strategy": manifest.get("strategy")})
    if "attempt" in whose:
        yield from _line(times.get("claimed"), "REQUEST_CLAIMED", {**whose, **_who(manifest)})
    started = times.get("started") or times.get("finished")
    for text in answer.files.get(PRINTED, b"").decode("utf-8", "replace").splitlines():
        if started:
            yield line_of(text, _JOB, PRINTED, started)._replace(at=started)
    yield from _end(manifest, whose, times)


def _end(manifest: Mapping[str, Any], whose: Dict[str, Any], times: Mapping[str, Optional[datetime]]) -> Iterator[Line]:
    finished, claimed, status = times.get("finished"), times.get("claimed"), manifest["status"]
    if status == "CANCELLED" and "attempt" not in whose:
        yield from _line(finished, "REQUEST_CANCELLED", whose)
        return
    elapsed = (finished - claimed).total_seconds() * 1000 if finished and claimed else 0
    said = manifest.get("error") or {}
    why = ": ".join(str(said[name]) for name in ("what", "why") if said.get(name)) or None
    facts = {**whose, "status": status, "code": said.get("code"), "why": why, "rc": exit_code([status]), "elapsed_ms": elapsed}
    yield from _line(finished, "RESULT_SEALED", facts, _SEALED.get(status, "INFO"))


def _whose(manifest: Mapping[str, Any]) -> Dict[str, Any]:
    tried = _attempts(manifest)
    attempt = {"attempt": tried[-1].get("attempt")} if tried else {}
    return {"request": manifest["request_id"], "run": manifest.get("run_id"), **attempt}


def _who(manifest: Mapping[str, Any]) -> Dict[str, Any]:
    """Who claimed it, and how those fared who had it before."""
    *before, last = _attempts(manifest)
    fared = ", ".join(f"{one.get('attempt')} {one.get('ended')} ({one.get('worker')})" for one in before)
    return {"worker": last.get("worker"), "host": last.get("host"), "before": fared or None}


def _attempts(manifest: Mapping[str, Any]) -> List[Dict[str, Any]]:
    said = manifest.get("attempts")
    return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []


def _line(at: Optional[datetime], event: str, facts: Dict[str, Any], level: str = "INFO") -> Iterator[Line]:
    if at is not None:
        yield line_of(line(level, event, facts, at), _JOB, "manifest.json", at)


def _event(one: Line) -> Tuple[object, ...]:
    """What two lines that tell the same have in common."""
    told = one.as_dict()
    details = told.get("details", {})
    return told.get("event", one.text), details.get("request"), details.get("run")

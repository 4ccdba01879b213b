"""What every notice of an answer has: its one line for a telephone, its small line at the end, its day.

It exists so that good and bad news are signed alike.
"""

from __future__ import annotations

import json
from typing import Any, List, Mapping

from shared import clock
from shared.completion.reading import Told, figure_in, object_in, one_line
from shared.completion.words import said
from shared.figures import duration
from shared.notices import PHONE, cut


def summary_of(parts: List[str]) -> str:
    """As many of them as a telephone shows."""
    while len(" · ".join(parts)) > PHONE and len(parts) > 1:
        parts = parts[:-1]
    return cut(" · ".join(parts), PHONE)


def context_of(told: Told, language: str) -> str:
    """Which, who asked, how long it waited and ran, at which attempt, where, and when."""
    manifest, timings = told.manifest, object_in(told.manifest, "timings")
    asked_by, attempts = _asked_by(told.files.get("request.json", b"")), manifest.get("attempts") or []
    waited, ran = (figure_in(timings, name) for name in ("wait_ms", "run_ms"))
    finished = clock.moment_in(timings.get("finished"))
    parts = [
        str(manifest.get("request_id")),
        said("asked_by", language, asked_by) if asked_by else "",
        said("took", language, *(duration(one, language) for one in (waited, ran))) if waited and ran else "",
        said("attempt", language, len(attempts)) if len(attempts) > 1 else "",
        str(manifest.get("worker") or ""),
        clock.to_the_minute(finished) if finished else "",
    ]
    return " · ".join(part for part in parts if part)


def identity_of(manifest: Mapping[str, Any]) -> str:
    """What tells the notices of two answers apart, and knows one that is told again after a power cut for the same."""
    return f"{manifest.get('request_id')} {manifest.get('run_id')}"


def day_of(manifest: Mapping[str, Any]) -> str:
    """The Korean day on which it was answered."""
    finished = clock.moment_in(object_in(manifest, "timings").get("finished"))
    return f"{finished:%Y-%m-%d}" if finished else ""


def _asked_by(request: bytes) -> str:
    try:
        document = json.loads(request.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return ""
    return one_line(document.get("requested_by")) if isinstance(document, dict) else ""

"""The sign of life in a worker's folder: who it is, when it was seen last, how long it may be silent, what it runs.

It exists because everybody reads `alive` and anybody may have written it: here it becomes values, or nothing.
"""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional

from inbox import names
from inbox.folders import ALIVE, Inbox
from shared.disk import NO_FILE
from shared.kept import facts_in
from shared.machine import Process

_LONGEST_LEASE = 86_400.0
_LARGEST_PID = 2.0**31 - 1


class Progress(NamedTuple):
    """How far one run is, as its worker last told."""

    request_id: str
    phase: str
    percent: int


class Sign(NamedTuple):
    """What an incarnation's `alive` says, and when the file server last saw it written. `lease`: None where it says none.

    `version` is empty and `protocol` 0 of programs older than these words."""

    seen: float
    worker: str
    process: Process
    lease: Optional[float]
    runs: List[Progress]
    version: str = ""
    protocol: int = 0


def sign_of(inbox: Inbox, incarnation: str) -> Optional[Sign]:
    """The last sign of life, None if its folder is gone. A folder without `alive` is as old as the folder."""
    folder = inbox.running / incarnation
    try:
        content = inbox.disk.read(folder / ALIVE, 1 << 20)
    except OSError as error:
        if error.errno not in NO_FILE:
            raise
        try:
            return _read(incarnation, inbox.disk.mtime(folder), {})
        except FileNotFoundError:
            return None
    return _read(incarnation, content.mtime, facts_in(content.data))  # torn, it says nothing but its time


def claimed_at(inbox: Inbox, request_id: str, attempt: Optional[int]) -> Optional[float]:
    """The file server's time at which that attempt was claimed, None where no claim tells it."""
    try:
        return None if attempt is None else inbox.disk.mtime(f"{inbox.claims}/{names.claim_name(request_id, attempt)}")
    except OSError:
        return None


def incarnations(inbox: Inbox) -> List[str]:
    """Every incarnation that has a folder of its own; what a link leads to is nobody's."""
    found = [name for name in inbox.disk.names(inbox.running) if names.is_incarnation(name)]
    return [name for name in found if inbox.disk.is_folder(inbox.running / name)]


def _read(incarnation: str, seen: float, content: Dict[str, Any]) -> Sign:
    pid = min(max(_number(content.get("pid"), 0.0), 0.0), _LARGEST_PID)
    process = Process(str(content.get("host") or "?"), int(pid), _number(content.get("start"), 0.0))
    lease = _number(content.get("lease"), 0.0)
    runs = content.get("runs")
    told = [_progress(run) for run in runs if isinstance(run, dict)] if isinstance(runs, list) else []
    sign = Sign(seen, names.worker_of(incarnation), process, min(lease, _LONGEST_LEASE) if lease > 0 else None, told)
    return sign._replace(version=str(content.get("version") or ""), protocol=int(_number(content.get("protocol"), 0.0)))


def _progress(run: Dict[str, Any]) -> Progress:
    percent = min(max(_number(run.get("percent"), 0.0), 0.0), 100.0)
    return Progress(str(run.get("request_id")), str(run.get("phase")), int(percent))


def _number(value: object, otherwise: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -1e18 < value < 1e18:
        return otherwise
    return float(value)

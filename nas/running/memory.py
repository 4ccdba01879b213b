"""How each job went last, on this machine.

It exists so that one look tells which job failed and when, without reading a log.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path
from typing import Any, Dict, NamedTuple, Optional

from shared import clock
from shared.config import Settings
from shared.disk import Disk
from shared.kept import keep, kept
from shared.masking import masked


class Last(NamedTuple):
    """`word` and `rc` as it ended, `at` when; a skip by a guard or a lock leaves what it was before, and is `skipped`."""

    word: str = ""
    rc: int = 0
    why: str = ""
    at: Optional[datetime] = None
    seconds: float = 0.0
    tries: int = 0
    skipped: str = ""
    skipped_at: Optional[datetime] = None


def last_of(settings: Settings, job: str) -> Last:
    """All empty where it never ran here, or what is kept of it is torn."""
    with contextlib.suppress(OSError):
        return _last_in(kept(Disk(durable=False), _file(settings, job)))
    return Last()


def remember(settings: Settings, job: str, **facts: object) -> None:
    """These facts of its `Last` are so now; that a full disk cannot keep them stops no job."""
    known = last_of(settings, job)._replace(**facts)  # type: ignore[arg-type]
    told = {name: _plain(value) for name, value in known._asdict().items()}
    with contextlib.suppress(OSError):
        keep(Disk(durable=False), _file(settings, job), told)


def _plain(value: Any) -> Any:
    """As JSON takes it, and without a secret somebody printed."""
    return clock.iso(value) if isinstance(value, datetime) else masked(value) if isinstance(value, str) else value


def _file(settings: Settings, job: str) -> Path:
    return settings.data / "jobs" / f"{job}.json"


def _last_in(told: Dict[str, Any]) -> Last:
    found = {name: value for name, value in told.items() if name in Last._fields and isinstance(value, _KINDS[name])}
    for name in ("at", "skipped_at"):
        if name in found:
            found[name] = clock.moment_in(found[name])
    return Last(**found)


_KINDS: Dict[str, Any] = {
    **dict.fromkeys(("word", "why", "skipped", "at", "skipped_at"), str),
    **dict.fromkeys(("rc", "tries"), int),
    "seconds": (int, float),
}

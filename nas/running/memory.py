"""How each job went last, on this machine.

It exists so that one look tells which job failed and when, without reading a log.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Optional

from shared.config import Settings
from shared.disk import Disk
from shared.kept import facts_of, keep, kept, note_in
from shared.masking import masked


class Last(NamedTuple):
    """`word` and `rc` as it ended, `at` when; a skip by a guard or a lock leaves what it was before, and is `skipped`."""

    word: str = ""
    rc: int = 0
    why: str = ""
    code: str = ""
    at: Optional[datetime] = None
    seconds: float = 0.0
    tries: int = 0
    skipped: str = ""
    skipped_at: Optional[datetime] = None


def last_of(settings: Settings, job: str) -> Last:
    """All empty where it never ran here, or what is kept of it is torn."""
    with contextlib.suppress(OSError):
        return note_in(Last, kept(Disk(durable=False), _file(settings, job)))
    return Last()


def remember(settings: Settings, job: str, **facts: object) -> None:
    """These facts of its `Last` are so now; that a full disk cannot keep them stops no job."""
    told = facts_of(last_of(settings, job)._replace(**facts))  # type: ignore[arg-type]
    plain = {name: masked(fact) if isinstance(fact, str) else fact for name, fact in told.items()}  # a secret somebody printed
    with contextlib.suppress(OSError):
        keep(Disk(durable=False), _file(settings, job), plain)


def _file(settings: Settings, job: str) -> Path:
    return settings.data / "jobs" / f"{job}.json"

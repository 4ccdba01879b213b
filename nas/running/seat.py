"""A job's seat on this machine: one of each name at a time. Who has it, and since when, anybody can read.

It exists so that a job that cron starts while the last one still runs says whom it waits for, and one that died in the middle
is neither in the way nor forgotten.
"""

from __future__ import annotations

import contextlib
import os
import socket
from datetime import datetime
from pathlib import Path
from typing import Iterator, NamedTuple, Optional

from shared import clock
from shared.disk import Disk
from shared.kept import keep, kept
from shared.lock import only_one

NOTE = ".held"  # ends the name of the note beside a lock
_PATIENCE = 0.2  # whoever only looks has it for less


class Holder(NamedTuple):
    """Who has a seat, as it says itself; which job, an old note does not say, and jobs may share a seat."""

    pid: int
    host: str
    since: datetime
    job: str = ""


class Seat(NamedTuple):
    """Whether it is ours now; if not, whose. `died`: who had it before and never got up: killed, or the power failed."""

    is_ours: bool
    holder: Optional[Holder] = None
    died: Optional[Holder] = None


@contextlib.contextmanager
def seat(lock: Path, job: str, now: datetime) -> Iterator[Seat]:
    """The lock is the system's own and dies with its process; the note beside it is only for people."""
    note, disk = _note(lock), Disk(durable=False)
    with only_one(lock, _PATIENCE) as is_ours:
        before = _holder_in(disk, note)
        if not is_ours:
            yield Seat(False, holder=before)
            return
        _put(disk, note, job, now)
        try:
            yield Seat(True, died=before)
        finally:
            _take_away(disk, note)


def holder_of(lock: Path) -> Optional[Holder]:
    """Who has that seat now; None where nobody has, also where who had it is dead."""
    if not lock.is_file():
        return None
    with only_one(lock) as is_free:
        return None if is_free else _holder_in(Disk(durable=False), _note(lock))


def _put(disk: Disk, note: Path, job: str, now: datetime) -> None:
    with contextlib.suppress(OSError):  # a full disk keeps no job from running
        keep(disk, note, {"pid": os.getpid(), "host": socket.gethostname(), "since": clock.iso(now), "job": job})


def _take_away(disk: Disk, note: Path) -> None:
    with contextlib.suppress(OSError):
        disk.remove(note)


def _note(lock: Path) -> Path:
    return lock.with_name(f"{lock.name}{NOTE}")


def last_holder(lock: Path) -> Optional[Holder]:
    """Who had that seat last and never got up, or has it now."""
    return _holder_in(Disk(durable=False), _note(lock))


def _holder_in(disk: Disk, note: Path) -> Optional[Holder]:
    """What the note says; None where there is none, or it is torn."""
    with contextlib.suppress(OSError):
        told = kept(disk, note)
        since = clock.moment_in(told.get("since"))
        if since and isinstance(told.get("pid"), int):
            return Holder(told["pid"], str(told.get("host")), since, str(told.get("job") or ""))
    return None

"""Which locks of this machine are held, by whom and since when; and what a dead holder left.

It exists so that a job that waits for another one is explained by one line, and one that hangs is found.
"""

from __future__ import annotations

import contextlib
import os
from datetime import datetime
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional

from nas.running import Policy, holder_of, last_holder, policies
from shared.config import Settings

_SYSTEMS = Path("/proc/locks")
_JOB, _NOTE = "job-", ".held"
_SLACK = 60.0  # seconds: ending what is late takes a while


class Held(NamedTuple):
    """One lock that is held. `since` is known of jobs alone; `is_stuck`: for longer than all tries of its job may take."""

    name: str
    pid: int
    since: Optional[datetime] = None
    is_stuck: bool = False


def locks_held(settings: Settings, now: datetime) -> List[Held]:
    """Those held now. The system's own list is read where it has one: to try a lock would keep its owner out for that moment."""
    folder = settings.lock_of("")
    by_system = _holders()
    allowed: Dict[str, float] = {}
    for name, policy in policies(settings.jobs).items():  # of jobs that share a lock the longest may hold it
        allowed[policy.lock or name] = max(_longest(policy), allowed.get(policy.lock or name, 0.0))
    names = sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []
    jobs = [_of_a_job(folder / name, allowed, now) for name in names if name.startswith(_JOB) and not name.endswith(_NOTE)]
    others = [_of_another(folder / name, by_system) for name in names if not name.startswith(_JOB)]
    return [one for one in [*jobs, *others] if one]


def left_behind(settings: Settings) -> List[str]:
    """The jobs whose last start was cut off and nobody has started again: a note, and nobody who holds its lock. Of an old note,
    which names no job, the lock's name."""
    folder = settings.lock_of("")
    notes = sorted(folder.glob(f"{_JOB}*{_NOTE}")) if folder.is_dir() else []
    locks = [note.with_name(note.name[: -len(_NOTE)]) for note in notes]
    free = [(lock, last_holder(lock)) for lock in locks if holder_of(lock) is None]
    return [holder.job or lock.name[len(_JOB) :] for lock, holder in free if holder]  # who ended a moment ago took it along


def _of_a_job(lock: Path, allowed: Dict[str, float], now: datetime) -> Optional[Held]:
    holder = holder_of(lock)
    if holder is None:
        return None
    name = lock.name[len(_JOB) :]
    is_stuck = (now - holder.since).total_seconds() > allowed.get(name, float("inf"))
    return Held(lock.name, holder.pid, holder.since, is_stuck)


def _of_another(lock: Path, by_system: Dict[int, int]) -> Optional[Held]:
    with contextlib.suppress(OSError):
        pid = by_system.get(os.stat(lock).st_ino)
        return Held(lock.name, pid) if pid else None
    return None


def _longest(policy: Policy) -> float:
    """Seconds one start may last, with every try and every pause."""
    return (policy.timeout + policy.retry.sleep) * (policy.retry.max + 1) + _SLACK


def _holders() -> Dict[int, int]:
    """By inode the process that holds a lock on it; empty on a system that does not tell. Of two disks' equal inodes one is
    told wrongly: for a line that people read, that will do."""
    with contextlib.suppress(OSError):
        rows = [line.split() for line in _SYSTEMS.read_text(encoding="ascii", errors="replace").splitlines()]
        return {int(row[5].rpartition(":")[2]): int(row[4]) for row in rows if len(row) > 5 and row[4].isdigit()}
    return {}

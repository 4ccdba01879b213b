"""One of a kind on this machine: two syncs, two publishes, two senders of notices never work at the same time.

It exists because cron starts the next one whether the last has ended or not; the lock dies with its process.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Iterator


@contextlib.contextmanager
def only_one(file: Path, patience: float = 0.0) -> Iterator[bool]:
    """Whether we are the only one who holds that lock now; for who does is waited so many seconds. The file lies on a local
    disk and stays."""
    import fasteners

    file.parent.mkdir(parents=True, exist_ok=True)
    lock = fasteners.InterProcessLock(str(file))
    held = bool(lock.acquire(blocking=patience > 0, timeout=patience or None))
    try:
        yield held
    finally:
        if held:
            lock.release()

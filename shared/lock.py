"""One of a kind on this machine: two syncs, two publishes, two senders of notices never work at the same time.

It exists because cron starts the next one whether the last has ended or not; the lock dies with its process.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Iterator


@contextlib.contextmanager
def only_one(file: Path) -> Iterator[bool]:
    """Whether we are the only one who holds that lock now; never waits. The file lies on a local disk and stays."""
    import fasteners

    file.parent.mkdir(parents=True, exist_ok=True)
    lock = fasteners.InterProcessLock(str(file))
    held = bool(lock.acquire(blocking=False))
    try:
        yield held
    finally:
        if held:
            lock.release()

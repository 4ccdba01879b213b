"""Jobs at rest: for a moment no job of this machine begins, and none is at work.

It exists so that no job reads half of its modules before the code is changed and the other half after.
"""

from __future__ import annotations

import contextlib
import time
from typing import ClassVar, Iterator, List

from nas.running import policies
from shared.config import Settings
from shared.errors import RelayError
from shared.lock import only_one

_PAUSE = 0.5


class JobsAtWork(RelayError):
    """A job is at work for longer than was waited for it."""

    code = "E-UPDATE-BUSY"
    exit_code: ClassVar[int] = 2


@contextlib.contextmanager
def jobs_still(settings: Settings, but: str, seconds: float) -> Iterator[None]:
    """All but that job, whose lock is held already, rest until this ends; who is started meanwhile is skipped, as where it is at
    work already. JobsAtWork where one does not end within so many seconds."""
    lock_of = {name: policy.lock or name for name, policy in policies(settings.jobs).items()}
    locks = sorted({*lock_of.values()} - {lock_of[but]})
    deadline = time.monotonic() + seconds
    with contextlib.ExitStack() as held:
        busy = _busy(settings, locks, held)
        while busy and time.monotonic() < deadline:
            held.close()  # nobody waits for one job with the locks of all others in his hands
            time.sleep(_PAUSE)
            busy = _busy(settings, locks, held)
        if busy:
            found, fix = f"still at work: {', '.join(busy)}", "it is tried again; or wait longer: -- --patience 1800"
            raise JobsAtWork("updating the code from git", found, fix)
        yield


def _busy(settings: Settings, locks: List[str], held: contextlib.ExitStack) -> List[str]:
    return [name for name in locks if not held.enter_context(only_one(settings.lock_of(f"job-{name}")))]

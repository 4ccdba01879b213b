"""A launcher whose runs have no end.

It exists so that a story can stop a worker, or cancel, while something runs.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from typing import Any, Callable, Dict, List

import outbox
from inbox import Claim, Progress
from pc.desk import Desk
from pc.launchers import Ending


class Endless:
    """A launcher whose runs go on until they are stopped; `then` happens when one began."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.then: Callable[[], None] = lambda: None
        self._running: Dict[str, Claim] = {}
        self._news, self._hammer = multiprocessing.Pipe(duplex=False)
        self._hammer.send_bytes(b"")  # always something to look at, so that the worker never sleeps

    def warm(self) -> None:
        """Nothing to warm."""

    def free(self) -> int:
        """One at a time."""
        return 0 if self._running else 1

    def start(self, claim: Claim) -> None:
        """It begins, with a draft as every run."""
        self._running[claim.request_id] = claim
        with contextlib.suppress(OSError):  # it does not get far; that is its affair, not the worker's
            outbox.Draft(self.desk.outbox, claim.request_id, claim.attempt).write("request.json", claim.asked.data)
        self.then()

    def collect(self) -> List[Ending]:
        """None ends."""
        return []

    def progress(self) -> List[Progress]:
        """What runs."""
        return [Progress(name, "decide", 25) for name in self._running]

    def stop(self, request_id: str) -> None:
        """It is over."""
        self._running.pop(request_id, None)

    def waitables(self) -> List[Any]:
        """What never lets it wait."""
        return [self._news]

    def close(self) -> None:
        """Both ends."""
        self._news.close()
        self._hammer.close()

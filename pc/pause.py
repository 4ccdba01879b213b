"""The pause as a worker sees it: whether there is one, and the line when it begins and when it is over.

It exists so that the worker asks before every file, and logs only what changed.
"""

from __future__ import annotations

from inbox import paused_because
from pc.desk import Desk


class Pause:
    """What was seen of it last."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.why: str | None = None

    def look(self) -> str | None:
        """Why the queue is paused now, None where it is not."""
        found = paused_because(self._desk.inbox)
        if found != self.why:
            self._desk.log.info("WORKER_PAUSED" if found else "WORKER_RESUMED", reason=found)
        self.why = found
        return found

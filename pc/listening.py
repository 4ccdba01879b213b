"""Whether the NAS was heard of lately, as a running worker tells it.

It exists because a PC whose answers nobody fetches looks like one that has nothing to do.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import inbox
from pc.desk import Desk
from shared.last_trip import last_trip
from shared.notices import Post, nas_silent, report_silence

_AWAKE = 600.0  # who just woke has heard nothing all night, and hears from the NAS within minutes
_SLEPT = 300.0  # rounds so far apart are a sleep of this machine


class Wakefulness:
    """For how long this machine has been awake without a break, as far as it was asked again and again."""

    def __init__(self, every: float, clock: Callable[[], float] = time.time) -> None:
        self._most, self._clock = max(_SLEPT, 2 * every), clock
        self._since = self._last = clock()

    def seconds(self) -> float:
        """So long; a clock that was set counts as a sleep."""
        now = self._clock()
        if not 0 <= now - self._last <= self._most:
            self._since = now
        self._last = now
        return now - self._since


def listen(desk: Desk, post: Post, awake: float) -> None:
    """Report that the NAS is silent, or is heard again; while we are not awake for long, neither."""
    inbox.note_sign(desk.inbox)
    ago, limit = inbox.heard_ago(desk.inbox), desk.settings.silent_hours * 3600.0
    if ago is None or (ago > limit and awake < min(_AWAKE, limit)):
        return
    last = last_trip(desk.own, desk.settings.data) if desk.settings.there else None
    silence = nas_silent(ago, last.why if last else None) if ago > limit else None
    if not report_silence(post, "NAS_SILENT", silence):
        return
    if silence:
        desk.log.warning("NAS_SILENT", seconds=int(ago), why=silence.opening.en, fix=silence.fix.en)
    else:
        desk.log.info("NAS_HEARD", seconds=int(ago))

"""The looks at the folders: what could be taken now, in which order; what the dead left; what is only litter.

It exists because events are bells and scans are truth: the same look serves the bell, the timer and the start.
"""

from __future__ import annotations

import contextlib
from collections import deque
from pathlib import Path

from inbox import Asked, Held, Incarnation, Waiting, bury, claimed_ids, dead_incarnations, held_by, read_asked, sweep_temporaries
from outbox import drafts, is_answered
from pc.desk import Desk
from pc.settle import sweep

_SHARE_OF_TIME = 20.0  # a look may take at most a twentieth of the time between two looks
_FOREIGN_READ_AHEAD = 64


class Lookout:
    """Knows what waits; forgets everything without harm."""

    def __init__(self, desk: Desk, me: Incarnation) -> None:
        self.desk, self.me = desk, me
        self.waiting = Waiting(desk.inbox)
        self._left_by_dead: deque[Path] = deque()
        self._next_look = 0.0
        self._next_sweep = 0.0
        self._dead_put_off: dict[Path, float] = {}
        self._unreadable_since: dict[Path, float] = {}
        self._handed_out = 0

    def is_due(self) -> bool:
        """Whether it is time to list the folders again."""
        return self.me.ticks() >= self._next_look or self.me.now() >= self.waiting.next_due

    def seconds_to_next(self) -> float:
        """How long one may sleep before the next look."""
        return max(0.0, min(self._next_look - self.me.ticks(), self.waiting.next_due - self.me.now()))

    def look(self) -> None:
        """List pending, and the folders of dead workers."""
        began = self.me.ticks()
        self._handed_out = 0
        self.waiting.look(self.me.now())
        self._read_ahead()
        self._look_at_the_dead()
        took = self.me.ticks() - began
        self._next_look = self.me.ticks() + max(self.desk.settings.scan_seconds, took * _SHARE_OF_TIME)

    def next_file(self) -> Path | None:
        """The next file worth reading: what the dead held first, then what waits, most urgent first."""
        if self._left_by_dead:
            self._handed_out += 1
            return self._left_by_dead.popleft()
        name = self.waiting.next(self.me.now())
        if name is None:
            return None
        self._handed_out += 1
        return self.desk.inbox.pending / name

    def found_nothing(self) -> bool:
        """Whether a whole look brought nothing that may be taken now; if it brought something, the next look is hurried."""
        if self._handed_out:
            self._next_look = 0.0
        return not self._handed_out and self._next_look > 0.0 and self.me.now() >= self.waiting.awaited_until

    def put_off(self, path: Path, seconds: float) -> None:
        """Not again before that time has passed, wherever it lies."""
        if path.parent == self.desk.inbox.pending:
            self.waiting.put_off(path.name, self.me.now() + seconds)
        else:
            self._dead_put_off[path] = self.me.now() + seconds

    def put_off_claimed(self, path: Path, seconds: float) -> None:
        """The same for a request that somebody has a claim on: a run of ours that ends may free it sooner."""
        self.put_off(path, seconds)
        if path.parent == self.desk.inbox.pending:
            self.waiting.claimed(path.name)

    def stand_back(self, path: Path, seconds: float) -> None:
        """The same for one that is worth waiting for, also by a drain."""
        self.put_off(path, seconds)
        self.waiting.awaited_until = max(self.waiting.awaited_until, self.me.now() + seconds)

    def believes(self, path: Path, asked: Asked) -> bool:
        """Whether what was read may be acted on. A share may refuse a file for a moment: only one that stays unreadable is."""
        if asked.is_readable:
            self._unreadable_since.pop(path, None)
            return True
        now, settle = self.me.now(), self.desk.settings.settle_seconds
        stays = path in self._unreadable_since and now - self._unreadable_since[path] >= settle
        since = self._unreadable_since.setdefault(path, now)
        if stays:
            del self._unreadable_since[path]
        else:
            self.stand_back(path, since + settle - now)
        return stays

    def look_again(self) -> None:
        """Something failed half-way: nothing known is trusted, everything is listed anew."""
        self._next_look = 0.0

    def run_ended(self) -> None:
        """A duplicate may have waited for this run: look again soon."""
        if self.waiting.release_claimed():
            self._next_look = 0.0

    def own_leftovers(self, running: set[Path]) -> list[Held]:
        """Files in our own folder that no run belongs to: a step of ours failed half-way."""
        return [held for held in held_by(self.desk.inbox, self.me.name) if held.path not in running]

    def sweep_is_due(self) -> bool:
        """Litter is nobody's hurry."""
        return self.me.ticks() >= self._next_sweep

    def sweep(self, running: set[str]) -> None:
        """Remove what answered ids and killed submitters left."""
        self._next_sweep = self.me.ticks() + max(1.0, self.me.lease / 4)
        for request_id in {*claimed_ids(self.desk.inbox), *drafts(self.desk.outbox)} - running:
            if is_answered(self.desk.outbox, request_id):
                sweep(self.desk, request_id)
        sweep_temporaries(self.desk.inbox, self.me)

    def _look_at_the_dead(self) -> None:
        inbox, now = self.desk.inbox, self.me.now()
        self._dead_put_off = {path: until for path, until in self._dead_put_off.items() if until > now}
        not_now = {*self._left_by_dead, *self._dead_put_off}
        for incarnation in dead_incarnations(inbox, self.me):
            if not bury(inbox, incarnation):
                self._left_by_dead.extend(held.path for held in held_by(inbox, incarnation) if held.path not in not_now)

    def _read_ahead(self) -> None:
        for name in self.waiting.unread(_FOREIGN_READ_AHEAD):
            with contextlib.suppress(OSError):  # whoever takes it says what is wrong with it
                asked = read_asked(self.desk.inbox.disk, self.desk.inbox.pending / name)
                if asked and asked.request:
                    self.waiting.order(name, asked.request.priority)

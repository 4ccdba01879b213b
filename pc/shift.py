"""The shift: one incarnation of the worker at its desk, with what it knows could be taken and when it looks again.

It exists so that every step takes one argument for who works where, and so that nothing known outlives a burial.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from inbox import Held, Incarnation, NotNow, Waiting, bury, dead_incarnations, held_by, read_asked
from pc.desk import Desk
from pc.given import Given
from pc.sweep import sweep_all

_SHARE_OF_TIME = 20.0  # a look may take at most a twentieth of the time between two looks
_FOREIGN_READ_AHEAD = 64


class Shift:
    """From a worker's start, or from its last burial, to the next; forgets everything without harm but `given`, the worker's."""

    def __init__(self, desk: Desk, me: Incarnation, given: Given) -> None:
        self.desk, self.me, self.given = desk, me, given
        self.waiting = Waiting(desk.inbox)
        self._next_look = 0.0
        self._next_sweep = 0.0
        self._handed_out = 0

    # ---- what could be taken ----

    def next_file(self) -> Path | None:
        """The next file worth reading: what the dead held first, then what waits, most urgent first."""
        path = self.waiting.next(self.me.now())
        self._handed_out += path is not None
        return path

    def put_off(self, path: Path, seconds: float, why: NotNow) -> None:
        """Not again before that time has passed, wherever it lies."""
        self.waiting.put_off(path, self.me.now() + seconds, why)

    def run_ended(self) -> None:
        """A duplicate may have waited for this run: look again soon."""
        if self.waiting.run_ended():
            self.look_again()

    def is_through(self) -> bool:
        """Whether a whole look brought nothing that may be taken now, and nothing will soon."""
        return not (self._handed_out or self.is_to_look() or self.waiting.is_worth_waiting_for(self.me.now()))

    # ---- looking ----

    def is_to_look(self) -> bool:
        """Whether it is time to list the folders again."""
        return self.seconds_to_look() <= 0.0

    def seconds_to_look(self) -> float:
        """How long one may sleep before the next look."""
        return max(0.0, min(self._next_look - self.me.ticks(), self.waiting.next_due - self.me.now()))

    def look(self) -> None:
        """List pending, and the folders of dead workers."""
        began = self.me.ticks()
        self._handed_out = 0
        left_by_dead = self._left_by_dead()
        self.waiting.look(self.me.now(), left_by_dead)
        self._read_ahead()
        took = self.me.ticks() - began
        self._next_look = self.me.ticks() + max(self.desk.settings.scan_seconds, took * _SHARE_OF_TIME)

    def look_again(self) -> None:
        """Something failed half-way, or is free now: nothing known is trusted, everything is listed anew."""
        self._next_look = 0.0

    def hurry(self) -> None:
        """Look again at once if the last look brought something: more may have come since."""
        if self._handed_out:
            self.look_again()

    def own_leftovers(self, running: set[Path]) -> list[Held]:
        """Files in our own folder that no run belongs to: a step of ours failed half-way."""
        return [held for held in held_by(self.desk.inbox, self.me.name) if held.path not in running]

    # ---- sweeping ----

    def is_to_sweep(self) -> bool:
        """Litter is nobody's hurry."""
        return self.me.ticks() >= self._next_sweep

    def sweep(self, running: set[str]) -> None:
        """Remove what answered ids and killed submitters left."""
        self._next_sweep = self.me.ticks() + max(1.0, self.me.lease / 4)
        sweep_all(self.desk, self.me, running)

    def _left_by_dead(self) -> list[Path]:
        inbox = self.desk.inbox
        unburied = [name for name in dead_incarnations(self.me) if not bury(inbox, name)]
        return [held.path for name in unburied for held in held_by(inbox, name)]

    def _read_ahead(self) -> None:
        for name in self.waiting.unread(_FOREIGN_READ_AHEAD):
            with contextlib.suppress(OSError):  # whoever takes it says what is wrong with it
                self._order(name)

    def _order(self, name: str) -> None:
        asked = read_asked(self.desk.inbox, self.desk.inbox.pending / name)
        if asked and asked.request:
            self.waiting.order(name, asked.request.priority)

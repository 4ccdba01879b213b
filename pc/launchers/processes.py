"""Runs happen in warm child processes, one run in each at a time.

It exists because a strategy is somebody's code: it may crash, hang or eat memory, and only its own run may pay for that.
No kept, permissively licensed pool does this: in them one dead process breaks the whole pool (docs/adr/0002).
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from multiprocessing.connection import Connection
from typing import Any

import psutil

from inbox import Claim
from outbox import last_words
from pc import child
from pc.desk import Desk
from pc.given import Sealed
from pc.launchers import Ending
from shared.errors import RelayError, RunCrashed, RunOutOfMemory, RunTimedOut, ShareUnreachable

_SPAWN = multiprocessing.get_context("spawn")
_PATIENCE_WITH_THE_DYING = 5.0
_FITS_A_PIPE = 30_000
_WARM_UP = 120.0
_NEVER_STARTED = ("starting a run", "its process did not answer", "the request is given back and a fresh process made")


class Slot:
    """One child process and the run it has, if any."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.claim: Claim | None = None
        self.phase, self.percent = "waiting", 0
        self.started: float | None = None
        self.memory_before = 0
        self.sent = 0.0
        self.leaving = False
        self.connection, theirs = _SPAWN.Pipe()
        self.process = _SPAWN.Process(target=child.main, args=(theirs, desk.settings), daemon=True, name="run")
        self.process.start()
        theirs.close()

    def send(self, claim: Claim) -> None:
        """Hand it a run; a child that died meanwhile is found by `ending`."""
        self.claim, self.phase, self.percent, self.started = claim, "waiting", 0, None
        self.sent = time.monotonic()
        asked = claim.asked if len(claim.asked.data) < _FITS_A_PIPE else claim.asked._replace(data=b"", request=None)
        with contextlib.suppress(OSError):
            self.connection.send(claim._replace(asked=asked))

    def ending(self) -> Ending | None:
        """How its run ended, None while it goes on."""
        assert self.claim is not None
        ended = self._news()
        if ended is None and not self.process.is_alive():
            ended = self._news() or Ending(self.claim, error=self._crashed())
        if ended is None:
            error = self._over_limit()
            ended = Ending(self.claim, error=error) if error else None
        if ended and ended.error and not isinstance(ended.error, ShareUnreachable):
            ended = ended._replace(log=self._last_words(self.claim))
        return ended

    def kill(self) -> None:
        """End the process and all it started."""
        if self.connection.closed:
            return
        if self.process.pid:
            # Also after its own end: what a crashed run had started lives on in its group, and keeps that number taken.
            with contextlib.suppress(ProcessLookupError, PermissionError, AttributeError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.join(_PATIENCE_WITH_THE_DYING)
        self.connection.close()

    def _news(self) -> Ending | None:
        claim = self.claim
        assert claim is not None
        try:
            while self.connection.poll():
                word, *facts = self.connection.recv()
                if word == "started":
                    self.started, self.memory_before = time.monotonic(), self._memory_mb()
                elif word == "phase":
                    self.phase, self.percent = facts
                elif word == "leaving":
                    self.leaving = True
                elif word == "ended":
                    return Ending(claim, Sealed(*facts))
                elif word in ("share", "broken"):
                    return Ending(claim, error=facts[0])
        except (EOFError, OSError):
            return None
        return None

    def _over_limit(self) -> RelayError | None:
        """Time from when the run began; memory where the child's own limit did not hold."""
        request = self.claim.asked.request if self.claim else None
        if request is None:
            return None
        if self.started is None:
            return ShareUnreachable(*_NEVER_STARTED) if time.monotonic() - self.sent > _WARM_UP else None
        seconds = request.timeout_seconds or self.desk.settings.timeout_seconds
        if time.monotonic() - self.started > seconds:
            return RunTimedOut("running the strategy", f"it took longer than {seconds:g} s", "give it more with timeout_seconds")
        megabytes = request.memory_mb or self.desk.settings.memory_mb
        used = self._memory_mb() - self.memory_before
        if used > megabytes:
            return RunOutOfMemory("running the strategy", f"it holds {used} MB of {megabytes} MB", "give it more with memory_mb")
        return None

    def _memory_mb(self) -> int:
        try:
            return int(psutil.Process(self.process.pid).memory_info().rss) >> 20
        except psutil.Error:
            return 0

    def _crashed(self) -> RelayError:
        code = self.process.exitcode or 0
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        hint = "the system may have run out of memory" if code == -9 else "run.log has what it printed"
        return RunCrashed("running the strategy", f"its process ended with {how}", hint)

    def _last_words(self, claim: Claim) -> bytes:
        """What the run had printed; its process is gone then."""
        self.kill()
        return last_words(self.desk.outbox, claim.request_id, claim.attempt)


class Processes:
    """As many slots as runs may happen at once; each is started when first needed, or ahead by `warm`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._slots: list[Slot] = []

    def warm(self) -> None:
        """Start every child now, so that the first request finds it warm."""
        while len(self._slots) < self._desk.settings.slots:
            self._slots.append(Slot(self._desk))

    def free(self) -> int:
        """Slots without a run, started or not."""
        return self._desk.settings.slots - sum(1 for slot in self._slots if slot.claim)

    def start(self, claim: Claim) -> None:
        """Into a child that has nothing to do; a dead one is replaced."""
        self._slots = [slot for slot in self._slots if slot.claim or slot.process.is_alive()]
        idle = next((slot for slot in self._slots if not slot.claim), None)
        if idle is None:
            idle = Slot(self._desk)
            self._slots.append(idle)
        idle.send(claim)

    def collect(self) -> list[Ending]:
        """The runs that ended; a child that did not end by itself is replaced when next needed."""
        ended = []
        for slot in [slot for slot in self._slots if slot.claim]:
            ending = slot.ending()
            if ending:
                ended.append(ending)
                self._release(slot, keep=ending.error is None and not slot.leaving)
        return ended

    def progress(self) -> list[dict[str, Any]]:
        """What runs now, for `alive`."""
        return [
            {"request_id": slot.claim.request_id, "attempt": slot.claim.attempt, "phase": slot.phase, "percent": slot.percent}
            for slot in self._slots
            if slot.claim
        ]

    def stop(self, request_id: str) -> Claim | None:
        """Kill that run's child."""
        for slot in self._slots:
            if slot.claim and slot.claim.request_id == request_id:
                claim = slot.claim
                self._release(slot, keep=False)
                return claim
        return None

    def waitables(self) -> list[Connection | int]:
        """A message from a child, or its end."""
        return [item for slot in self._slots if slot.claim for item in (slot.connection, slot.process.sentinel)]

    def close(self) -> None:
        """No child outlives its parent."""
        for slot in self._slots:
            slot.kill()
        self._slots = []

    def _release(self, slot: Slot, keep: bool) -> None:
        slot.claim = None
        if not keep:
            slot.kill()
            self._slots.remove(slot)


def open_launcher(desk: Desk) -> Processes:
    """The launcher of this file."""
    return Processes(desk)

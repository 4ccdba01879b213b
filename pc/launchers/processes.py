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
from dataclasses import dataclass
from multiprocessing.connection import Connection

import psutil

from inbox import Claim, Progress
from outbox import last_words
from pc import child
from pc.descendants import end_descendants
from pc.desk import Desk
from pc.ending import Sealed
from pc.launchers import Ending
from pc.news import Ended, Phase, Started
from shared.errors import RelayError, RunCrashed, RunOutOfMemory, RunTimedOut, ShareUnreachable

_SPAWN = multiprocessing.get_context("spawn")
_PATIENCE_WITH_THE_DYING = 5.0
_FITS_A_PIPE = 30_000
_WARM_UP = 120.0
_WAITING = Phase("waiting", 0)
_NEVER_STARTED = ("starting a run", "its process did not answer", "the request is given back and a fresh process made")


@dataclass
class Launched:
    """A run in a child, as far as the child told."""

    claim: Claim
    sent: float
    phase: Phase = _WAITING
    started: float | None = None
    memory_before: int = 0


class Slot:
    """One child process and the run it has, if any."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.run: Launched | None = None
        self.leaving = False
        self.connection, theirs = _SPAWN.Pipe()
        self.process = _SPAWN.Process(target=child.main, args=(theirs, desk.settings), daemon=True, name="run")
        self.process.start()
        theirs.close()

    def send(self, claim: Claim) -> None:
        """Hand it a run; a child that died meanwhile is found by `ending`."""
        self.run = Launched(claim, time.monotonic())
        asked = claim.asked if len(claim.asked.data) < _FITS_A_PIPE else claim.asked._replace(data=b"", request=None)
        with contextlib.suppress(OSError):
            self.connection.send(claim._replace(asked=asked))

    def ending(self) -> Ending | None:
        """How its run ended, None while it goes on or there is none."""
        if self.run is None:
            return None
        ended = self._news(self.run)
        if ended is None and not self.process.is_alive():
            ended = self._news(self.run) or Ended(self._died(self.run))
        if ended is None:
            error = self._over_limit(self.run)
            ended = Ended(error) if error else None
        return self._ending(self.run.claim, ended) if ended else None

    def kill(self) -> None:
        """End the process and all it started."""
        if self.connection.closed:
            return
        if self.process.pid:
            end_descendants(self.process.pid)
            # Also after its own end: what a crashed run had started lives on in its group, and keeps that number taken.
            with contextlib.suppress(ProcessLookupError, PermissionError, AttributeError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.join(_PATIENCE_WITH_THE_DYING)
        self.connection.close()

    def _news(self, run: Launched) -> Ended | None:
        """All there is to hear of the run, up to its end; what is no news is nobody's."""
        try:
            while self.connection.poll():
                news = self.connection.recv()
                if isinstance(news, Started):
                    run.started, run.memory_before = time.monotonic(), self._memory_mb()
                elif isinstance(news, Phase):
                    run.phase = news
                elif isinstance(news, Ended):
                    self.leaving = news.leaving
                    return news
        except (EOFError, OSError):
            return None
        except Exception as error:  # half a message, or one that names what is not here: nothing more can be heard of it
            return Ended(RunCrashed(self._doing(run), f"its last word cannot be read ({error})", "run.log has what it printed"))
        return None

    def _over_limit(self, run: Launched) -> RelayError | None:
        """Time from when the run began; memory where the child's own limit did not hold."""
        request, settings = run.claim.asked.request, self.desk.settings
        if request is None:
            return None
        if run.started is None:
            return ShareUnreachable(*_NEVER_STARTED) if time.monotonic() - run.sent > _WARM_UP else None
        seconds = request.timeout_seconds or settings.timeout_seconds
        if time.monotonic() - run.started > seconds:
            return RunTimedOut(self._doing(run), f"it took longer than {seconds:g} s", "give it more with timeout_seconds")
        megabytes = request.memory_mb or settings.memory_mb
        used = self._memory_mb() - run.memory_before
        if used > megabytes:
            return RunOutOfMemory(self._doing(run), f"it holds {used} MB of {megabytes} MB", "give it more with memory_mb")
        return None

    def _ending(self, claim: Claim, ended: Ended) -> Ending:
        """Where no answer was sealed, with what the run had printed: its process is gone then."""
        if isinstance(ended.came, (Sealed, ShareUnreachable)):
            return Ending(claim, ended.came)
        self.kill()
        return Ending(claim, ended.came, last_words(self.desk.outbox, claim.request_id, claim.attempt))

    def _memory_mb(self) -> int:
        try:
            return int(psutil.Process(self.process.pid).memory_info().rss) >> 20
        except psutil.Error:
            return 0

    def _doing(self, run: Launched) -> str:
        return f"running {run.claim.request_id!r}"

    def _died(self, run: Launched) -> RelayError:
        """Before it began, its run is not to blame, whatever it was."""
        if run.started is None:
            return ShareUnreachable(*_NEVER_STARTED)
        code = self.process.exitcode or 0
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        hint = "the system may have run out of memory" if code == -9 else "run.log has what it printed"
        return RunCrashed(self._doing(run), f"its process ended with {how}", hint)


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
        return self._desk.settings.slots - sum(1 for slot in self._slots if slot.run)

    def start(self, claim: Claim) -> None:
        """Into a child that has nothing to do; a dead one is replaced."""
        self._slots = [slot for slot in self._slots if slot.run or slot.process.is_alive()]
        idle = next((slot for slot in self._slots if not slot.run), None)
        if idle is None:
            idle = Slot(self._desk)
            self._slots.append(idle)
        idle.send(claim)

    def collect(self) -> list[Ending]:
        """The runs that ended; a child that did not end by itself is replaced when next needed."""
        ended = []
        for slot in list(self._slots):
            ending = slot.ending()
            if ending:
                ended.append(ending)
                self._release(slot, keep=isinstance(ending.came, Sealed) and not slot.leaving)
        return ended

    def progress(self) -> list[Progress]:
        """What runs now, for `alive`."""
        return [Progress(run.claim.request_id, *run.phase) for run in (slot.run for slot in self._slots) if run]

    def stop(self, request_id: str) -> None:
        """Kill that run's child."""
        for slot in list(self._slots):
            if slot.run and slot.run.claim.request_id == request_id:
                self._release(slot, keep=False)

    def waitables(self) -> list[Connection | int]:
        """A message from a child, or its end."""
        return [item for slot in self._slots if slot.run for item in (slot.connection, slot.process.sentinel)]

    def close(self) -> None:
        """No child outlives its parent."""
        for slot in self._slots:
            slot.kill()
        self._slots = []

    def _release(self, slot: Slot, keep: bool) -> None:
        slot.run = None
        if not keep:
            slot.kill()
            self._slots.remove(slot)


def open_launcher(desk: Desk) -> Processes:
    """The launcher of this file."""
    return Processes(desk)

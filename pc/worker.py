"""The worker: claims requests as long as it can run them, shows that it lives, and ends every claim it made.

It exists so that a PC that may be asleep, killed or full at any moment still gives every request exactly one answer.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import wait
from pathlib import Path

from inbox import DeclaredDead, Incarnation, NotNow, give_up_botched, is_there
from pc.bell import Bell
from pc.completion import teller_of
from pc.desk import Desk, enter
from pc.given import Given
from pc.keeper import Doing, Keeper
from pc.launchers import Launcher
from pc.patience import Patience
from pc.pause import Pause
from pc.runs import Runs
from pc.settle import cancel_all
from pc.shift import Shift
from pc.take import consider, put_back
from shared.errors import ShareUnreachable
from shared.outcome import OK, OPERATIONAL, TRY_LATER, exit_code

_FAILURES_OF_A_TURN = 3  # so many in a row are the share's, not the files'
_LIMITS_LOOKED_AT = 0.25
_PROGRESS_SHOWN = 0.5


class Worker:
    """A worker over one reports folder: one shift, or several one after the other if it is buried in between."""

    def __init__(
        self,
        desk: Desk,
        launcher: Launcher,
        patience: Patience | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.desk, self.launcher, self._ticks = desk, launcher, ticks
        self._patience = patience or Patience(desk)
        self._given = Given(desk.log, self._patience, teller_of(desk))
        self._runs = Runs(desk, launcher, self._patience)
        self._bell: Bell | None = None
        self._shift: Shift | None = None
        self._former: set[str] = set()
        self._pause, self._keeper = Pause(desk), Keeper()
        self._stopping = False

    @property
    def statuses(self) -> Counter[str]:
        """How many answers of each status."""
        return self._given.statuses

    # ---- the two ways to work ----

    def watch(self, bell: Bell | None = None, keeper: Keeper | None = None) -> int:
        """Work until stopped, at once when the bell rings; being stopped is no failure, whatever was answered."""
        self._bell, self._keeper = bell, keeper or self._keeper
        while not self._stopping:
            self.turn(warm=True)
            self._keeper.turned(self.doing)
            self._sleep()
        self._wind_down()
        return self._leave(OK)

    def drain(self) -> int:
        """Take all that can be taken now, then leave."""
        while not self._stopping:
            self.turn()
            if self._is_finished() or self._patience.is_exhausted(while_running=bool(self.launcher.progress())):
                break
            self._hurry()
            self._sleep()
        self._wind_down()
        return self._leave(self._verdict())

    def stop(self) -> None:
        """Finish or give back what runs, take nothing more; also from a signal's handler."""
        self._stopping = True
        if self._bell:
            self._bell.ring()

    def doing(self) -> Doing:
        """What it does just now."""
        running = [run.request_id for run in self.launcher.progress()]
        return Doing(self.desk.settings.slots, running, self._pause.why, self._patience.trouble, self._stopping)

    # ---- one turn ----

    def turn(self, warm: bool = False) -> None:
        """One round: show that we live, end what ended, look, take; get ready for more where that is wanted."""
        try:
            shift = self._arrive()
            self._beat(shift)
            self._runs.finish_ended(shift)
            self._look(shift)
            self._take(shift)
            if warm:
                self.launcher.warm()
            self._patience.succeeded()
        except DeclaredDead:
            self._start_anew()
        except (OSError, ShareUnreachable) as error:
            self._patience.failed(error)
            if self._shift:
                self._shift.look_again()

    def _arrive(self) -> Shift:
        """The shift; a new one at the start and after others took over what we had."""
        if self._shift is None:
            enter(self.desk)
            settings = self.desk.settings
            me = Incarnation(self.desk.inbox, settings.worker, settings.lease_seconds, self._ticks, self._former)
            self._shift = Shift(self.desk, me, self._given)
            self.desk.log.info("WORKER_STARTED", worker=me.name, reports=self.desk.inbox.root, slots=settings.slots)
        return self._shift

    def _beat(self, shift: Shift) -> None:
        self._keeper.pulse(self.doing)
        me, runs = shift.me, self.launcher.progress()
        is_news = runs != me.shown and me.since_beat() > _PROGRESS_SHOWN
        if is_news or me.since_beat() >= self.desk.settings.heartbeat_seconds:
            me.beat(runs)
            self._runs.stop_answered(shift)

    def _look(self, shift: Shift) -> None:
        if self._bell:
            shift.waiting.rung(self._bell.names(), shift.me.now())
        if shift.is_to_look():
            for held in shift.own_leftovers(self._runs.files()):
                put_back(shift, held)
            shift.look()
            if self._bell:
                self._bell.mend()
        if shift.is_to_sweep():
            shift.sweep(set(self._runs))
        for _ in cancel_all(shift, shift.waiting.cancels()):
            self._runs.stop_answered(shift)
            self._beat(shift)

    def _take(self, shift: Shift) -> None:
        failed: list[OSError] = []
        while len(failed) < _FAILURES_OF_A_TURN and (path := self._next_file(shift)):
            failed += self._take_one(shift, path)
            self._runs.finish_ended(shift)
            self._beat(shift)
        if len(failed) == _FAILURES_OF_A_TURN:
            raise failed[-1]
        if failed:
            self._patience.met(failed[-1])

    def _next_file(self, shift: Shift) -> Path | None:
        """Asked before every file: a pause or a stop in the midst of thousands counts at once."""
        paused = self._pause.look()
        return None if paused or self._stopping or self.launcher.free() <= 0 else shift.next_file()

    def _take_one(self, shift: Shift, path: Path) -> list[OSError]:
        """One bad file never blocks the rest: it is put off, its error is kept, and the others are tried."""
        try:
            claim = consider(shift, path)
        except OSError as error:
            shift.put_off(path, self._patience.could_not(), NotNow.TROUBLE)
            return [error]
        if claim:
            self._runs.start(claim)
            # Logged after it is on its way: a log line costs as much as the claim.
            self.desk.log.about(**claim.facts).info("REQUEST_CLAIMED", file=path.name)
        return []

    def _start_anew(self) -> None:
        """Others hold us for dead and took over what we had; or the share is away, and `_arrive` will say so."""
        former = self._shift.me.name if self._shift else ""
        with contextlib.suppress(OSError):
            if is_there(self.desk.inbox):
                self.desk.log.warning("WORKER_BURIED", worker=former, runs=len(self._runs), fix="starting anew")
        self._runs.abandon()
        self._former.add(former)
        self._shift = None

    # ---- between two turns ----

    def _is_finished(self) -> bool:
        if self._patience.has_failed() or self._runs or self._shift is None:
            return False
        return bool(self._pause.why) or self._shift.is_through()

    def _hurry(self) -> None:
        """A drain ends with a look that brought nothing: once nothing runs, it is not waited for."""
        if self._shift and not self._runs:
            self._shift.hurry()

    def _sleep(self) -> None:
        wait(
            [*self.launcher.waitables(), *([self._bell.connection] if self._bell else [])],
            timeout=min(self._seconds(), self._keeper.seconds()),
        )

    def _seconds(self) -> float:
        if self._patience.has_failed() or self._shift is None:
            return self._patience.seconds()
        until_beat = self.desk.settings.heartbeat_seconds - self._shift.me.since_beat()
        until_limits = _LIMITS_LOOKED_AT if self._runs else until_beat
        return max(0.0, min(until_beat, until_limits, self._shift.seconds_to_look()))

    # ---- leaving ----

    def _wind_down(self) -> None:
        """Let runs finish within the grace, give the rest back, sweep."""
        self._stopping = True
        self._keeper.stopping(self.doing, self.desk.settings.grace_seconds)
        deadline = self._ticks() + self.desk.settings.grace_seconds
        if self._runs:
            self.turn()  # what failed before may have been to take something: that is over
        while self._runs and not self._patience.has_failed() and self._ticks() < deadline:
            self._sleep()
            self.turn()
        if self._shift:
            give_up_botched(self._shift.me)
        with contextlib.suppress(OSError):  # the share is away: our death is noticed by our silence
            self._runs.give_all_back()
            if self._shift and not self._patience.has_failed():
                self._shift.sweep(set())
        self.launcher.close()

    def _verdict(self) -> int:
        if self._patience.is_tried():
            return OPERATIONAL
        return TRY_LATER if self._pause.why else exit_code(self.statuses)

    def _leave(self, rc: int) -> int:
        """Remove our folder, say what became of it all."""
        if self._shift:
            with contextlib.suppress(OSError):
                self._shift.me.leave()
        counts = " ".join(f"{status.lower()}={count}" for status, count in sorted(self.statuses.items()))
        self.desk.log.info("WORKER_STOPPED", answered=sum(self.statuses.values()), counts=counts or None, rc=rc)
        return rc


if __name__ == "__main__":
    from pc.service import main

    raise SystemExit(main())

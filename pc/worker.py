"""The worker: claims requests as long as it can run them, shows that it lives, and ends every claim it made.

It exists so that a PC that may be asleep, killed or full at any moment still gives every request exactly one answer.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from multiprocessing.connection import wait
from pathlib import Path

from inbox import DeclaredDead, Incarnation, paused_because
from pc.bell import Bell
from pc.desk import Desk, enter
from pc.launchers import Launcher
from pc.look import Lookout
from pc.patience import Patience
from pc.runs import Runs
from pc.settle import cancel_all
from pc.take import consider, put_back
from shared.errors import ShareUnreachable
from shared.outcome import OK, OPERATIONAL, TRY_LATER, exit_code

_FAILURES_OF_A_TURN = 3  # so many in a row are the share's, not the files'
_LIMITS_LOOKED_AT = 0.25
_PROGRESS_SHOWN = 0.5


class Worker:
    """A worker over one reports folder: one incarnation, or several one after the other if it is buried in between."""

    def __init__(self, desk: Desk, launcher: Launcher, bell: Bell | None = None, patience: Patience | None = None) -> None:
        self.desk, self.launcher, self.bell = desk, launcher, bell
        self._me: Incarnation | None = None
        self._former: set[str] = set()
        self._lookout: Lookout | None = None
        self._patience = patience or Patience(desk)
        self._runs = Runs(desk, launcher, self._patience)
        self._paused: str | None = None
        self._stopping = False

    @property
    def statuses(self) -> Counter[str]:
        """How many answers of each status."""
        return self.desk.given.statuses

    # ---- the two ways to work ----

    def watch(self) -> int:
        """Work until told to stop; being told so is no failure, whatever was answered."""
        while not self._stopping:
            self.launcher.warm()
            self.turn()
            self._sleep()
        self._leave()
        return self._report(OK)

    def drain(self) -> int:
        """Take all that can be taken now, then leave."""
        while not self._stopping:
            self.turn()
            if self._is_finished() or self._patience.is_exhausted():
                break
            self._sleep()
        self._leave()
        return self._report(self._verdict())

    def stop(self) -> None:
        """Finish or give back what runs, take nothing more; also from a signal's handler."""
        self._stopping = True
        if self.bell:
            self.bell.ring()

    # ---- one turn ----

    def turn(self) -> None:
        """One round: show that we live, end what ended, look, take."""
        try:
            me, lookout = self._arrive()
            self._beat(me)
            self._runs.finish_ended(lookout)
            self._look(me, lookout)
            self._take(me, lookout)
            self._patience.succeeded()
        except DeclaredDead:
            self._start_anew()
        except (OSError, ShareUnreachable) as error:
            self._patience.failed(error)
            if self._lookout:
                self._lookout.look_again()

    def _arrive(self) -> tuple[Incarnation, Lookout]:
        """Our incarnation; a new one at the start and after others took over what we had."""
        if self._me is None or self._lookout is None:
            enter(self.desk)
            settings = self.desk.settings
            self._me = Incarnation(self.desk.inbox, settings.worker, settings.lease_seconds, self.desk.ticks, self._former)
            self._lookout = Lookout(self.desk, self._me)
            self.desk.log.info("WORKER_STARTED", worker=self._me.name, reports=self.desk.inbox.root, slots=settings.slots)
        return self._me, self._lookout

    def _beat(self, me: Incarnation) -> None:
        runs = self.launcher.progress()
        is_news = runs != me.shown and me.since_beat() > _PROGRESS_SHOWN
        if is_news or me.since_beat() >= self.desk.settings.heartbeat_seconds:
            me.beat(runs)
            self._runs.stop_answered(me)

    def _look(self, me: Incarnation, lookout: Lookout) -> None:
        if self.bell:
            lookout.waiting.told(self.bell.names(), me.now())
        if lookout.is_due():
            for held in lookout.own_leftovers(self._runs.files()):
                put_back(self.desk, me, held)
            lookout.look()
            if self.bell:
                self.bell.mend()
        if lookout.sweep_is_due():
            lookout.sweep(set(self._runs))
        self._cancel(me, lookout)

    def _cancel(self, me: Incarnation, lookout: Lookout) -> None:
        for _ in cancel_all(self.desk, me, lookout.waiting.cancels()):
            self._runs.stop_answered(me)
            self._beat(me)

    def _take(self, me: Incarnation, lookout: Lookout) -> None:
        failed: list[OSError] = []
        while self._may_take() and len(failed) < _FAILURES_OF_A_TURN:
            path = lookout.next_file()
            if path is None:
                break
            failed += self._take_one(lookout, path)
            self._runs.finish_ended(lookout)
            self._beat(me)
        if failed:
            raise failed[-1]

    def _take_one(self, lookout: Lookout, path: Path) -> list[OSError]:
        """One bad file never blocks the rest: it stands back, its error is kept, and the others are tried."""
        try:
            claim = consider(self.desk, lookout, path)
        except OSError as error:
            lookout.stand_back(path, self._patience.could_not())
            return [error]
        if claim:
            self._runs.start(claim)
            # Told after it is on its way: a log line costs as much as the claim.
            self.desk.log.info("REQUEST_CLAIMED", request=claim.request_id, attempt=claim.attempt, file=path.name)
        return []

    def _may_take(self) -> bool:
        """Asked before every file: a pause or a stop in the midst of thousands counts at once."""
        paused = paused_because(self.desk.inbox)
        if paused != self._paused:
            self.desk.log.info("WORKER_PAUSED" if paused else "WORKER_RESUMED", reason=paused)
        self._paused = paused
        return not paused and not self._stopping and self.launcher.free() > 0

    # ---- waiting, starting anew, leaving ----

    def _start_anew(self) -> None:
        """Others hold us for dead and took over what we had; or the share is away, and `_arrive` will say so."""
        with contextlib.suppress(OSError):
            if self.desk.inbox.disk.exists(self.desk.inbox.pending):
                former = self._me.name if self._me else ""
                self.desk.log.warning("WORKER_BURIED", worker=former, runs=len(self._runs), fix="starting anew")
        self._runs.abandon()
        self._former.update([self._me.name] if self._me else [])
        self._me = self._lookout = None

    def _sleep(self) -> None:
        wait([*self.launcher.waitables(), *([self.bell.connection] if self.bell else [])], timeout=self._seconds())

    def _seconds(self) -> float:
        if self._patience.failures or self._me is None or self._lookout is None:
            return self._patience.seconds()
        until_beat = self.desk.settings.heartbeat_seconds - self._me.since_beat()
        until_limits = _LIMITS_LOOKED_AT if self._runs else until_beat
        return max(0.0, min(until_beat, until_limits, self._lookout.seconds_to_next()))

    def _is_finished(self) -> bool:
        if self._patience.failures or self._runs or self._lookout is None:
            return False
        return self._paused is not None or self._lookout.found_nothing()

    def _leave(self) -> None:
        """Let runs finish within the grace, give the rest back, remove our folder."""
        self._stopping = True
        deadline = time.monotonic() + self.desk.settings.grace_seconds
        while self._runs and not self._patience.failures and time.monotonic() < deadline:
            self.turn()
            self._sleep()
        with contextlib.suppress(OSError):  # the share is away: our death is noticed by our silence
            self._runs.give_all_back()
            if self._lookout and not self._patience.failures:
                self._lookout.sweep(set())
        self.launcher.close()

    def _verdict(self) -> int:
        if self._patience.is_tried():
            return OPERATIONAL
        return TRY_LATER if self._paused else exit_code(self.statuses)

    def _report(self, rc: int) -> int:
        if self._me:
            with contextlib.suppress(OSError):
                self._me.leave()
        counts = " ".join(f"{status.lower()}={count}" for status, count in sorted(self.statuses.items()))
        self.desk.log.info("WORKER_STOPPED", answered=sum(self.statuses.values()), counts=counts or None, rc=rc)
        return rc


if __name__ == "__main__":
    from pc.service import main

    raise SystemExit(main())

"""The worker: claims requests as long as it can run them, shows that it lives, and ends every claim it made.

It exists so that a PC that may be asleep, killed or full at any moment still gives every request exactly one answer.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter, deque
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from inbox import Claim, DeclaredDead, Incarnation, give_back, given_back_path, paused_because
from outbox import is_answered
from pc.answer import tell_sealed
from pc.bell import Bell
from pc.desk import Desk, enter
from pc.launchers import Ending, Launcher
from pc.look import Lookout
from pc.patience import Patience
from pc.settle import cancel, settle, settle_own
from pc.take import answer_without_run, consider, put_back
from shared.errors import ShareUnreachable
from shared.outcome import OPERATIONAL, TRY_LATER, exit_code

_RETRIES_OF_A_DRAIN = 6
_LIMITS_LOOKED_AT = 0.25
_PROGRESS_SHOWN = 0.5


class Worker:
    """A worker over one reports folder: one incarnation, or several one after the other if it is buried in between."""

    def __init__(self, desk: Desk, launcher: Launcher, bell: Bell | None = None, patience: Patience | None = None) -> None:
        self.desk, self.launcher, self.bell = desk, launcher, bell
        self.statuses: Counter[str] = Counter()
        self._me: Incarnation | None = None
        self._lookout: Lookout | None = None
        self._runs: dict[str, Claim] = {}
        self._endings: deque[Ending] = deque()
        self._patience = patience or Patience(desk.inbox.root, desk.log)
        self._paused: str | None = None
        self._shown: list[dict[str, Any]] = []
        self._stopping = False

    # ---- the two ways to work ----

    def watch(self) -> int:
        """Work until told to stop."""
        while not self._stopping:
            self.launcher.warm()
            self.turn()
            self._sleep()
        return self._leave()

    def drain(self) -> int:
        """Take all that can be taken now, then leave."""
        while not self._stopping and not self._has_given_up():
            self.turn()
            if self._is_finished():
                break
            self._sleep()
        return self._leave()

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
            self._finish_ended(me)
            self._look(me, lookout)
            self._take(me, lookout)
            self._patience.succeeded()
        except DeclaredDead:
            self._start_anew()
        except (OSError, ShareUnreachable) as error:
            self._patience.failed(error)

    def _arrive(self) -> tuple[Incarnation, Lookout]:
        """Our incarnation; a new one at the start and after others took over what we had."""
        if self._me is None or self._lookout is None:
            enter(self.desk)
            settings = self.desk.settings
            self._me = Incarnation(self.desk.inbox, settings.worker, settings.lease_seconds, self.desk.ticks)
            self._lookout = Lookout(self.desk, self._me)
            self.desk.log.info("WORKER_STARTED", worker=self._me.name, reports=self.desk.inbox.root, slots=settings.slots)
        return self._me, self._lookout

    def _beat(self, me: Incarnation) -> None:
        runs = self.launcher.progress()
        if me.since_beat() >= self.desk.settings.heartbeat_seconds or (runs != self._shown and me.since_beat() > _PROGRESS_SHOWN):
            me.beat(runs)
            self._shown = runs
            self._stop_answered(me)

    def _stop_answered(self, me: Incarnation) -> None:
        """A run whose id was answered meanwhile (cancelled, or by another worker) is pointless."""
        answered = [claim for claim in self._runs.values() if is_answered(self.desk.outbox, claim.request_id)]
        # RACE: the answer may be the run's own, its message still on the way: only one that is not sealing is stopped.
        self._endings.extend(self.launcher.collect() if answered else ())
        sealing = {run["request_id"] for run in self.launcher.progress() if run["phase"] == "seal"}
        over = sealing | {ending.claim.request_id for ending in self._endings}
        for claim in answered:
            if claim.request_id not in over:
                self.launcher.stop(claim.request_id)
                del self._runs[claim.request_id]
                self.desk.log.info("RUN_STOPPED", request=claim.request_id, attempt=claim.attempt, why="answered meanwhile")
                settle(self.desk, me, claim.file, claim.asked)

    def _look(self, me: Incarnation, lookout: Lookout) -> None:
        if self.bell:
            lookout.waiting.told(self.bell.names(), me.now())
        if lookout.is_due():
            lookout.look()
            for held in lookout.own_leftovers({claim.file for claim in self._runs.values()}):
                put_back(self.desk, me, held)
            if self.bell:
                self.bell.mend()
        if lookout.sweep_is_due():
            lookout.sweep(set(self._runs))
        self._cancel(me, lookout)

    def _cancel(self, me: Incarnation, lookout: Lookout) -> None:
        for name in lookout.waiting.cancels():
            cancelled = cancel(self.desk, me, name)
            if cancelled:
                self.statuses["CANCELLED"] += 1
                self.desk.log.info("REQUEST_CANCELLED", request=cancelled)
                self._stop_answered(me)

    def _take(self, me: Incarnation, lookout: Lookout) -> None:
        self._notice_pause()
        while not self._paused and not self._stopping and self.launcher.free() > 0:
            path = lookout.next_file()
            if path is None:
                return
            self._take_one(lookout, path)
            self._finish_ended(me)

    def _take_one(self, lookout: Lookout, path: Path) -> None:
        try:
            taken = consider(self.desk, lookout, path)
        except OSError:
            # One bad file never blocks the rest: it stands back while the others are tried.
            lookout.stand_back(path, self._patience.failed_request())
            raise
        if isinstance(taken, Claim):
            self._runs[taken.request_id] = taken
            self.launcher.start(taken)
        elif taken:
            self._answered(taken)

    def _notice_pause(self) -> None:
        paused = paused_because(self.desk.inbox)
        if paused != self._paused:
            self.desk.log.info("WORKER_PAUSED" if paused else "WORKER_RESUMED", reason=paused)
        self._paused = paused

    # ---- how runs end ----

    def _finish_ended(self, me: Incarnation) -> None:
        self._endings.extend(self.launcher.collect())
        while self._endings:
            # An ending stays first in line until all its steps are done: each may be done twice, none may be left out.
            self._finish(me, self._endings[0])
            ending = self._endings.popleft()
            self._runs.pop(ending.claim.request_id, None)
            if self._lookout:
                self._lookout.run_ended()
            if isinstance(ending.error, ShareUnreachable):
                raise ending.error

    def _finish(self, me: Incarnation, ending: Ending) -> None:
        claim = ending.claim
        if isinstance(ending.error, ShareUnreachable):
            self._give_back(claim)
            if self._lookout:
                self._lookout.stand_back(given_back_path(self.desk.inbox, claim), self._patience.failed_request())
        elif ending.error:
            status = answer_without_run(self.desk, me, claim, ending.error, ending.log)
            if status:
                self._answered(status)
        elif ending.sealed and ending.sealed.ours:
            settle_own(self.desk, claim)
            self._answered(ending.sealed.status)
            tell_sealed(self.desk, claim, ending.sealed, (me.now() - claim.claimed_at) * 1000)
        elif is_answered(self.desk.outbox, claim.request_id):
            settle(self.desk, me, claim.file, claim.asked)

    def _answered(self, status: str) -> None:
        self.statuses[status] += 1
        self._patience.answered()

    def _give_back(self, claim: Claim) -> None:
        give_back(self.desk.inbox, claim.file, claim.request_id, claim.attempt)
        self.desk.log.info("REQUEST_GIVEN_BACK", request=claim.request_id, attempt=claim.attempt)

    def _start_anew(self) -> None:
        """Others hold us for dead and took over what we had; or the share is away, and `_arrive` will say so."""
        self.desk.log.warning(
            "WORKER_BURIED", worker=self._me.name if self._me else "", runs=len(self._runs), fix="starting anew"
        )
        for request_id in self._runs:
            self.launcher.stop(request_id)
        self._runs, self._endings = {}, deque()
        self._me = self._lookout = None

    # ---- waiting and leaving ----

    def _sleep(self) -> None:
        wait([*self.launcher.waitables(), *([self.bell.connection] if self.bell else [])], timeout=self._seconds())

    def _seconds(self) -> float:
        if self._patience.failures or self._me is None or self._lookout is None:
            return self._patience.seconds()
        until_beat = self.desk.settings.heartbeat_seconds - self._me.since_beat()
        until_limits = _LIMITS_LOOKED_AT if self._runs else until_beat
        return max(0.0, min(until_beat, until_limits, self._lookout.seconds_to_next()))

    def _has_given_up(self) -> bool:
        return max(self._patience.failures, self._patience.fruitless) > _RETRIES_OF_A_DRAIN

    def _is_finished(self) -> bool:
        if self._patience.failures or self._runs or self._lookout is None:
            return False
        return self._paused is not None or self._lookout.found_nothing()

    def _leave(self) -> int:
        """Let runs finish within the grace, give the rest back, remove our folder."""
        self._stopping = True
        deadline = time.monotonic() + self.desk.settings.grace_seconds
        while self._runs and not self._patience.failures and time.monotonic() < deadline:
            self.turn()
            self._sleep()
        with contextlib.suppress(OSError):  # the share is away: our death is noticed by our silence
            for claim in self._runs.values():
                self.launcher.stop(claim.request_id)
                self._give_back(claim)
            if self._lookout and not self._patience.failures:
                self._lookout.sweep(set())
        self.launcher.close()
        return self._report()

    def _report(self) -> int:
        rc = (
            OPERATIONAL
            if self._patience.failures or self._patience.fruitless
            else TRY_LATER
            if self._paused
            else exit_code(self.statuses)
        )
        if self._me:
            with contextlib.suppress(OSError):
                self._me.leave()
        counts = " ".join(f"{status.lower()}={count}" for status, count in sorted(self.statuses.items()))
        self.desk.log.info("WORKER_STOPPED", answered=sum(self.statuses.values()), counts=counts or None, rc=rc)
        return rc


if __name__ == "__main__":
    from pc.service import main

    raise SystemExit(main())

"""The claims that run: from the launch to the settled answer, or back to everybody.

It exists so that every claim ends, and each way to end stands beside the others.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path

from inbox import GIVEN_BACK, STOPPED, Claim, NotNow, give_back
from outbox import drop_draft, is_answered
from pc.desk import Desk
from pc.launchers import Ending, Launcher
from pc.patience import Patience
from pc.settle import answer_without_run, conclude, settle
from pc.shift import Shift
from shared.errors import RelayError, ShareUnreachable


class Runs:
    """What a worker has running, and what came of what ran."""

    def __init__(self, desk: Desk, launcher: Launcher, patience: Patience) -> None:
        self._desk, self._launcher, self._patience = desk, launcher, patience
        self._claims: dict[str, Claim] = {}
        self._endings: deque[Ending] = deque()

    def __len__(self) -> int:
        return len(self._claims)

    def __iter__(self) -> Iterator[str]:
        return iter(self._claims)

    def files(self) -> set[Path]:
        """The request files that belong to a run."""
        return {claim.file for claim in self._claims.values()}

    def start(self, claim: Claim) -> None:
        """Launch it; never without a claim."""
        self._claims[claim.request_id] = claim
        try:
            self._launcher.start(claim)
        except OSError as error:  # no more processes or open files here: a claim without a run would be nobody's
            self._endings.append(Ending(claim, ShareUnreachable("starting a run", str(error), "it is tried again")))

    def finish_ended(self, shift: Shift) -> None:
        """Settle what ended. An ending stays first in line until all its steps are done: each may be done twice."""
        self._endings.extend(self._launcher.collect())
        while self._endings:
            self.finish(shift, self._endings[0])
            ending = self._endings.popleft()
            self._claims.pop(ending.claim.request_id, None)
            shift.run_ended()
            if isinstance(ending.came, ShareUnreachable):
                raise ending.came

    def finish(self, shift: Shift, ending: Ending) -> None:
        """All the steps of one ending."""
        claim, came, log = ending
        if isinstance(came, ShareUnreachable):
            returned = self._give_back(claim, GIVEN_BACK, came.in_short)
            shift.put_off(returned, self._patience.could_not(), NotNow.TROUBLE)
        elif isinstance(came, RelayError):
            answer_without_run(shift, claim, came, log)
        else:
            conclude(shift, claim, came)

    def stop_answered(self, shift: Shift) -> None:
        """A run whose id was answered meanwhile (cancelled, or by another worker) is pointless."""
        answered = [claim for claim in self._claims.values() if is_answered(self._desk.outbox, claim.request_id)]
        # RACE: the answer may be the run's own, its message still on the way: only one that is not sealing is stopped.
        self._endings.extend(self._launcher.collect() if answered else ())
        over = {run.request_id for run in self._launcher.progress() if run.phase == "seal"}
        over |= {ending.claim.request_id for ending in self._endings}
        for claim in answered:
            if claim.request_id not in over:
                self._launcher.stop(claim.request_id)
                del self._claims[claim.request_id]
                self._desk.log.about(**claim.facts).info("RUN_STOPPED", why="answered meanwhile")
                settle(shift, claim.file, claim.asked)

    def give_all_back(self) -> None:
        """Unfinished, to everybody."""
        for claim in list(self._claims.values()):
            self._launcher.stop(claim.request_id)
            drop_draft(self._desk.outbox, claim.request_id, claim.attempt)
            self._give_back(claim, STOPPED, "the worker stops")
            del self._claims[claim.request_id]

    def abandon(self) -> None:
        """They are somebody else's now: just end them."""
        for request_id in self._claims:
            self._launcher.stop(request_id)
        self._claims, self._endings = {}, deque()

    def _give_back(self, claim: Claim, ended: str, why: str) -> Path:
        returned = give_back(self._desk.inbox, claim.held, ended)
        self._desk.log.about(**claim.facts).info("REQUEST_GIVEN_BACK", why=why)
        return returned

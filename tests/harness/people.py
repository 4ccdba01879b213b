"""Workers of a test that take single steps: claim, run, seal, die.

It exists so that a test can stand two of them anywhere on the road.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Optional

import inbox
from inbox import Claim, Incarnation
from pc.answer import perform
from pc.desk import Desk, open_desk
from pc.ending import Sealed
from pc.given import Given
from pc.patience import Patience
from pc.settle import conclude
from pc.shift import Shift
from pc.take import consider
from shared.disk import Disk
from shared.events import Log
from tests.harness.road import Road

NO_SUCH_PID = 2**22 + 12345


class Person:
    """One worker, moved by hand."""

    def __init__(self, road: Road, name: str = "worker", disk: Optional[Disk] = None) -> None:
        self.road = road
        self.desk: Desk = open_desk(road.settings, Log(quiet=True), disk or road.disk)
        self.me = Incarnation(self.desk.inbox, name, road.settings.lease_seconds)
        self.shift = Shift(self.desk, self.me, Given(self.desk.log, Patience(self.desk)))

    def take(self, path: Path) -> Optional[Claim]:
        """Consider that file as a worker does; the claim if it is to be run."""
        return consider(self.shift, path)

    def take_next(self) -> Optional[Claim]:
        """Look, and take the most urgent."""
        self.shift.look()
        path = self.shift.next_file()
        return self.take(path) if path else None

    def run(self, claim: Claim) -> Sealed:
        """Run and seal."""
        return perform(self.desk, claim, lambda phase, percent: None)

    def answer(self, claim: Claim) -> Sealed:
        """Run, seal, settle, sweep."""
        sealed = self.run(claim)
        assert sealed.ours
        conclude(self.shift, claim, sealed)
        return sealed

    def give_back(self, claim: Claim) -> None:
        """Unfinished, to everybody."""
        inbox.give_back(self.desk.inbox, claim.held)

    def die(self) -> None:
        """As if the process were killed: its pid is nobody's now."""
        alive = self.me.folder / inbox.ALIVE
        content = json.loads(alive.read_bytes())
        alive.write_text(json.dumps({**content, "pid": NO_SUCH_PID}))

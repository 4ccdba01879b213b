"""Two machines for tests: a NAS and a PC, each with a reports folder of its own, and a carrier between them.

It exists so that a test of the road says `nas.sync()` and `pc.sync()` as cron and a person do.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, Optional

import pytest

import outbox
from nas.desk import Desk
from nas.sync import side_of
from shared.disk import Disk
from shared.events import Log
from shared.sync import one_round
from shared.trips import Trip
from tests.harness.road import Road
from tests.harness.servers import require


class Nas(Road):
    """The side where requests are made and answers are published."""

    def sync(self, disk: Optional[Disk] = None) -> Trip:
        """One round, in this process."""
        return nas_round(desk_of(self, disk or self.disk), Log(quiet=True))


class Pc(Road):
    """The side where workers run."""

    def sync(self, disk: Optional[Disk] = None) -> Trip:
        """One round, in this process; none where another one runs."""
        if sys.version_info < (3, 11):
            pytest.skip("pc sync is the PC's, which has Python 3.11 or newer")
        from pc.desk import open_desk
        from pc.sync import side_of as pc_side_of

        trip = one_round(pc_side_of(open_desk(self.settings, Log(quiet=True), disk or self.disk)))
        assert trip is not None
        return trip


class TwoSides:
    """Both, and nothing between them but what is carried."""

    def __init__(self, home: Path, data: Path, nas: Dict[str, Any], pc: Dict[str, Any]) -> None:
        for machine in ("nas", "pc"):
            (home / machine / "data").mkdir(parents=True, exist_ok=True)
        if not (home / "pc" / "data" / "prices").is_symlink():
            (home / "pc" / "data" / "prices").symlink_to(data / "prices")
        self.nas = Nas(home / "nas" / "reports", home / "nas" / "data", **{**_own(home / "nas"), "worker": "nas", **nas})
        self.pc = Pc(home / "pc" / "reports", home / "pc" / "data", **{**_own(home / "pc"), "worker": "pc-1", **pc})

    def settle(self, rounds: int = 3) -> None:
        """What time does: each side syncs and works, whoever carries, until there is nothing to do."""
        for _ in range(rounds):
            self.nas.sync()
            self.pc.sync()
            self.pc.drain()
            self.pc.sync()
            self.nas.sync()

    def manifest(self, request_id: str) -> Dict[str, Any]:
        """What the NAS shows of it, verified."""
        return outbox.verify(self.nas.outbox, request_id)


def _own(home: Path) -> Dict[str, Any]:
    return {name: home / name for name in ("archive", "backtests", "private")}


def nas_round(desk: Desk, log: Log) -> Trip:
    """One round of the NAS's sync, without a word about a silent PC."""
    trip = one_round(side_of(desk, log)._replace(afterwards=lambda: None))
    assert trip is not None
    return trip


def desk_of(side: Road, disk: Disk) -> Desk:
    """The NAS's desk over that folder."""
    import inbox

    return Desk(inbox.open_inbox(side.root, disk), outbox.open_outbox(side.root, disk), side.settings, disk)


def by_git(home: Path, data: Path) -> TwoSides:
    """Both reach one repository, and neither the other."""
    require("git")
    repository = home / "answers.git"
    if not repository.exists():
        subprocess.run(["git", "init", "--quiet", "--bare", str(repository)], check=True)
    asked = {"carrier": "git", "there": str(repository)}
    return TwoSides(home, data, nas=asked, pc=asked)


def nas_pulls(home: Path, data: Path, carrier: str = "same_folder", there: str = "", **changes: Any) -> TwoSides:
    """The NAS does the carrying."""
    asked = {"carrier": carrier, "there": there or str(home / "pc" / "reports"), **changes}
    return TwoSides(home, data, nas=asked, pc={"carrier": "rsync"})


def pc_pushes(home: Path, data: Path, carrier: str = "same_folder", there: str = "", **changes: Any) -> TwoSides:
    """The PC does the carrying; the NAS only takes in what was brought."""
    asked = {"carrier": carrier, "there": there or str(home / "nas" / "reports"), **changes}
    return TwoSides(home, data, nas={"carrier": "rsync"}, pc=asked)

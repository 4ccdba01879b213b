"""Two machines and the prices that travel between them: sealed files of any bytes, which the road takes as they are.

It exists so that a test of the price cache says `seal`, `carry`, `in_use` on the Python of either machine.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple

from shared import cache
from shared.cache import Index, Made, Road, Shelf
from shared.disk import Disk
from shared.errors import RelayError
from shared.events import Log
from tests.harness.road import settings_for

PC = "pc"  # a word that keeps a test from the NAS's Python
CLOSE, VOLUME = b"close of one day" * 400, b"volume"
ABOUT = b'{"synthetic": false, "symbols": ["069500"]}'
FIRST_VERSION: Dict[str, bytes] = {"close.npy": CLOSE, "volume.npy": VOLUME, "about.json": ABOUT}
NEXT_VERSION: Dict[str, bytes] = {**FIRST_VERSION, "close.npy": CLOSE + b"and of the next"}


class Machine:
    """One side with a data folder of its own."""

    def __init__(self, home: Path, side: str, **changes: Any) -> None:
        self.side, self.home = side, home / side
        (self.home / "data").mkdir(parents=True, exist_ok=True)
        self.settings = settings_for(self.home / "reports", self.home / "data", worker=side, prices="local", **changes)
        self.disk = Disk(self.settings.durable, patience=0.0)
        self.heard: List[str] = []
        self.today: Callable[[], date] = lambda: date(2026, 11, 22)  # as its clock tells it

    @property
    def shelf(self) -> Shelf:
        """Its prices."""
        return cache.shelf_of(self.disk, self.settings.data)

    def draft(self, files: Dict[str, bytes]) -> Path:
        """These files, written and not sealed."""
        draft = self.shelf.folder / ".draft.tmp"
        draft.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (draft / name).write_bytes(data)
        return draft

    def seal(self, last: str, files: Optional[Dict[str, bytes]] = None, disk: Optional[Disk] = None) -> Index:
        """A new version of these files, made here."""
        cache.say_side(self.disk, self.settings, self.side)
        draft = self.draft(FIRST_VERSION if files is None else files)
        return self.seal_draft(draft, last, disk)

    def seal_draft(self, draft: Path, last: str, disk: Optional[Disk] = None) -> Index:
        """Only the sealing."""
        made = Made(self.side, "2016-01-04", last, 1)
        # By this machine's own clock, wrong as it may be, that day is today.
        return cache.seal(cache.shelf_of(disk or self.disk, self.settings.data), draft, made, lambda: date.fromisoformat(last))

    def carry(self, disk: Optional[Disk] = None, can_reach: bool = True) -> List[RelayError]:
        """One round, as after a sync."""
        log = Log(quiet=True, hears=lambda level, event, facts: self.heard.append(event))
        road = Road(self.settings, self.side, self.settings.worker, disk or self.disk, log, today=self.today)
        return cache.carry_prices(road, can_reach)

    def in_use(self) -> Optional[Dict[str, bytes]]:
        """The version a reader would read, each file compared with its index; None where there is none."""
        index = cache.read_index(self.shelf)
        if index is None:
            return None
        for shard in index.shards:
            assert cache.is_sound(self.disk, self.shelf.shards / shard.file, shard, {}), f"{shard.name} is not whole"
        return {shard.name: (self.shelf.shards / shard.file).read_bytes() for shard in index.shards}

    def why(self) -> Optional[str]:
        """What keeps newer prices away, as status says it."""
        seen = cache.prices_seen(self.disk, self.settings, self.side)
        return seen.why if seen else None

    def change(self, **changes: Any) -> None:
        """Other settings from now on."""
        self.settings = self.settings.model_copy(update=changes)


class PriceSides:
    """Both: the NAS, and the PC that runs backtests."""

    def __init__(self, home: Path, nas: Dict[str, Any], pc: Dict[str, Any]) -> None:
        self.home, self.nas, self.runner = home, Machine(home, "nas", **nas), Machine(home, PC, **pc)

    def by_source(self, source: str) -> "Tuple[Machine, Machine]":
        """The side that fetches, then the other."""
        return (self.runner, self.nas) if source == PC else (self.nas, self.runner)

    def settle(self, rounds: int = 3) -> None:
        """What time does."""
        for _ in range(rounds):
            self.runner.carry()
            self.nas.carry()


def nas_carries(home: Path, carrier: str = "same_folder", **both: Any) -> PriceSides:
    """The NAS reaches the PC's data folder."""
    asked = {"carrier": carrier, "there_data": str(home / "pc" / "data")}
    return PriceSides(home, nas={**asked, **both}, pc={"carrier": "rsync", **both})


def pc_carries(home: Path, carrier: str = "same_folder", **both: Any) -> PriceSides:
    """The PC reaches the NAS's data folder."""
    asked = {"carrier": carrier, "there_data": str(home / "nas" / "data")}
    return PriceSides(home, nas={"carrier": "rsync", **both}, pc={**asked, **both})


def both_carry(home: Path, carrier: str = "same_folder", **both: Any) -> PriceSides:
    """Each reaches the other's."""
    nas = {"carrier": carrier, "there_data": str(home / "pc" / "data"), **both}
    return PriceSides(home, nas=nas, pc={**nas, "there_data": str(home / "nas" / "data")})

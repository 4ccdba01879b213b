"""One side's way to the other: what every step of carrying prices needs.

It exists so that the side that carries and the side that takes in speak of the same shelf, and tell the same line.
"""

from __future__ import annotations

from datetime import date
from typing import Callable, List, NamedTuple

from shared.cache.index import Index, Shard, this_day
from shared.cache.shelf import Shelf, shelf_of
from shared.config import Settings
from shared.disk import Disk
from shared.events import Log

ARRIVING = ".arriving-prices-"  # so begins what one machine lets arrive at the other


class Road(NamedTuple):
    """One side's way to the other, as this sync has it."""

    settings: Settings
    side: str
    who: str  # its name over there: several may send
    disk: Disk
    log: Log
    today: Callable[[], date] = this_day

    @property
    def shelf(self) -> Shelf:
        """What is carried."""
        return shelf_of(self.disk, self.settings.data)

    @property
    def is_source(self) -> bool:
        """Whether this side is the one that fetches."""
        return self.settings.prices_from == self.side

    def tell_carried(self, way: str, index: Index, new: List[Shard]) -> None:
        """One line when a version was."""
        facts = {"origin": index.origin, "last": index.last, "shards": len(new), "bytes": sum(shard.bytes for shard in new)}
        self.log.info("PRICES_CARRIED", way=way, **facts)

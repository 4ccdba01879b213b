"""One side's way to the other: what every step of carrying prices needs, and the words it is told in.

It exists so that the side that carries and the side that takes in tell the same things alike.
"""

from __future__ import annotations

import contextlib
from typing import Dict, List, NamedTuple, Optional

from shared.cache.arrival import Landing, is_refused
from shared.cache.failures import PricesDamaged
from shared.cache.index import Index, Shard
from shared.cache.shelf import Shelf, believed_index, shelf_of
from shared.config import Settings
from shared.disk import Disk
from shared.events import Log

ARRIVING = ".arriving-prices-"


class Road(NamedTuple):
    """One side's way to the other, as this sync has it."""

    settings: Settings
    side: str
    who: str  # its name over there: several may deliver
    disk: Disk
    log: Log

    @property
    def shelf(self) -> Shelf:
        """What is carried."""
        return shelf_of(self.disk, self.settings.data)

    @property
    def is_source(self) -> bool:
        """Whether this side is the one that fetches."""
        return self.settings.prices_from == self.side


def delivered_index(landing: Landing) -> Optional[Index]:
    """What was delivered, where it can be believed."""
    with contextlib.suppress(FileNotFoundError, PricesDamaged):
        return landing.delivered()
    return None


def is_in_use(road: Road, theirs: Index) -> bool:
    """Whether that very version is."""
    ours = believed_index(road.shelf)
    return bool(ours and ours.digest == theirs.digest)


def is_settled(road: Road, theirs: Index) -> bool:
    """Whether there is nothing to do about it: it is in use, or was refused for good."""
    return is_in_use(road, theirs) or is_refused(road.shelf, theirs)


def damaged_twice(road: Road, wrong: Dict[str, str]) -> PricesDamaged:
    """Of a version that is refused from now on."""
    fix = "what is in use stays; seal the prices again on the side that fetches them"
    return PricesDamaged(f"bringing prices into {road.shelf.folder}", f"{listed(wrong)}, fetched twice", fix)


def listed(wrong: Dict[str, str]) -> str:
    """The first three, and how many more."""
    shown = [f"{name}: {why}" for name, why in sorted(wrong.items())[:3]]
    return "; ".join(shown) + (f" and {len(wrong) - 3} more" if len(wrong) > 3 else "")


def tell_carried(road: Road, way: str, index: Index, new: List[Shard]) -> None:
    """One line when a version was."""
    facts = {"origin": index.origin, "last": index.last, "shards": len(new), "bytes": sum(shard.bytes for shard in new)}
    road.log.info("PRICES_CARRIED", way=way, **facts)

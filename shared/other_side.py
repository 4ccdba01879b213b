"""The other side's folder as one look at it shows it.

It exists so that a round asks once over the wire, and everything else is decided here from names.
"""

from __future__ import annotations

from typing import List, NamedTuple, Optional, Set

from shared.carriers import Carrier, CarryBroken, open_carrier
from shared.config import Settings
from shared.disk import Disk
from shared.own_sign import is_ours, looking
from shared.trips import Trip

_SIGNS = "signs"
_LOOKED_AT = ("pending/*", "running/*/*", "done/*/manifest.json", "received/*", "aside/*/", f"{_SIGNS}/*")


class OtherSide(NamedTuple):
    """The way there, and the names that lie there; no carrier where the other side does the carrying, or cannot be reached."""

    carrier: Optional[Carrier]
    names: List[str]

    def under(self, folder: str) -> Set[str]:
        """What lies directly in that folder, folders without their slash."""
        inside = (name[len(folder) + 1 :].rstrip("/") for name in self.names if name.startswith(f"{folder}/"))
        return {name for name in inside if name and "/" not in name}

    def answers(self) -> Set[str]:
        """The ids with an answer there: a folder without a manifest is none."""
        found = (name.split("/") for name in self.ending("done", "manifest.json"))
        return {parts[1] for parts in found if len(parts) == 3}

    def ending(self, folder: str, last: str) -> List[str]:
        """The files of that name anywhere below that folder."""
        return [name for name in self.names if name.startswith(f"{folder}/") and name.endswith(f"/{last}")]


def look_over(settings: Settings, who: str, disk: Disk, trip: Trip) -> OtherSide:
    """One look by `who`; what keeps us from it is kept in the trip."""
    if settings.there:
        with trip.going_on():
            carrier = open_carrier(settings, settings.there, who, disk)
            return OtherSide(carrier, names_there(settings, disk, carrier))
    return OtherSide(None, [])


def names_there(settings: Settings, disk: Disk, carrier: Carrier) -> List[str]:
    """What lies in the other side's reports folder; one of the failures where it cannot be seen, or is our own."""
    with looking(disk, settings.reports / _SIGNS) as sign:
        names = carrier.names(*_LOOKED_AT)
    if f"{_SIGNS}/{sign}" in names:
        raise is_ours(settings.there, settings.reports)
    _require_queue(settings.there, names)
    return names


def _require_queue(address: str, names: List[str]) -> None:
    """A folder that was not mounted there must never be taken for an empty queue."""
    if "pending/" not in names:
        fix = "mount it there, or correct `there`; a new queue is made by `python -m nas init` on that side"
        raise CarryBroken(f"looking at {address}", "there is no folder `pending` in it", fix)

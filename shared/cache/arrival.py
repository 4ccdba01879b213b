"""Prices that arrived from the other side: believed shard by shard, and only all together.

It exists because a version counts here only once every byte of it agrees with its index, however it came.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Tuple

from shared.cache.failures import PricesBusy, PricesDamaged, PricesDisputed, PricesOlder, PricesSynthetic
from shared.cache.index import INDEX, Index, Shard, index_from, is_ahead
from shared.cache.notes import REFUSED, damaged_twice, doubt, is_doubted, is_settled, listed, put_off, refuse
from shared.cache.origin import SIDE, hear
from shared.cache.road import ARRIVING, Road
from shared.cache.shelf import Shelf, believed_index, bring_into_use, distrust, is_in_use, is_sound, lacking, place
from shared.kept import facts_in

_NOT_COME = "it did not come"
_ARRIVED = ".arrived"
_ABOUT = "about.json"
_LARGEST = 1 << 24


class Arrival(NamedTuple):
    """What came, laid out as a data folder. Nothing in it is believed."""

    shelf: Shelf
    root: Path

    @property
    def folder(self) -> Path:
        """Of this provider."""
        return self.root / "prices" / self.shelf.provider

    def shard(self, shard: Shard) -> Path:
        """Where that shard lies if it came."""
        return self.folder / "shards" / shard.file

    def read_index(self) -> Index:
        """Of what came; FileNotFoundError where none did, PricesDamaged where it cannot be believed."""
        path = self.folder / INDEX
        index = index_from(self.shelf.disk.read(path, _LARGEST).data, f"reading the index in {self.root}")
        if index.provider != self.shelf.provider:
            raise PricesSynthetic(f"reading the index in {self.root}", f"it is of {index.provider!r} prices", "seal real ones")
        return index

    def believed_index(self) -> Optional[Index]:
        """The same; None as well where it cannot be believed."""
        with contextlib.suppress(FileNotFoundError, PricesDamaged):
            return self.read_index()
        return None

    def unlink(self) -> None:
        """Away with every link that stands for a folder of it: through one, what is in use here would be cleared for what
        came."""
        for folder in (self.root, self.root / "prices", self.folder, self.folder / "shards"):
            if not self.shelf.disk.is_folder(folder):
                self.shelf.disk.remove(folder)

    def clear(self) -> None:
        """Away with what came."""
        self.shelf.disk.remove_tree(self.folder)


def arrivals(road: Road) -> List[Arrival]:
    """What the other side sent here, one for each machine that sends."""
    data = road.settings.data
    return [Arrival(road.shelf, data / name) for name in sorted(road.disk.names(data)) if name.startswith(ARRIVING)]


def take_in(road: Road, arrival: Arrival) -> None:
    """Bring what came into use. Damaged, it may be sent once more; refused, it lies there, so that it is not sent again."""
    arrival.unlink()
    hear(road.disk, road.settings.data, arrival.root / "prices" / SIDE)
    try:
        index = arrival.read_index()
    except FileNotFoundError:
        return
    except PricesDamaged:
        road.disk.remove(arrival.folder / INDEX)  # then it is sent again
        raise
    if road.is_source:
        arrival.clear()
        raise _of_two_sources(road, index)
    if is_in_use(road.shelf, index):
        arrival.clear()
    if not is_settled(road.shelf, index, road.today()):
        refuse_ahead(road, index)
        _admit_or_ask_again(road, arrival, index)


def refuse_ahead(road: Road, index: Index) -> None:
    """Prices of days to come are refused as long as they are: nothing real would be newer."""
    if is_ahead(index.last, road.today()):
        wrong = {INDEX: f"its last day, {index.last}, is yet to come"}
        put_off(road.shelf, index, wrong)
        fix = "what is in use stays; is the clock right on both sides? seal real prices on the side that fetches them"
        raise PricesDamaged(f"bringing prices into {road.shelf.folder}", listed(wrong), fix)


def admit(arrival: Arrival, index: Index) -> Dict[str, str]:
    """Bring that version into use where all of it came whole; else what is wrong with which shard, and nothing changes."""
    shelf = arrival.shelf
    with shelf.alone():
        before, fresh = believed_index(shelf), _came(arrival, index)
        wrong = {shard.name: why for shard, _, why in fresh if why}
        if before and wrong:
            distrust(shelf, before, {shard.file for shard, _, _ in fresh})
        if not wrong:
            require_newer(shelf, index)
            _refuse_made_up(shelf, [(shard, path) for shard, path, _ in fresh])
            place(shelf, [(shard, path) for shard, path, _ in fresh])
            bring_into_use(shelf, index, before)
            shelf.disk.remove_tree(shelf.folder / _ARRIVED)
            shelf.disk.remove(shelf.folder / REFUSED)
    return wrong


def require_newer(shelf: Shelf, theirs: Index) -> None:
    """PricesOlder where what is in use here is not older than that; and where somebody put prices here by hand."""
    ours = believed_index(shelf)
    doing = f"bringing prices into {shelf.folder}"
    if ours is None and any(map(_is_by_hand, shelf.disk.names(shelf.folder))):
        raise PricesOlder(doing, "prices that nobody carried lie there", "move them away, and they are replaced by the next sync")
    if ours and not theirs.is_newer_than(ours):
        found = f"{_said(theirs)} would replace {_said(ours)}"
        fix = f"is `prices_from` right on both sides? to take theirs all the same, remove {shelf.folder / INDEX}"
        raise PricesOlder(doing, found, fix)


def _is_by_hand(name: str) -> bool:
    """A panel somebody wrote there, or a file somebody dropped."""
    return name == _ABOUT or name.lower().endswith((".parquet", ".csv"))


def _admit_or_ask_again(road: Road, arrival: Arrival, index: Index) -> None:
    new = lacking(road.shelf, index.shards)
    wrong = admit(arrival, index)
    if not wrong:
        arrival.clear()
        road.tell_carried("from there", index, new)
    elif is_doubted(road.shelf, index) and _NOT_COME not in wrong.values():
        refuse(road.shelf, index, wrong)
        raise damaged_twice(road.shelf, wrong)
    else:
        _ask_again(road, arrival, index, wrong)


def _ask_again(road: Road, arrival: Arrival, index: Index, wrong: Dict[str, str]) -> None:
    """The index goes, and goes for good before the doubt is noted: one arrival is never counted twice."""
    road.disk.remove(arrival.folder / INDEX)
    road.disk.flush_folder(arrival.folder)
    if _NOT_COME not in wrong.values():
        doubt(road.shelf, index, wrong)
    fix = f"it is sent again; if this goes on, remove {road.shelf.folder / INDEX}: then all of it is"
    raise PricesBusy("taking in prices", listed(wrong), fix)


def _of_two_sources(road: Road, index: Index) -> PricesDisputed:
    found = f"the other side sent prices of its own, up to {index.last}"
    fix = "set prices_from to the same side on both, RELAY_PRICES_FROM or configs/relay.yaml; then sync"
    return PricesDisputed(f"taking in prices on the {road.side}, which fetches them itself", found, fix)


def _came(arrival: Arrival, index: Index) -> List[Tuple[Shard, Path, str]]:
    """Each shard that is new here where nobody else writes, and what is wrong with it."""
    shelf, own = arrival.shelf, arrival.shelf.folder / _ARRIVED
    shelf.disk.ensure_folder(own)
    return [(shard, own / shard.file, _wrong_with(arrival, shard, own / shard.file)) for shard in lacking(shelf, index.shards)]


def _wrong_with(arrival: Arrival, shard: Shard, mine: Path) -> str:
    # RACE: it is moved before it is read: the other side may deliver the same name again between our look and our move.
    disk, came = arrival.shelf.disk, arrival.shard(shard)
    if disk.exists(came):
        disk.remove_tree(mine)
        disk.move(came, mine)
    if is_sound(disk, mine, shard, {}):
        return ""
    if not disk.exists(mine):
        return _NOT_COME
    disk.remove_tree(mine)
    return "it is not what the index says"


def _refuse_made_up(shelf: Shelf, fresh: List[Tuple[Shard, Path]]) -> None:
    if any(shard.name == _ABOUT and not _is_real(shelf.disk.read(path).data) for shard, path in fresh):
        raise PricesSynthetic(f"bringing prices into {shelf.folder}", "they are made up", "seal real ones over there")


def _is_real(about: bytes) -> bool:
    """Only what says so outright."""
    return facts_in(about).get("synthetic") is False


def _said(index: Index) -> str:
    return f"prices up to {index.last} from {index.origin}, made {index.made_at[:19]}"

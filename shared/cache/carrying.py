"""Carrying prices by this side: to the other where we fetch them, from the other where it does.

It exists so that either machine may do the carrying, or both at once, and only news moves.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Dict, List

from shared.cache.arrival import Landing, admit, lacking, refuse, require_newer
from shared.cache.failures import PricesDamaged, PricesOlder
from shared.cache.index import INDEX, Shard
from shared.cache.origin import SIDE, disputed, hear, heard, say_side
from shared.cache.shelf import PROVIDER, Shelf, is_in_place, read_index
from shared.cache.way import ARRIVING, Road, damaged_twice, delivered_index, is_settled, listed, tell_carried
from shared.carriers import Carrier, open_carrier
from shared.disk import Disk

_PULLED = ".pulled-prices"
_OF_SHELF = f"prices/{PROVIDER}"


def go_there(road: Road, can_reach: bool) -> None:
    """Say which side we are, hear which it is, and move what is news. What fails is raised."""
    settings, landing = road.settings, Landing(road.shelf, road.settings.data / _PULLED)
    said, waiting = say_side(road.disk, settings, road.side), f"{ARRIVING}{road.who}"
    if not (settings.there_data and can_reach):
        return
    carrier = open_carrier(settings, settings.there_data, road.who, road.disk)
    small = [f"prices/{SIDE}", f"{_OF_SHELF}/{INDEX}", f"{waiting}/prices/{SIDE}", f"{waiting}/{_OF_SHELF}/{INDEX}"]
    for name in small:
        road.disk.remove(landing.root / name)
    carrier.bring(small, landing.root)
    hear(road.disk, settings.data, landing.root / "prices" / SIDE)
    if _holds(road.disk, landing.root / waiting / "prices" / SIDE) != said:
        carrier.landing(waiting).send([f"prices/{SIDE}"], settings.data)
    dispute = disputed(settings, road.side, heard(road.disk, settings.data))
    if dispute:
        raise dispute
    if road.is_source:
        _send(road, carrier, landing)
    else:
        _bring(road, carrier, landing)


def _send(road: Road, carrier: Carrier, landing: Landing) -> None:
    """What the other side lacks, then the index: it lands beside what is in use there, and is taken in by that side's sync."""
    waiting, ours, theirs = f"{ARRIVING}{road.who}", read_index(road.shelf), delivered_index(landing)
    if ours is None or (theirs and theirs.digest == ours.digest):
        return
    there = delivered_index(Landing(road.shelf, landing.root / waiting))
    if there and there.digest == ours.digest:
        return  # it lies there already, and that side has not looked yet
    if theirs and not ours.is_newer_than(theirs):
        found = f"up to {ours.last} here, up to {theirs.last} from {theirs.origin} there"
        fix = "is `prices_from` right on both sides? to send ours all the same, remove prices/local/index.json over there"
        raise PricesOlder("sending prices", found, fix)
    new = [shard for shard in ours.shards if not theirs or shard.file not in theirs.files]
    _require_sound(road.shelf, new)
    out = carrier.landing(waiting)
    out.send([f"{_OF_SHELF}/shards/{shard.file}" for shard in new], road.settings.data)
    out.send([f"{_OF_SHELF}/{INDEX}"], road.settings.data)
    tell_carried(road, "to there", ours, new)


def _bring(road: Road, carrier: Carrier, landing: Landing) -> None:
    """What is damaged is fetched once more; then that version is refused, and what is in use here stays."""
    wrong = _brought(road, carrier, landing)
    if wrong:
        road.disk.remove(landing.folder / INDEX)
        carrier.bring([f"{_OF_SHELF}/{INDEX}"], landing.root)
        wrong = _brought(road, carrier, landing)
    if wrong:
        index = delivered_index(landing)
        if index:
            refuse(road.shelf, index, listed(wrong))
        raise damaged_twice(road, wrong)


def _brought(road: Road, carrier: Carrier, landing: Landing) -> Dict[str, str]:
    """What is wrong with what was brought; nothing where it is in use now, or nothing is to be done."""
    try:
        theirs = landing.delivered()
    except FileNotFoundError:
        return {}
    except PricesDamaged as damage:
        return {INDEX: damage.why}
    if is_settled(road, theirs):
        return {}
    require_newer(road.shelf, theirs)
    new = lacking(road.shelf, theirs)
    carrier.bring([f"{_OF_SHELF}/shards/{shard.file}" for shard in new], landing.root)
    wrong = admit(landing, theirs)
    if not wrong:
        landing.clear()
        tell_carried(road, "from there", theirs, new)
    return wrong


def _require_sound(shelf: Shelf, shards: List[Shard]) -> None:
    """Read to the last byte: what is damaged here would only be refused there."""
    bad = {shard.name: "it is not what the index says" for shard in shards if not is_in_place(shelf, shard, None)}
    if bad:
        raise PricesDamaged(f"sending prices out of {shelf.folder}", listed(bad), "seal the prices again here; nothing was sent")


def _holds(disk: Disk, path: Path) -> bytes:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        return disk.read(path, 1 << 12).data
    return b""

"""Carrying prices by this side: to the other where we fetch them, from the other where it does.

It exists so that either machine may do the carrying, or both at once, and only news moves.
"""

from __future__ import annotations

from typing import Dict, List

from shared.cache.arrival import Arrival, admit, refuse_ahead, require_newer
from shared.cache.failures import PricesDamaged, PricesOlder
from shared.cache.index import INDEX, Shard
from shared.cache.notes import damaged_twice, is_settled, listed, refuse
from shared.cache.origin import SIDE, disputed, hear, heard, say_side
from shared.cache.road import ARRIVING, Road
from shared.cache.shelf import PROVIDER, Shelf, lacking, read_index
from shared.carriers import FAILURES, Carrier, open_carrier
from shared.kept import kept
from shared.own_sign import is_ours, looking

_BROUGHT = ".brought-prices"
_OF_SHELF = f"prices/{PROVIDER}"


def go_there(road: Road, can_reach: bool) -> None:
    """Say which side we are, hear which it is, and move what is news. What fails is raised."""
    try:
        with looking(road.disk, road.settings.data / "prices") as sign:
            _go(road, can_reach, f"prices/{sign}")
    except FAILURES as error:  # a carrier knows of one setting that names a place
        raise type(error)(error.what, error.why, error.fix.replace("`there`", "`there_data`")) from error


def _go(road: Road, can_reach: bool, sign: str) -> None:
    settings, arrival = road.settings, Arrival(road.shelf, road.settings.data / _BROUGHT)
    said, waiting = say_side(road.disk, settings, road.side), f"{ARRIVING}{road.who}"
    if not (settings.there_data and can_reach):
        return
    carrier = open_carrier(settings, settings.there_data, road.who, road.disk)
    small = [f"prices/{SIDE}", f"{_OF_SHELF}/{INDEX}", f"{waiting}/prices/{SIDE}", f"{waiting}/{_OF_SHELF}/{INDEX}"]
    arrival.unlink()
    for name in small:
        road.disk.remove(arrival.root / name)
    carrier.bring([*small, sign], arrival.root)
    arrival.unlink()
    if road.disk.exists(arrival.root / sign):
        road.disk.remove(arrival.root / sign)
        raise is_ours(settings.there_data, settings.data)
    hear(road.disk, settings.data, arrival.root / "prices" / SIDE)
    if kept(road.disk, arrival.root / waiting / "prices" / SIDE) != said:
        carrier.landing(waiting).send([f"prices/{SIDE}"], settings.data)
    dispute = disputed(settings, road.side, heard(road.disk, settings.data))
    if dispute:
        raise dispute
    if road.is_source:
        _send(road, carrier, arrival)
    else:
        _bring(road, carrier, arrival)


def _send(road: Road, carrier: Carrier, arrival: Arrival) -> None:
    """What the other side lacks, then the index: it lands beside what is in use there, and is taken in by that side's sync."""
    waiting, ours, theirs = f"{ARRIVING}{road.who}", read_index(road.shelf), arrival.believed_index()
    if ours is None or (theirs and theirs.digest == ours.digest):
        return
    there = Arrival(road.shelf, arrival.root / waiting).believed_index()
    if there and there.digest == ours.digest:
        return  # it lies there already, and that side has not looked yet
    if theirs and not ours.is_newer_than(theirs):
        found = f"up to {ours.last} here, up to {theirs.last} from {theirs.origin} there"
        fix = "is `prices_from` right on both sides? to send ours all the same, remove prices/local/index.json over there"
        raise PricesOlder("sending prices", found, fix)
    # What they no longer see there as they verified it, they lack, whatever their version names.
    new = [shard for shard in ours.shards if not theirs or shard.file not in theirs.seen]
    _require_sound(road.shelf, new)
    out = carrier.landing(waiting)
    out.send([f"{_OF_SHELF}/shards/{shard.file}" for shard in new], road.settings.data)
    out.send([f"{_OF_SHELF}/{INDEX}"], road.settings.data)
    road.tell_carried("to there", ours, new)


def _bring(road: Road, carrier: Carrier, arrival: Arrival) -> None:
    """What is damaged is fetched once more; then that version is refused, and what is in use here stays."""
    wrong = _brought(road, carrier, arrival)
    if wrong:
        road.disk.remove(arrival.folder / INDEX)
        carrier.bring([f"{_OF_SHELF}/{INDEX}"], arrival.root)
        wrong = _brought(road, carrier, arrival)
    if wrong:
        index = arrival.believed_index()
        if index:
            refuse(road.shelf, index, wrong)
        raise damaged_twice(road.shelf, wrong)


def _brought(road: Road, carrier: Carrier, arrival: Arrival) -> Dict[str, str]:
    """What is wrong with what was brought; nothing where it is in use now, or nothing is to be done."""
    try:
        theirs = arrival.read_index()
    except FileNotFoundError:
        return {}
    except PricesDamaged as damage:
        return {INDEX: damage.why}
    if is_settled(road.shelf, theirs, road.today()):
        return {}
    refuse_ahead(road, theirs)
    require_newer(road.shelf, theirs)
    new = lacking(road.shelf, theirs.shards)
    carrier.bring([f"{_OF_SHELF}/shards/{shard.file}" for shard in new], arrival.root)
    arrival.unlink()
    wrong = admit(arrival, theirs)
    if not wrong:
        arrival.clear()
        road.tell_carried("from there", theirs, new)
    return wrong


def _require_sound(shelf: Shelf, shards: List[Shard]) -> None:
    """Read to the last byte: what is damaged here would only be refused there."""
    bad = {shard.name: "it is not what the index says" for shard in lacking(shelf, shards)}
    if bad:
        raise PricesDamaged(f"sending prices out of {shelf.folder}", listed(bad), "seal the prices again here; nothing was sent")

"""Taking in the prices the other side delivered here.

It exists because a delivery is only believed by the machine it was made to, when that machine looks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List

from shared.cache.arrival import NOT_COME, Landing, admit, doubt, is_doubted, lacking, refuse
from shared.cache.failures import PricesBusy, PricesDamaged, PricesDisputed
from shared.cache.index import INDEX, Index
from shared.cache.origin import SIDE, hear
from shared.cache.way import ARRIVING, Road, damaged_twice, is_in_use, is_settled, listed, tell_carried


def delivered(road: Road) -> List[Path]:
    """Where the other side delivers, one folder for each that does."""
    data = road.settings.data
    return [data / name for name in sorted(road.disk.names(data)) if name.startswith(ARRIVING)]


def take_in(road: Road, landing: Landing) -> None:
    """Bring what came into use. Damaged, it may be sent once more; refused, it lies there, so that it is not sent again."""
    hear(road.disk, road.settings.data, landing.root / "prices" / SIDE)
    try:
        index = landing.delivered()
    except FileNotFoundError:
        return
    except PricesDamaged:
        road.disk.remove(landing.folder / INDEX)  # then it is sent again
        raise
    if road.is_source:
        landing.clear()
        raise _of_two_sources(road, index)
    if is_in_use(road, index):
        landing.clear()
    if not is_settled(road, index):
        _admit(road, landing, index)


def _admit(road: Road, landing: Landing, index: Index) -> None:
    new = lacking(road.shelf, index)
    wrong = admit(landing, index)
    if not wrong:
        landing.clear()
        tell_carried(road, "from there", index, new)
    elif is_doubted(road.shelf, index) and NOT_COME not in wrong.values():
        refuse(road.shelf, index, listed(wrong))
        raise damaged_twice(road, wrong)
    else:
        _ask_again(road, landing, index, wrong)


def _ask_again(road: Road, landing: Landing, index: Index, wrong: Dict[str, str]) -> None:
    """The index goes, and goes for good before the doubt is noted: one delivery is never counted twice."""
    road.disk.remove(landing.folder / INDEX)
    road.disk.flush_folder(landing.folder)
    if NOT_COME not in wrong.values():
        doubt(road.shelf, index, listed(wrong))
    fix = f"it is sent again; if this goes on, remove {road.shelf.folder / INDEX}: then all of it is"
    raise PricesBusy("taking in prices", listed(wrong), fix)


def _of_two_sources(road: Road, index: Index) -> PricesDisputed:
    found = f"the other side sent prices of its own, up to {index.last}"
    fix = "set prices_from to the same side on both, RELAY_PRICES_FROM or configs/relay.yaml; then sync"
    return PricesDisputed(f"taking in prices on the {road.side}, which fetches them itself", found, fix)

"""Sealed prices: a panel that comes into use by its index, and may be carried to the other machine.

It exists so that a run that starts while newer prices arrive reads the one version or the other, never both.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from shared import cache
from shared.cache import DRAFT, Index, Made, PricesDamaged, PricesSynthetic
from shared.config import Settings
from shared.disk import Disk
from shared.errors import DataMissing
from shared.market.dropped import files_in, open_dropped
from shared.market.panel import fill, load_panel, open_panel
from shared.market.prices import Prices

_DISK = Disk()
_NOTHING: Mapping[str, bytes] = {}
_FIX = "seal them again on the side that fetches them (docs/how-to/bring-real-prices.md)"


def seal_prices(settings: Settings, prices: Prices, side: str, beside: Mapping[str, bytes] = _NOTHING) -> Index:
    """Bring the panel into use as the local prices of this machine, the side that fetches; an error where the other does.

    `beside`: files that are sealed and carried with it."""
    disk = Disk(settings.durable)
    refusal = cache.may_fetch(disk, settings, side)
    if refusal:
        raise refusal
    if prices.synthetic:
        raise PricesSynthetic("sealing prices", "they are made up, and these never travel", "seal real ones")
    shelf = cache.shelf_of(disk, settings.data)
    refuse_dropped(shelf.folder)
    draft = shelf.folder / f"{DRAFT}-{side}.tmp"
    shutil.rmtree(draft, ignore_errors=True)  # of somebody who was killed
    shelf.folder.mkdir(parents=True, exist_ok=True)
    fill(draft, prices, with_times=False)
    for name, content in beside.items():
        disk.put(draft / name, content)
    cache.say_side(disk, settings, side)  # where the other side does the carrying, no sync of ours says it
    return cache.seal(shelf, draft, Made(side, str(prices.dates[0]), str(prices.dates[-1]), len(prices.dates)))


def refuse_dropped(folder: Path) -> None:
    """DataMissing where files were dropped in the place of what is to be sealed."""
    dropped = files_in(folder)
    if dropped:
        found = f"dropped files ({dropped[0].name}) lie where fetched or sealed prices go"
        raise DataMissing(f"using {folder}", found, "move them away if prices are to be fetched or sealed here")


def open_prices(folder: Path) -> Prices:
    """The panel in `folder`, mapped and not read: of sealed ones the version in use; DataMissing when absent or damaged."""
    index = _index(folder)
    if files_in(folder):
        _refuse_two(folder, "index.json" if index else "about.json" if (folder / "about.json").exists() else "")
        return open_dropped(folder)
    if index is None:
        return open_panel(folder)
    try:
        return _opened(folder, index)
    except DataMissing:
        # RACE: two newer versions came into use since we read the index, and ours was swept. Else it is damaged.
        now = _index(folder)
        if now is None or now.digest == index.digest:
            raise
    return open_prices(folder)


def _refuse_two(folder: Path, other: str) -> None:
    """Two kinds of prices in one folder: whichever were read, somebody would take them for the other."""
    dropped = files_in(folder)
    if other and dropped:
        found = f"dropped files ({dropped[0].name}) lie beside prices that were sealed or written there ({other})"
        raise DataMissing(f"using the prices in {folder}", found, "move the one or the other away")


def _index(folder: Path) -> Index | None:
    shelf = cache.shelf_of(_DISK, folder.parent.parent, folder.name)
    try:
        # Prices may lie anywhere: only where the folder is laid out as a data folder's can they be sealed.
        return cache.read_index(shelf) if shelf.folder == folder else None
    except PricesDamaged as damage:
        raise DataMissing(damage.what, damage.why, _FIX) from damage


def _opened(folder: Path, index: Index) -> Prices:
    shards = {shard.name: shard for shard in index.shards}
    for shard in index.shards:
        if not cache.is_sound(_DISK, folder / "shards" / shard.file, shard, index.seen):
            raise DataMissing(f"opening the prices in {folder}", f"{shard.name} is missing or was changed", _FIX)
    try:
        prices, _ = load_panel(folder, lambda name: folder / "shards" / shards[name].file)
    except KeyError as error:
        raise DataMissing(f"opening the prices in {folder}", f"its index names no {error}", _FIX) from error
    if not np.array_equal(prices.dates[[0, -1]].astype(str), [index.first, index.last]):
        raise DataMissing(f"opening the prices in {folder}", "they are not the days its index says", _FIX)
    return prices

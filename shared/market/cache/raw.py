"""What providers answered, word for word, kept for a while.

It exists so that, when a price looks odd weeks later, somebody can see what came.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from shared import clock
from shared.disk import Disk
from shared.market.cache.names import safe_name
from shared.market.cache.shelves import ASIDE, RAW

RAW_DAYS = 30  # so long; as long as parts that were set aside


def keep_raw(disk: Disk, folder: Path, raw: Mapping[str, bytes], now: datetime) -> int:
    """One compressed file for each, in the folder of that Korean day; how many bytes they take."""
    moment, size = now.astimezone(clock.KST), 0
    place = folder / f"{moment:%Y-%m-%d}"
    if raw:
        disk.ensure_folder(place)
    for name, data in raw.items():
        packed = gzip.compress(data, mtime=0)
        disk.publish(place / f"{moment:%H%M%S%f}-{safe_name(name)}.gz", packed, replacing=True)
        size += len(packed)
    return size


def sweep_raw(disk: Disk, folder: Path, older_than: date) -> int:
    """Away with the days before that one, of answers and of what was set aside; how many days' folders went."""
    places = [folder / ASIDE, *(folder / RAW / name for name in disk.names(folder / RAW))]
    days = [place / name for place in places for name in disk.names(place) if _is_day(name) and name < str(older_than)]
    for day in days:
        disk.remove_tree(day)
    return len(days)


def _is_day(name: str) -> bool:
    try:
        return bool(date.fromisoformat(name))
    except ValueError:
        return False

"""The closes of the last session beside the prices: they come with every version, and lie in `data/eod/<date>.csv`.

It exists so that a machine that cannot open a panel has the day's closes all the same, before that version is in use.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Iterable, Tuple

from shared.cache.index import Shard
from shared.disk import Disk

CLOSES = "eod.csv"  # the name of their shard
_LARGEST = 1 << 26


def lay_out_closes(disk: Disk, data: Path, last: str, shards: Iterable[Tuple[Shard, Path]]) -> None:
    """Where such a shard is among these, its content is the file of that day from now on."""
    for shard, place in shards:
        if shard.name == CLOSES:
            folder = data / "eod"
            disk.ensure_folder(folder)
            content = disk.read(place, _LARGEST).data
            disk.publish(folder / f"{date.fromisoformat(last)}.csv", content, replacing=True)

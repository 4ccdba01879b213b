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
DAY_FACTS = "eod.json"  # and of what a table cannot say: its sha256, the session before, the regime
EOD = "eod"  # the folder of both, below `data`
_LARGEST = 1 << 26


def lay_out_closes(disk: Disk, data: Path, last: str, shards: Iterable[Tuple[Shard, Path]]) -> None:
    """Where such shards are among these, their contents are the files of that day from now on; the table last."""
    places = {shard.name: place for shard, place in shards}
    for name in (DAY_FACTS, CLOSES):
        file = closes_file(data, date.fromisoformat(last), name)
        if name in places:
            disk.ensure_folder(file.parent)
            disk.publish(file, disk.read(places[name], _LARGEST).data, replacing=True)
        elif name == DAY_FACTS and CLOSES in places:
            disk.remove(file)  # of an earlier version of that day: it says nothing of this one


def closes_file(data: Path, day: date, name: str = CLOSES) -> Path:
    """Where that day's closes lie, or what goes with them."""
    return data / EOD / f"{day}{Path(name).suffix}"

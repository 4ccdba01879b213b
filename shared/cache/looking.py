"""What doctor looks at of the prices in use: every name, size and time, and of the contents one share a day.

It exists because reading years of prices to the last byte takes a slow disk longer than anybody waits for doctor.
"""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Sequence

from shared.cache.index import Index, Shard
from shared.cache.shelf import Shelf, is_sound, seen_now
from shared.disk import NO_FILE

A_SHARE = 16 << 20  # bytes: a second of the slowest disk and processor a NAS has
_WRONG = "it is not what the index says"


class Looked(NamedTuple):
    """What is wrong with which shard, and how many of how many were read to the last byte."""

    wrong: Dict[str, str]
    read: int
    files: int


def look(shelf: Shelf, index: Index, day: int, share: int = A_SHARE) -> Looked:
    """On that day, counted from whenever. What was touched since it was verified comes first; all else has its turn as the
    days go by."""
    sizes = {shard: _size_and_time(shelf, shard) for shard in index.shards}
    there = [shard for shard in index.shards if sizes[shard][:1] == [shard.bytes]]
    touched = [shard for shard in there if sizes[shard] != index.seen.get(shard.file)]
    chosen = _turn(touched, day, share) + _turn([shard for shard in there if shard not in touched], day, share)
    sound = [shard for shard in chosen if is_sound(shelf.disk, shelf.shards / shard.file, shard, {})]
    bad = [shard for shard in index.shards if shard not in there or (shard in chosen and shard not in sound)]
    return Looked({shard.name: _WRONG for shard in bad}, len(chosen), len(index.shards))


def _size_and_time(shelf: Shelf, shard: Shard) -> List[int]:
    try:
        return seen_now(shelf.disk, shelf.shards / shard.file)
    except OSError as error:
        if error.errno not in NO_FILE:
            raise
        return []


def _turn(shards: Sequence[Shard], day: int, share: int) -> List[Shard]:
    """Laid end to end in a ring, those that lie in that day's share of it: the shares of the days follow each other."""
    begin = day * share % (sum(shard.bytes for shard in shards) or 1)
    found: Dict[Shard, int] = {}
    at = 0
    for shard in [*shards, *shards]:
        if at < begin + share and at + shard.bytes > begin:
            found[shard] = at
        at += shard.bytes
    return list(found)

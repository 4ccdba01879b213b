"""Prices that came from the other side: believed shard by shard, and only all together.

It exists because a version counts here only once every byte of it agrees with its index, however it came.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Tuple

from shared.cache.failures import PricesOlder, PricesSynthetic
from shared.cache.index import INDEX, Index, Shard, index_from
from shared.cache.shelf import Shelf, believed_index, is_in_place, is_sound, place, publish
from shared.document import written

NOT_COME = "it did not come"
_TAKEN = ".taken"
_REFUSED = "refused.json"
_ABOUT = "about.json"
_LARGEST = 1 << 24


class Landing(NamedTuple):
    """Where a delivery lies: laid out as a data folder. Nothing in it is believed."""

    shelf: Shelf
    root: Path

    @property
    def folder(self) -> Path:
        """Of this provider."""
        return self.root / "prices" / self.shelf.provider

    def shard(self, shard: Shard) -> Path:
        """Where that shard lies if it came."""
        return self.folder / "shards" / shard.file

    def delivered(self) -> Index:
        """What was delivered; FileNotFoundError where no index is, PricesDamaged where it cannot be believed."""
        path = self.folder / INDEX
        index = index_from(self.shelf.disk.read(path, _LARGEST).data, f"reading the index in {self.root}")
        if index.provider != self.shelf.provider:
            raise PricesSynthetic(f"reading the index in {self.root}", f"it is of {index.provider!r} prices", "seal real ones")
        return index

    def clear(self) -> None:
        """Away with the delivery."""
        self.shelf.disk.remove_tree(self.folder)


def lacking(shelf: Shelf, index: Index) -> List[Shard]:
    """The shards of that version that are not here, sound."""
    ours = believed_index(shelf)
    return [shard for shard in index.shards if not is_in_place(shelf, shard, ours)]


def admit(landing: Landing, index: Index) -> Dict[str, str]:
    """Bring that version into use where all of it came whole; else what is wrong with which shard, and nothing changes."""
    shelf = landing.shelf
    with shelf.alone():
        before, fresh = believed_index(shelf), _taken(landing, index)
        wrong = {shard.name: why for shard, _, why in fresh if why}
        if not wrong:
            require_newer(shelf, index)
            _refuse_made_up(shelf, [(shard, path) for shard, path, _ in fresh])
            place(shelf, [(shard, path) for shard, path, _ in fresh])
            publish(shelf, index, before)
            shelf.disk.remove_tree(shelf.folder / _TAKEN)
            shelf.disk.remove(shelf.folder / _REFUSED)
    return wrong


def require_newer(shelf: Shelf, theirs: Index) -> None:
    """PricesOlder where what is in use here is not older than that; and where somebody put prices here by hand."""
    ours = believed_index(shelf)
    doing = f"bringing prices into {shelf.folder}"
    if ours is None and shelf.disk.exists(shelf.folder / _ABOUT):
        raise PricesOlder(doing, "prices that nobody carried lie there", "move them away, and they are replaced by the next sync")
    if ours and not theirs.is_newer_than(ours):
        found = f"{_said(theirs)} would replace {_said(ours)}"
        fix = f"is `prices_from` right on both sides? to take theirs all the same, remove {shelf.folder / INDEX}"
        raise PricesOlder(doing, found, fix)


def doubt(shelf: Shelf, index: Index, why: str) -> None:
    """Note that this version came damaged: it may come once more."""
    _note(shelf, index, why, 1)


def refuse(shelf: Shelf, index: Index, why: str) -> None:
    """This version came damaged twice: it is not fetched again."""
    _note(shelf, index, why, 2)


def is_doubted(shelf: Shelf, index: Index) -> bool:
    """Whether that very version came damaged before."""
    return refusal(shelf).get("sha256") == index.digest


def is_refused(shelf: Shelf, index: Index) -> bool:
    """Whether that very version was refused."""
    return is_doubted(shelf, index) and refusal(shelf).get("times") == 2


def refusal(shelf: Shelf) -> Dict[str, Any]:
    """What is known of the last damaged version; empty where there is none."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        said = json.loads(shelf.disk.read(shelf.folder / _REFUSED, 1 << 16).data)
        return said if isinstance(said, dict) else {}
    return {}


def _note(shelf: Shelf, index: Index, why: str, times: int) -> None:
    shelf.disk.ensure_folder(shelf.folder)
    note = {"sha256": index.digest, "times": times, "why": why, "last": index.last}
    shelf.disk.publish(shelf.folder / _REFUSED, written(note), replacing=True)


def _taken(landing: Landing, index: Index) -> List[Tuple[Shard, Path, str]]:
    """Each shard that is new here where nobody else writes, and what is wrong with it."""
    shelf, own = landing.shelf, landing.shelf.folder / _TAKEN
    shelf.disk.ensure_folder(own)
    return [(shard, own / shard.file, _wrong_with(landing, shard, own / shard.file)) for shard in lacking(shelf, index)]


def _wrong_with(landing: Landing, shard: Shard, mine: Path) -> str:
    # RACE: it is moved before it is read: the other side may deliver the same name again between our look and our move.
    disk, came = landing.shelf.disk, landing.shard(shard)
    if disk.exists(came):
        disk.remove(mine)
        disk.move(came, mine)
    if is_sound(disk, mine, shard, {}):
        return ""
    if not disk.exists(mine):
        return NOT_COME
    disk.remove_tree(mine)
    return "it is not what the index says"


def _refuse_made_up(shelf: Shelf, fresh: List[Tuple[Shard, Path]]) -> None:
    if any(shard.name == _ABOUT and not _is_real(shelf.disk.read(path).data) for shard, path in fresh):
        raise PricesSynthetic(f"bringing prices into {shelf.folder}", "they are made up", "seal real ones over there")


def _is_real(about: bytes) -> bool:
    """Only what says so outright."""
    with contextlib.suppress(ValueError, RecursionError):
        said = json.loads(about)
        return isinstance(said, dict) and said.get("synthetic") is False
    return False


def _said(index: Index) -> str:
    return f"prices up to {index.last} from {index.origin}, made {index.made_at[:19]}"

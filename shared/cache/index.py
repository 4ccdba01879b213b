"""The index of a price cache: which shards are one version of it, each with its size and sha256.

It exists as the only pointer: whoever reads prices reads the index first, and so never mixes two versions.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, timedelta
from typing import Any, Dict, List, NamedTuple, Tuple

from shared import clock
from shared.cache.failures import PricesDamaged
from shared.document import written

INDEX = "index.json"
_FORMAT = "relay.prices/1"
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+=^&-]{0,99}")
_SHA = re.compile(r"[0-9a-f]{64}")
_CLOCKS_DIFFER = timedelta(days=1)
_FIX = "nothing was replaced; seal the prices again on the side that fetches them"


class Shard(NamedTuple):
    """One file of a version, under the name its maker gave it."""

    name: str
    bytes: int
    sha256: str

    @property
    def file(self) -> str:
        """Where it lies in `shards`: its content first, so that versions share what is the same and no ticker is a device."""
        return f"{self.sha256[:16]}-{self.name}"


class Index(NamedTuple):
    """One version. `seen`: size and time of each file as this machine last verified it; it says nothing of the version."""

    provider: str
    origin: str  # the side that fetched: pc or nas
    made_at: str
    first: str
    last: str  # the last day there are prices of
    rows: int
    shards: Tuple[Shard, ...]
    seen: Dict[str, List[int]]

    @property
    def digest(self) -> str:
        """sha256 over all but `seen`: equal exactly when it is the same version."""
        return hashlib.sha256(written(_told(self))).hexdigest()

    @property
    def files(self) -> List[str]:
        """The names in `shards`."""
        return [shard.file for shard in self.shards]

    def is_newer_than(self, other: "Index") -> bool:
        """By the last day, then by when it was made: the time alone may be a clock's fault."""
        return (self.last, _moment(self)) > (other.last, _moment(other))

    def as_bytes(self) -> bytes:
        """As it lies on disk."""
        return written({**_told(self), "sha256": self.digest, "seen": self.seen})


def index_from(data: bytes, doing: str) -> Index:
    """The index in these bytes; PricesDamaged where it is torn, changed, or no index of ours."""
    try:
        said: Dict[str, Any] = json.loads(data)
        index = _built(said)
        is_same = said["sha256"] == index.digest and said["format"] == _FORMAT
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise PricesDamaged(doing, f"it is no index ({' '.join(str(error).split())[:120]})", _FIX) from error
    if not is_same:
        raise PricesDamaged(doing, "it is not as it was made: its own sha256 differs", _FIX)
    return index


def this_day() -> date:
    """Today, by this machine's clock."""
    return clock.now().date()


def is_ahead(last: str, today: date) -> bool:
    """Whether prices up to that day are of days to come; a clock may be a day off. ValueError where it is no day."""
    return date.fromisoformat(last) > today + _CLOCKS_DIFFER


def _told(index: Index) -> Dict[str, Any]:
    told = {name: value for name, value in index._asdict().items() if name not in ("seen", "shards")}
    return {"format": _FORMAT, **told, "shards": [shard._asdict() for shard in index.shards]}


def _built(said: Dict[str, Any]) -> Index:
    """ValueError where a word of it cannot be believed: its names become file names here."""
    shards = tuple(Shard(str(one["name"]), int(one["bytes"]), str(one["sha256"])) for one in said["shards"])
    facts = {name: str(said[name]) for name in ("provider", "origin", "made_at", "first", "last")}
    index = Index(**facts, rows=int(said["rows"]), shards=shards, seen=dict(said["seen"]))
    for shard in shards:
        if not _NAME.fullmatch(shard.name) or not _SHA.fullmatch(shard.sha256) or shard.bytes < 0:
            raise ValueError(f"no shard of ours: {shard.name[:60]!r}")
    if not shards or len({shard.name for shard in shards}) < len(shards):
        raise ValueError("no shard, or one named twice")
    if index.origin not in ("pc", "nas") or clock.moment_in(index.made_at) is None:
        raise ValueError("no origin or no moment")
    date.fromisoformat(index.first), date.fromisoformat(index.last)
    return index


def _moment(index: Index) -> float:
    moment = clock.moment_in(index.made_at)
    return moment.timestamp() if moment else 0.0

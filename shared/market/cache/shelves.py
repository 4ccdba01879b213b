"""The files of the cache: where a series' parts lie, how one is put there, and what is litter.

It exists so that a file is in force only by what the ledger says: here nothing is ever written in another one's place.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock

from shared import clock
from shared.disk import NO_FILE, Disk
from shared.errors import RelayError
from shared.lock import only_one
from shared.market.bars import Bars
from shared.market.cache.names import safe_name
from shared.market.cache.parts import PartDamaged, unpacked
from shared.market.cache.series import Part

ASIDE, RAW = "aside", "raw"
PATIENCE = 60.0  # seconds for another process that is putting the same symbol
_THREADS = Lock()  # the lock of a file is a process': two threads of one would both hold it
_PROVIDER = re.compile(r"[a-z][a-z0-9_]{0,60}")
_OURS = re.compile(r"\d{1,4}-[0-9a-f]{8}\.parquet|\..*")  # a part, or one that was being written
_GONE = (*NO_FILE, errno.EIO)


class CacheBusy(RelayError):
    """Another process is putting bars of the same symbol."""

    code = "E-CACHE-BUSY"
    exit_code = 2


class Shelves:
    """Of one folder."""

    def __init__(self, folder: Path, disk: Disk, patience: float = PATIENCE) -> None:
        self._folder, self._disk, self._patience = folder, disk, patience

    def place(self, provider: str, symbol: str) -> Path:
        """The folder of one series."""
        if not _PROVIDER.fullmatch(provider) or provider in (ASIDE, RAW):
            raise ValueError(f"no name of a provider: {provider!r}")
        return self._folder / provider / safe_name(symbol)

    @contextmanager
    def alone(self, place: Path) -> Iterator[None]:
        """Nobody else changes this series meanwhile; CacheBusy where somebody does so for longer than we wait."""
        name = sha256(f"{place.parent.name}/{place.name}".encode()).hexdigest()[:2]
        with _THREADS, only_one(self._folder.parent / "locks" / f"cache-{name}", self._patience) as alone:
            if not alone:
                raise CacheBusy(
                    f"changing {place}", f"somebody else has been at it for {self._patience:g} s", "try again in a moment"
                )
            yield

    def read(self, place: Path, part: Part, symbol: str) -> Bars:
        """The bars of that part; PartDamaged where they are not what was put, or not there."""
        try:
            data = self._disk.read(place / part.file).data
        except OSError as error:
            if error.errno not in _GONE:
                raise
            raise PartDamaged(f"it cannot be read ({error.strerror})") from error
        return unpacked(part, data, symbol)

    def write(self, place: Path, packed: tuple[Part, bytes]) -> None:
        """On the platter once this returns; nobody reads it before the ledger names it. A file of that name is the same to
        the byte, or damaged."""
        part, data = packed
        if not self._disk.exists(place):
            self._disk.ensure_folder(place)
        self._disk.publish(place / part.file, data, replacing=True)

    def sweep(self, place: Path, keep: Iterable[str]) -> int:
        """Away with what is not in force there, and how much that was; never with what a person put there. What cannot go now,
        goes the next time: only whoever is alone with that series may ask."""
        kept = set(keep)
        litter = [name for name in self._disk.names(place) if name not in kept and _OURS.fullmatch(name)]
        for name in litter:
            with suppress(OSError):
                self._disk.remove_tree(place / name)
        if not kept:
            with suppress(OSError):
                self._disk.remove_folder(place)
        return len(litter)

    def set_aside(self, place: Path, part: Part, now: datetime) -> None:
        """Where somebody can look at a damaged one for a while; it may be gone already."""
        aside = self._folder / ASIDE / f"{now:%Y-%m-%d}"
        with suppress(OSError):
            self._disk.ensure_folder(aside)
            self._disk.move(place / part.file, aside / f"{clock.stamp(now)}-{place.parent.name}-{place.name[:80]}-{part.file}")

    def all(self) -> Iterator[Path]:
        """The folder of every series there ever was here, in force or not."""
        for provider in self._folders(self._folder):
            if provider.name not in (ASIDE, RAW) and _PROVIDER.fullmatch(provider.name):
                yield from self._folders(provider)

    def size(self, place: Path, names: Iterable[str]) -> int:
        """Bytes of these files; what is gone has none."""
        there = [place / name for name in names if self._disk.exists(place / name)]
        return sum(int(self._disk.status(path).st_size) for path in there)

    def _folders(self, folder: Path) -> list[Path]:
        return [folder / name for name in sorted(self._disk.names(folder)) if self._disk.is_folder(folder / name)]

"""One provider's prices on this machine's disk: its shards, and the index that says which of them are in use.

It exists so that a new version comes into use by one rename, whoever reads meanwhile and whenever the power fails.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Callable, Dict, Iterable, Iterator, List, NamedTuple, Optional, Set, Tuple

from shared import clock
from shared.cache.closes import lay_out_closes
from shared.cache.failures import PricesBusy, PricesDamaged, PricesSynthetic
from shared.cache.index import INDEX, Index, Shard, index_from, is_ahead, this_day
from shared.disk import NO_FILE, Disk
from shared.lock import only_one

PROVIDER = "local"  # the one whose prices are carried
_MADE_UP = "synthetic"
DRAFT = ".draft"  # so begins what somebody is still writing
_SHARDS = "shards"
_LARGEST = 1 << 24


class Shelf(NamedTuple):
    """Where one provider's prices lie."""

    disk: Disk
    data: Path
    provider: str

    @property
    def folder(self) -> Path:
        """Of this provider."""
        return self.data / "prices" / self.provider

    @property
    def shards(self) -> Path:
        """Every file of the version in use, and of the one before it."""
        return self.folder / _SHARDS

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else puts prices in place here meanwhile: PricesBusy where somebody does."""
        with only_one(self.data / "locks" / f"shelf-{self.provider}") as alone:
            if not alone:
                raise PricesBusy(f"putting prices into {self.folder}", "somebody else is doing so", "try again in a moment")
            yield


class Made(NamedTuple):
    """What the maker of a version says of it."""

    origin: str
    first: str
    last: str
    rows: int


def shelf_of(disk: Disk, data: Path, provider: str = PROVIDER) -> Shelf:
    """That provider's; nothing is made or asked yet."""
    return Shelf(disk, data, provider)


def read_index(shelf: Shelf) -> Optional[Index]:
    """The version in use; None where none was ever sealed or carried here; PricesDamaged where it cannot be read."""
    path = shelf.folder / INDEX
    try:
        return index_from(shelf.disk.read(path, _LARGEST).data, f"reading {path}")
    except (FileNotFoundError, NotADirectoryError):
        return None


def believed_index(shelf: Shelf) -> Optional[Index]:
    """The same; None as well where it cannot be read: a new version mends that."""
    with contextlib.suppress(PricesDamaged):
        return read_index(shelf)
    return None


def seal(shelf: Shelf, draft: Path, made: Made, today: Callable[[], date] = this_day) -> Index:
    """Bring the files in `draft` into use as one new version; the same files again are no new one. The draft is gone then."""
    if shelf.provider == _MADE_UP:
        raise PricesSynthetic(f"sealing {draft}", "made-up prices never travel", "seal real ones, under another provider")
    _refuse_ahead(shelf, made.last, today())
    with shelf.alone():
        before, mine = believed_index(shelf), _own(shelf, draft)
        shards = tuple(_shard(shelf.disk, mine / name) for name in sorted(shelf.disk.names(mine)))
        index = Index(shelf.provider, made_at=_later(before), shards=shards, seen={}, **made._asdict())
        if before and before._replace(made_at="", seen={}) == index._replace(made_at=""):
            index = before
        place(shelf, [(shard, mine / shard.name) for shard in lacking(shelf, shards)])
        index = bring_into_use(shelf, index, before)
        shelf.disk.remove_tree(mine)
    return index


def _refuse_ahead(shelf: Shelf, last: str, today: date) -> None:
    """Once in use, and once they travelled, prices of days to come would keep every real version after them away."""
    doing = f"sealing prices up to {last} into {shelf.folder}"
    fix = "nothing was sealed; look at the days of these prices, and at this machine's clock"
    try:
        ahead = is_ahead(last, today)
    except ValueError as error:
        raise PricesDamaged(doing, "that is no day", fix) from error
    if ahead:
        raise PricesDamaged(doing, f"that day is yet to come: today is {today}", fix)


def _own(shelf: Shelf, draft: Path) -> Path:
    """The draft under a name of our own: sealing that failed half-way must never be taken up again with half of the files."""
    mine = shelf.folder / f".sealing-{os.urandom(4).hex()}.tmp"
    if not shelf.disk.names(draft) or not shelf.disk.move_folder(draft, mine):
        raise PricesDamaged(f"sealing {draft}", "there are no files in it", "write all of them again, then seal")
    return mine


def place(shelf: Shelf, fresh: List[Tuple[Shard, Path]]) -> None:
    """Move verified files among the shards; on the platter once this returns. No index names them yet."""
    disk = shelf.disk
    disk.ensure_folder(shelf.shards)
    disk.flush_all([path for _, path in fresh])
    for shard, path in fresh:
        disk.remove_tree(shelf.shards / shard.file)  # an unsound one: no system renames over a file that is open
        disk.move(path, shelf.shards / shard.file)
    disk.flush_folder(shelf.shards)


def bring_into_use(shelf: Shelf, index: Index, before: Optional[Index]) -> Index:
    """This version is in use from now on; what neither it nor the one before it needs goes."""
    lay_out_closes(shelf.disk, shelf.data, index.last, [(shard, shelf.shards / shard.file) for shard in index.shards])
    seen = {shard.file: seen_now(shelf.disk, shelf.shards / shard.file) for shard in index.shards}
    index = index._replace(seen=seen)
    if before is None or before != index:
        shelf.disk.publish(shelf.folder / INDEX, index.as_bytes(), replacing=True)
    # A reader may still open what the index before named: it goes with the next version. On Windows what is open stays.
    with contextlib.suppress(OSError):
        _sweep(shelf, {*index.files, *(before.files if before else ())})
    return index


def is_in_use(shelf: Shelf, index: Index) -> bool:
    """Whether that very version is."""
    ours = believed_index(shelf)
    return bool(ours and ours.digest == index.digest)


def lacking(shelf: Shelf, shards: Iterable[Shard]) -> List[Shard]:
    """Those that do not lie here sound, each read to its last byte: no version is put together from what rotted in place."""
    return [shard for shard in shards if not is_sound(shelf.disk, shelf.shards / shard.file, shard, {})]


def distrust(shelf: Shelf, index: Index, files: Set[str]) -> None:
    """These files of the version in use are not what they were: readers read them to the end, and the other side, which
    reads our index, sends them again."""
    if files & set(index.seen):
        index = index._replace(seen={file: seen for file, seen in index.seen.items() if file not in files})
        shelf.disk.publish(shelf.folder / INDEX, index.as_bytes(), replacing=True)


def is_sound(disk: Disk, path: Path, shard: Shard, seen: Dict[str, List[int]]) -> bool:
    """Whether the file is that shard: untouched since it was last verified, or verified now."""
    try:
        if seen.get(shard.file) == seen_now(disk, path):
            return True
        return _shard(disk, path)[1:] == shard[1:]
    except OSError as error:
        if error.errno not in NO_FILE:
            raise
        return False  # nothing there, a folder or a link


def seen_now(disk: Disk, path: Path) -> List[int]:
    """Size and time: what tells a changed file without reading it."""
    status = disk.status(path)
    return [int(status.st_size), int(status.st_mtime_ns)]


def _shard(disk: Disk, path: Path) -> Shard:
    size, digest = 0, hashlib.sha256()
    for piece in disk.pieces(path, 1 << 62):  # years of prices need not fit into the memory of a NAS
        size += len(piece)
        digest.update(piece)
    return Shard(path.name, size, digest.hexdigest())


def _later(before: Optional[Index]) -> str:
    """Now, or a moment after the version before where the clock went back."""
    now, last = clock.now(), clock.moment_in(before.made_at) if before else None
    return clock.iso(max(now, last + timedelta(milliseconds=1)) if last else now)


def _sweep(shelf: Shelf, keep: Set[str]) -> None:
    for name in shelf.disk.names(shelf.shards):
        if name not in keep:
            shelf.disk.remove(shelf.shards / name)
    for name in shelf.disk.names(shelf.folder):
        if name.startswith(".") and name.endswith(".tmp") and not name.startswith(DRAFT):
            shelf.disk.remove_tree(shelf.folder / name)

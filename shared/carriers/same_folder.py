"""Carrying where the other root is a folder of this machine: a mounted share, a second disk.

It exists for machines without rsync; where both sides use the very same folder nothing is carried at all.
"""

from __future__ import annotations

import errno
import fnmatch
import hashlib
import itertools
import os
import stat
from pathlib import Path
from typing import Iterator, List, Sequence

from shared.carriers import DEEPEST, CarryBroken, CarryPartial, There, ThereAway
from shared.disk import NO_FILE, Disk

PACE = 0.0
EVERY = 2.0
_FOLDER, _FILE = "folder", "file"
_ALL = 1 << 62  # bytes
_ENDS_ALL = (errno.ENOSPC, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC))


def reach(there: There) -> None:
    """Look whether it is mounted."""
    if not os.path.isdir(there.address):
        raise ThereAway(f"opening {there.address}", "there is no such folder", "mount it, or correct `there`")


def names(there: There, patterns: Sequence[str]) -> List[str]:
    """By listing the folders the patterns name."""
    reach(there)
    try:
        return sorted({name for pattern in patterns for name in _found(there, pattern)})
    except OSError as error:
        found = f"{error.strerror or error} ({error.filename})"
        raise CarryBroken(f"looking at {there.address}", found, "look for rights there; is it still mounted?") from error


def unsent(names: Sequence[str], here: Path, there: There) -> List[str]:
    """All of them: looking whether they are there is half of sending them."""
    return list(names)


def send(names: Sequence[str], here: Path, there: There) -> List[str]:
    """Copy; what is there already and the same is left alone."""
    reach(there._replace(address=str(Path(there.address).parent)))
    return _copy_all(there.disk, names, here, Path(there.address))


def bring(names: Sequence[str], there: There, here: Path) -> bool:
    """The same the other way; there is one of each."""
    reach(there)
    _copy_all(there.disk, names, Path(there.address), here)
    return False


def landing(there: There, folder: str) -> There:
    """A folder of the other root."""
    return there._replace(address=str(Path(there.address, folder)))


def carries(name: str, size: int) -> bool:
    """Everything."""
    return True


def _found(there: There, pattern: str) -> Iterator[str]:
    """Folders and plain files; a link is neither, but for a folder of the root itself: that may lie on another disk."""
    root, parts = Path(there.address), pattern.rstrip("/").split("/")
    folders = [""]
    for depth, part in enumerate(parts, 1):
        inside = [f"{folder}{name}" for folder in folders for name in fnmatch.filter(there.disk.names(root / folder), part)]
        kinds = {name: _kind(there.disk, root / name, depth == 1) for name in inside}
        folders = [f"{name}/" for name, kind in kinds.items() if kind == _FOLDER]
        yield from folders
        if depth == len(parts) and not pattern.endswith("/"):
            yield from (name for name, kind in kinds.items() if kind == _FILE)


def _kind(disk: Disk, path: Path, may_be_link: bool = False) -> str:
    """What lies there that can be carried, if anything."""
    try:
        mode = disk.status(path).st_mode
    except OSError as error:
        if error.errno in NO_FILE:
            return ""
        raise
    if disk.is_folder(path) or (may_be_link and os.path.isdir(path)):
        return _FOLDER
    return _FILE if stat.S_ISREG(mode) else ""


def _copy_all(disk: Disk, names: Sequence[str], source: Path, target: Path) -> List[str]:
    """All that can be copied, whatever keeps us from the rest of it; the names of what was not there already."""
    troubles: List[OSError] = []
    news: List[str] = []
    for name in names:
        try:
            news += [name] if _copy(disk, source / name, target / name) else []
        except OSError as error:
            troubles.append(error)
        if _is_the_end(troubles):
            break
    if not troubles:
        return news
    found = f"{len(troubles)} of {len(names)}: {troubles[-1].strerror or troubles[-1]} ({troubles[-1].filename})"
    if len(troubles) == len(names) or _is_the_end(troubles):
        fix = "look for room and rights there; is it still mounted?"
        raise CarryBroken(f"copying to {target}", found, fix) from troubles[-1]
    raise CarryPartial(f"copying to {target}", found, "look for the rights of what it names") from troubles[-1]


def _is_the_end(troubles: List[OSError]) -> bool:
    """Whether the next name fares no better than the last."""
    return bool(troubles) and troubles[-1].errno in _ENDS_ALL


def _copy(disk: Disk, source: Path, target: Path, depth: int = 0) -> bool:
    """Whether anything was not there already."""
    kind = _kind(disk, source)
    if kind == _FOLDER and depth < DEEPEST:
        copied = [_copy(disk, source / name, target / name, depth + 1) for name in disk.names(source)]
        return any(copied)
    if kind != _FILE:
        return False
    pieces = disk.pieces(source, _ALL)
    try:
        first = next(pieces, b"")
    except OSError as error:
        if error.errno not in NO_FILE:  # gone, or a link: what it leads to is not carried
            raise
        return False
    if _is_the_same(disk, source, target):
        return False
    disk.ensure_folder(target.parent)
    disk.publish(target, itertools.chain([first], pieces), replacing=True)
    return True


def _is_the_same(disk: Disk, source: Path, target: Path) -> bool:
    if not disk.exists(target) or disk.status(source).st_size != disk.status(target).st_size:
        return False
    return _digest(disk, source) == _digest(disk, target)


def _digest(disk: Disk, path: Path) -> bytes:
    """Of all of it, a piece at a time: a file need not fit into memory."""
    found = hashlib.sha256()
    for piece in disk.pieces(path, _ALL):
        found.update(piece)
    return found.digest()

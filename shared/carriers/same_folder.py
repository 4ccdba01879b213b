"""Carrying where the other root is a folder of this machine: a mounted share, a second disk.

It exists for machines without rsync; where both sides use the very same folder nothing is carried at all.
"""

from __future__ import annotations

import fnmatch
import os
from pathlib import Path
from typing import Iterator, List, Optional, Sequence

from shared.carriers import CarryBroken, There, ThereAway
from shared.disk import NO_FILE, Disk

PACE = 0.0
EVERY = 2.0


def reach(there: There) -> None:
    """Look whether it is mounted."""
    if not os.path.isdir(there.address):
        raise ThereAway(f"opening {there.address}", "there is no such folder", "mount it, or correct `there`")


def names(there: There, patterns: Sequence[str]) -> List[str]:
    """By listing the folders the patterns name."""
    reach(there)
    return sorted({name for pattern in patterns for name in _found(there, pattern)})


def send(names: Sequence[str], here: Path, there: There) -> None:
    """Copy; what is there already and the same is left alone."""
    reach(there._replace(address=str(Path(there.address).parent)))
    _copy_all(there.disk, names, here, Path(there.address))


def bring(names: Sequence[str], there: There, here: Path) -> None:
    """The same the other way."""
    reach(there)
    _copy_all(there.disk, names, Path(there.address), here)


def landing(there: There, folder: str) -> There:
    """A folder of the other root."""
    return there._replace(address=str(Path(there.address, folder)))


def carries(name: str, size: int) -> bool:
    """Everything."""
    return True


def _found(there: There, pattern: str) -> Iterator[str]:
    root, parts = Path(there.address), pattern.rstrip("/").split("/")
    folders = [""]
    for depth, part in enumerate(parts, 1):
        inside = [f"{folder}{name}" for folder in folders for name in fnmatch.filter(there.disk.names(root / folder), part)]
        folders = [f"{name}/" for name in inside if there.disk.is_folder(root / name)]
        yield from folders
        if depth == len(parts) and not pattern.endswith("/"):
            yield from (name for name in inside if f"{name}/" not in folders)


def _copy_all(disk: Disk, names: Sequence[str], source: Path, target: Path) -> None:
    try:
        forbidden = [error for error in (_copy_one(disk, source / name, target / name) for name in names) if error]
        if forbidden:
            raise forbidden[0]
    except OSError as error:
        found = f"{error.strerror or error} ({error.filename})"
        raise CarryBroken(f"copying to {target}", found, "look for room and rights there; is it still mounted?") from error


def _copy_one(disk: Disk, source: Path, target: Path) -> Optional[PermissionError]:
    """What keeps this one from coming, and no other."""
    try:
        _copy(disk, source, target)
    except PermissionError as error:
        return error
    return None


def _copy(disk: Disk, source: Path, target: Path) -> None:
    if disk.is_folder(source):
        for name in disk.names(source):
            _copy(disk, source / name, target / name)
        return
    try:
        data = disk.read(source).data
    except OSError as error:
        if error.errno not in NO_FILE:  # gone, or a link: what it leads to is not carried
            raise
        return
    if disk.exists(target) and disk.read(target).data == data:
        return
    disk.ensure_folder(target.parent)
    disk.publish(target, data, replacing=True)

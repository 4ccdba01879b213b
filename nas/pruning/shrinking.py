"""Compressing and removing: a compressed file is read back before the plain one goes, and only a whole one goes after its time.

It exists so that room is made without a byte being lost on the way, wherever a kill or a full disk comes in between.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import re
import zlib
from datetime import datetime
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional

from nas.backup import BackupFailed, backups_in, digest_of, newest_of, read_back
from nas.pruning.due import Due, folders_of
from shared.config import Settings
from shared.disk import Disk

_GZIP, _PIECE = 31, 1 << 20
_DRAFT = re.compile(r"\..+\.gz\.[0-9a-f]{8}\.tmp")


class Pruned(NamedTuple):
    """What became of what was due: `unkept` lies in no verified backup as it is and was left; `odd` is not what it should be."""

    compressed: List[Path]
    removed: List[Path]
    unkept: List[Path]
    odd: List[str]


def prune(disk: Disk, settings: Settings, due: List[Due], at: datetime) -> Pruned:
    """Each by itself: one that is odd, or for which there is no room, hinders no other; nor does a folder that is away."""
    done = Pruned([], [], [], [])
    for folder in folders_of(settings):
        _sweep(disk, folder, done)
    kept = _kept(disk, settings.backups, at, done) if any(one.kept_as for one in due) else {}
    for one in due:
        try:
            _one(disk, one, kept, done)
        except OSError as error:
            done.odd.append(f"{one.path}: {error.strerror or error}")
    return done


def _one(disk: Disk, one: Due, kept: Dict[str, str], done: Pruned) -> None:
    if one.is_over:
        _remove(disk, one.path, done)
    elif one.kept_as and kept.get(one.kept_as) != digest_of(disk, one.path):
        done.unkept.append(one.path)
    elif _compressed(disk, one.path, is_newer=bool(one.kept_as)):
        done.compressed.append(one.path)
    else:
        done.odd.append(f"{one.path}: {one.path.name}.gz is there and holds something else")


def _remove(disk: Disk, path: Path, done: Pruned) -> None:
    if _digest_within(path) is None:
        done.odd.append(f"{path}: it cannot be unpacked, and stays")
        return
    disk.remove(path)
    done.removed.append(path)


def _compressed(disk: Disk, path: Path, is_newer: bool) -> bool:
    """Whether its content lies in `<name>.gz` now, and there alone. `is_newer`: what is compressed there with another content is
    what it replaces, as a paper of a day that was told again does."""
    target, digest = path.with_name(f"{path.name}.gz"), digest_of(disk, path)
    if is_newer and disk.exists(target) and _digest_within(target) != digest:
        disk.remove(target)
    if not disk.exists(target):
        _make(disk, path, target, digest)
    if _digest_within(target) != digest or digest_of(disk, path) != digest:
        return False
    disk.remove(path)
    return True


def _make(disk: Disk, path: Path, target: Path, digest: str) -> None:
    """Under its name only what was read back."""
    draft, times = path.with_name(f".{target.name}.{os.urandom(4).hex()}.tmp"), disk.status(path)
    try:
        disk.create(draft, _squeezed(disk, path))
        os.utime(draft, ns=(times.st_atime_ns, times.st_mtime_ns))
        if _digest_within(draft) == digest:
            disk.move(draft, target)
            disk.flush_folder(target.parent)
    finally:
        with contextlib.suppress(OSError):
            disk.remove(draft)


def _squeezed(disk: Disk, path: Path) -> Iterator[bytes]:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, _GZIP)
    for data in disk.pieces(path, 1 << 62):
        yield squeeze.compress(data)
    yield squeeze.flush()


def _digest_within(path: Path) -> Optional[str]:
    """The sha256 of what is compressed there; None where it cannot be unpacked to its end."""
    digest = hashlib.sha256()
    with contextlib.suppress(EOFError, zlib.error, OSError), gzip.open(path) as plain:
        for data in iter(lambda: plain.read(_PIECE), b""):
            digest.update(data)
        return digest.hexdigest()
    return None


def _kept(disk: Disk, backups: Path, at: datetime, done: Pruned) -> Dict[str, str]:
    """The sha256 of each file in the newest backup, which is read back for it; empty where there is none that is whole."""
    try:
        newest = newest_of(backups_in(disk, backups), at)
        manifest = read_back(backups / newest) if newest else {"files": []}
    except BackupFailed as error:
        done.odd.append(str(error))
        return {}
    except OSError as error:
        done.odd.append(f"{error.filename or backups}: {error.strerror or error}")
        return {}
    return {one["path"]: one["sha256"] for one in manifest["files"]}


def _sweep(disk: Disk, folder: Path, done: Pruned) -> None:
    """Away with what one that was killed left: whoever prunes is alone."""
    try:
        for name in filter(_DRAFT.fullmatch, disk.names(folder)):
            disk.remove(folder / name)
    except OSError as error:
        done.odd.append(f"{folder}: {error.strerror or error}")

"""Restoring for a test: the newest backup unpacked into a folder of its own, and compared with its manifest and with what lives.

It exists because only a backup that was once restored is known to be one.
"""

from __future__ import annotations

import contextlib
import os
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Dict, Iterator, List, NamedTuple

from nas.backup.failed import BackupFailed
from nas.backup.keeping import backups_in, newest_of
from nas.backup.reading import Manifest, digest_of, read_back
from shared.config import Settings
from shared.disk import NO_FILE, Disk


class Restored(NamedTuple):
    """How many files came back; of those that live here: how many are the same still, how many changed or went since; and
    those that are said not to have changed and are not the same."""

    name: str
    files: int
    same: int
    changed: int
    gone: int
    odd: List[str]


def restore_test(disk: Disk, settings: Settings, at: datetime) -> Restored:
    """Of the newest by then; BackupFailed where there is none or it does not come back whole. The folder it takes goes again."""
    newest = newest_of(backups_in(disk, settings.backups), at)
    if newest is None:
        fix = "make one: python -m nas run back_up"
        raise BackupFailed(f"restoring the newest backup of {settings.backups}", "there is none", fix)
    folder = settings.backups / f".restore-{os.urandom(4).hex()}"
    try:
        disk.make_folder(folder)
        manifest = restore(disk, settings.backups / newest, folder)
        _require_same(disk, folder, manifest)
        return _compared(disk, newest, manifest)
    except OSError as error:
        fix = f"make room in {settings.backups}; the backups there are whole"
        raise BackupFailed(f"restoring {newest} for a test", error.strerror or str(error), fix) from error
    finally:
        with contextlib.suppress(OSError):
            disk.remove_tree(folder)


def restore(disk: Disk, archive: Path, folder: Path) -> Manifest:
    """All of it into that folder; its manifest."""

    def take(name: str, pieces: Iterator[bytes]) -> None:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise BackupFailed(f"restoring {archive}", f"{name} would lie outside", "that is no backup of ours: do not use it")
        disk.ensure_folder((folder / name).parent)
        disk.put(folder / name, pieces)

    return read_back(archive, take)


def _require_same(disk: Disk, folder: Path, manifest: Manifest) -> None:
    """As it lies on the disk now, and not as it was written."""
    for one in manifest["files"]:
        if digest_of(disk, folder / one["path"]) != one["sha256"]:
            raise BackupFailed(f"restoring {one['path']}", "it did not come back as it was", "look at that disk: it loses data")


def _compared(disk: Disk, name: str, manifest: Manifest) -> Restored:
    counts: Dict[str, int] = {"same": 0, "changed": 0, "gone": 0}
    odd: List[str] = []
    for one in manifest["files"]:
        how = _standing(disk, one, manifest["roots"])
        if how == "odd":
            odd.append(one["path"])
        else:
            counts[how] += 1
    return Restored(name, len(manifest["files"]), **counts, odd=odd)


def _standing(disk: Disk, one: "Dict[str, object]", roots: Dict[str, str]) -> str:
    """Of what lives: a file whose size and time are as they were is the same to its last byte, or odd."""
    top, _, rest = str(one["path"]).partition("/")
    if top not in roots:
        return "gone"
    live = Path(roots[top]) / rest
    try:
        status = disk.status(live)
        if (status.st_size, status.st_mtime_ns) != (one["bytes"], one["mtime_ns"]):
            return "changed"
        return "same" if digest_of(disk, live) == one["sha256"] else "odd"
    except OSError as error:
        if error.errno not in NO_FILE:
            raise
        return "gone"

"""Making one backup: written under a name nobody takes for one, flushed, read back to its last byte, then shown.

It exists so that whatever is under a backup's name is one, whoever was killed and however full the disk is.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any, Dict, List, NamedTuple

import inbox
import outbox
from nas.backup.answers import damaged_answers
from nas.backup.chosen import ELSEWHERE, LEFT_OUT, chosen, roots_of
from nas.backup.failed import BackupFailed
from nas.backup.keeping import backups_in, had_their_time, name_of
from nas.backup.packing import SCHEMA, Packing
from nas.backup.reading import read_back
from shared import clock
from shared.config import Settings, is_named
from shared.disk import Disk
from shared.version import version


class Made(NamedTuple):
    """A backup that was read back; `unread` are files that belong into it and could not be read; `damaged` the ids of answers
    that are not what their manifests say: they are in it as they lie there."""

    name: str
    files: int
    size: int
    unread: List[str]
    damaged: List[str]


def make_backup(disk: Disk, settings: Settings, at: datetime) -> Made:
    """The backup of that moment; BackupFailed where there is none now, and then those before it are as they were."""
    folder, name = settings.backups, name_of(at)
    _require_queue(disk, settings.reports)
    _require(disk, folder)
    draft = folder / f".{name}.{os.urandom(4).hex()}.tmp"
    packing = Packing(disk, _about(settings, at))
    try:
        disk.create(draft, packing.packed(chosen(settings)))
        size = int(disk.status(draft).st_size)
        manifest = read_back(draft)
        disk.move(draft, folder / name)
        disk.flush_folder(folder)
    except OSError as error:
        found = error.strerror or str(error)
        raise BackupFailed(f"writing {folder / name}", found, f"make room in {folder}; the backups there are whole") from error
    finally:
        _drop(disk, draft)
    damaged = damaged_answers(outbox.open_outbox(settings.reports, disk), manifest)
    return Made(name, len(manifest["files"]), size, list(manifest["unread"]), damaged)


def prune_backups(disk: Disk, settings: Settings, folder: Path, made: str) -> List[str]:
    """Away with those that had their time. Called when the one just made was read back, and never before."""
    doomed = had_their_time(backups_in(disk, folder), settings.backup_days, settings.backup_weeks, made)
    for name in doomed:
        disk.remove(folder / name)
    disk.flush_folder(folder)
    return doomed


def _require_queue(disk: Disk, reports: Path) -> None:
    """A share that is away looks like an empty folder, and links are not followed: a backup without what lies there would in
    time push the good ones out. The reports folder itself may be a link."""
    queue = [*inbox.folders_of(inbox.open_inbox(reports, disk)), *outbox.folders_of(outbox.open_outbox(reports, disk))]
    for folder in (one for one in queue if one != reports and not disk.is_folder(one)):
        found = f"there is no folder {folder.name}: the share is not mounted, or the folder was moved"
        fix = "mount it, or put the folder back; a new queue is made by `python -m nas init`"
        if disk.exists(folder):
            found = f"{folder.name} is a link, or no folder: what it leads to would be in no backup"
            fix = f"put the folder itself at {folder}, or mount its disk there (mount --bind)"
        raise BackupFailed(f"backing up {reports}", found, f"{fix}; the backups there are whole")


def _require(disk: Disk, folder: Path) -> None:
    """The default folder is made; one that was named and is not there is a disk that is not mounted."""
    if disk.is_folder(folder):
        return
    if is_named("backups") and not disk.exists(folder.parent):
        raise BackupFailed(f"writing to {folder}", "there is no such folder", "mount its disk, or correct the setting backups")
    disk.ensure_folder(folder)


def _about(settings: Settings, at: datetime) -> Dict[str, Any]:
    left_out = [{"what": what, "why": why} for what, why in (*LEFT_OUT, *ELSEWHERE)]
    roots = {name: str(path) for name, path in roots_of(settings).items()}
    return {"schema": SCHEMA, "made_at": clock.iso(at), "version": version(), "roots": roots, "left_out": left_out}


def _drop(disk: Disk, draft: Path) -> None:
    try:
        disk.remove(draft)
    except OSError:  # the next one sweeps it
        pass

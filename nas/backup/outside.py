"""The copy on the external disk: backups and archived answers, by rsync, each read back over there.

It exists because a backup on the disk that fails is none.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Dict, Iterator, List

from nas.backup.failed import BackupFailed
from nas.backup.keeping import backups_in
from nas.backup.known import Known
from nas.backup.reading import digest_of, read_back
from shared import clock
from shared.carriers import Carrier, open_carrier
from shared.config import Settings
from shared.disk import Disk

MARK = ".krx-relay-backups"  # in the folder on the external disk: an empty mount point has none
_SUNDAY = 6
_AGAIN = "remove that file and try again; where it comes back so, replace the disk: python -m nas run back_up -- --copy"


def is_due(known: Known, at: datetime) -> bool:
    """On Sundays, and afterwards until last Sunday's was done. One that lies ahead was noted by a clock that was wrong."""
    today = at.astimezone(clock.KST).date()
    sunday = today - timedelta(days=(today.weekday() - _SUNDAY) % 7)
    return known.copied is None or known.copied > at or known.copied.astimezone(clock.KST).date() < sunday


def copy_outside(disk: Disk, settings: Settings, to: Path) -> int:
    """How many files were copied; every backup over there is read back. Nothing over there is removed, and no backup goes over
    that is not whole here; BackupFailed where there is such a one on either side, or the disk is not there."""
    if not disk.exists(to / MARK):
        fix = f"mount the external disk; a new one is marked once: touch {to / MARK}"
        raise BackupFailed(f"copying backups to {to}", f"there is no {MARK}: the disk is not mounted", fix)
    damaged = _damaged(disk, settings.backups)  # rsync would put them over the good ones there
    backups, archived = backups_in(disk, settings.backups), list(_archived(disk, settings.archive))
    whole = [name for name in backups if name not in damaged]
    copied = _copied(disk, _way(disk, settings, to / "backups"), settings.backups, whole)
    copied += _copied(disk, _way(disk, settings, to / "archive"), settings.archive, archived)
    for error in damaged.values():
        raise BackupFailed(error.what, error.why, "remove it; its copy on the external disk is as it was")
    for error in _damaged(disk, to / "backups").values():  # rsync sees size and time alone, and disks rot
        raise BackupFailed(error.what, error.why, _AGAIN)
    return copied


def _damaged(disk: Disk, folder: Path) -> Dict[str, BackupFailed]:
    """Those that are not what they were when they were made."""
    found: Dict[str, BackupFailed] = {}
    for name in backups_in(disk, folder):
        try:
            read_back(folder / name)
        except BackupFailed as error:
            found[name] = error
    return found


def _way(disk: Disk, settings: Settings, there: Path) -> Carrier:
    disk.ensure_folder(there)
    return open_carrier(settings.model_copy(update={"carrier": "rsync"}), str(there), "nas", disk)


def _copied(disk: Disk, way: Carrier, here: Path, names: List[str]) -> int:
    there = Path(way.there.address)
    files = [name for one in way.send(names, here) for name in _files_in(disk, here, one)]
    _require_same(disk, here, there, files)
    disk.flush_all([there / name for name in files], {(there / name).parent for name in files})
    return len(files)


def _require_same(disk: Disk, here: Path, there: Path, names: List[str]) -> None:
    for name in names:
        if digest_of(disk, here / name) != digest_of(disk, there / name):
            raise BackupFailed(f"reading back {there / name}", "it is not what was written", _AGAIN)


def _archived(disk: Disk, archive: Path) -> Iterator[str]:
    """Every archived answer, `<month>/<id>`; what is on its way has a dot before its name."""
    for month in [name for name in sorted(disk.names(archive)) if disk.is_folder(archive / name)]:
        yield from (f"{month}/{name}" for name in sorted(disk.names(archive / month)) if not name.startswith("."))


def _files_in(disk: Disk, root: Path, name: str) -> List[str]:
    if not disk.is_folder(root / name):
        return [name]
    return [file for below in sorted(disk.names(root / name)) for file in _files_in(disk, root, f"{name}/{below}")]

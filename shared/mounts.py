"""What a folder lies on: the kind of file system, whether the other machine's writing rings a bell there, how much room is left.

It exists because a share looks like any folder until an event does not come or the disk is full.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from shared.found import BAD, OK, WARN, Found, worst
from shared.sayings import say

_MOUNTS = Path("/proc/mounts")
NETWORK_DRIVE = "network drive"
_OF_ANOTHER_MACHINE = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|9p|afs|afpfs|webdav|davfs2?|ceph|glusterfs|lustre|gpfs|beegfs|vboxsf|virtiofs|prl_fs|drvfs"
    rf"|fuse\.(?!(mergerfs|ecryptfs|gocryptfs|bindfs|unionfs|exfat|ntfs)$).+|{NETWORK_DRIVE}"
)
_MB = 1 << 20
_GB = 1 << 30
_LOW, _LOWEST = (_GB, 10_000), (100 * _MB, 500)  # bytes and inodes: to be looked at, and too few for one answer


class Room(NamedTuple):
    """What is left on a disk; `inodes` is None where the file system has no fixed number of them."""

    free: int
    inodes: Optional[int]


def kind_of(path: Path, mounts: Optional[str] = None) -> Optional[str]:
    """The kind of file system that folder lies on, by the system's list of mounts; None where this system does not tell."""
    if mounts is None and os.name == "nt":
        return _kind_on_windows(path)
    try:
        text = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape") if mounts is None else mounts
    except OSError:
        return None
    return _longest(os.path.realpath(path) if mounts is None else str(path), text)


def is_remote(kind: str) -> bool:
    """Whether what another machine writes there is seen by no watch of this one."""
    return bool(_OF_ANOTHER_MACHINE.fullmatch(kind))


def events(path: Path, scan_seconds: float) -> Found:
    """Whether the other machine's files can ring a bell in that folder, by its kind alone; only a watch shows that they do."""
    kind = kind_of(path)
    if kind is None:
        return Found("events", WARN, say("events_unknown"))
    if is_remote(kind):
        return Found("events", OK, say("events_scans", kind=kind, seconds=f"{scan_seconds:g}"))
    return Found("events", OK, say("events_local", kind=kind))


def space(paths: List[Path]) -> Found:
    """Whether there is room on the disks these folders lie on, or will; a disk is told once."""
    disks: Dict[int, Path] = {}
    for path in paths:
        place = nearest(path)
        disks.setdefault(os.stat(place).st_dev, place)
    return worst([space_of(place, room_at(place)) for place in disks.values()], "space")


def nearest(path: Path) -> Path:
    """The folder itself, or the first above it that is there; a link to what is not mounted is there."""
    while not os.path.lexists(path) and path.parent != path:
        path = path.parent
    return path


def room_at(path: Path) -> Room:
    """What is left there for this user."""
    free = shutil.disk_usage(path).free
    if os.name == "nt":
        return Room(free, None)
    found = os.statvfs(path)
    return Room(free, found.f_favail if found.f_files else None)


def space_of(path: Path, room: Room) -> Found:
    """What that much room means."""
    inodes = say("no_limit") if room.inodes is None else f"{room.inodes:,}"
    facts = {"name": str(path), "free": _bytes(room.free), "inodes": inodes}
    if not _is_below(room, _LOW):
        return Found("space", OK, say("space_ok", **facts))
    verdict = BAD if _is_below(room, _LOWEST) else WARN
    return Found("space", verdict, say("space_low", **facts), say("space_fix", path=path))


def _is_below(room: Room, least: Tuple[int, int]) -> bool:
    return room.free < least[0] or (room.inodes is not None and room.inodes < least[1])


def _longest(path: str, text: str) -> Optional[str]:
    """Of the mount whose folder is the longest beginning of the path; of several over each other the last."""
    best, kind = -1, None
    for line in text.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), parts[1])
        under = path == point or path.startswith(point.rstrip("/") + "/")
        if under and len(point) >= best:
            best, kind = len(point), parts[2]
    return kind


def _kind_on_windows(path: Path) -> str:
    """Only whether it is a drive of another machine: that is all that matters."""
    import ctypes

    windows: Any = getattr(ctypes, "windll", None)  # only there
    drive = os.path.splitdrive(os.path.abspath(path))[0]
    is_far = drive.startswith("\\\\") or windows.kernel32.GetDriveTypeW(f"{drive}\\") == 4
    return NETWORK_DRIVE if is_far else "local drive"


def _bytes(size: int) -> str:
    return f"{size / _GB:,.1f} GB" if size >= _GB else f"{size // _MB} MB"

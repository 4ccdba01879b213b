"""Whose a folder is, who may write there, and whether this user really can.

It exists because `chmod 777` mends every complaint and lets anybody put requests in: here stands what to type instead.
"""

from __future__ import annotations

import contextlib
import errno
import getpass
import os
import shlex
import stat
from pathlib import Path
from typing import Dict, Iterable, List, NamedTuple, Optional

from shared.disk import Disk
from shared.found import BAD, OK, WARN, Found, worst
from shared.mounts import nearest
from shared.probe import probe_name
from shared.sayings import say
from shared.text import Table, wording

_WORDS: Table = {
    "away_fix": (
        "디스크를 연결한다. 새 폴더이면 한 번만 만든다: mkdir -p {path}",
        "mount its disk; a new one is a folder that you make once: mkdir -p {path}",
    )
}
_ANYBODY = stat.S_IWOTH
_PUBLIC = (".pub", "known_hosts")  # of ssh: nobody learns anything from these
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Seen(NamedTuple):
    """A folder with its owner and its mode; `why`: what kept us from writing there."""

    path: Path
    owner: str
    mode: int
    why: Optional[OSError] = None


def folders(disk: Disk, paths: Iterable[Path]) -> Found:
    """Whether each of them is there, this user can write to it, and not everybody can."""
    return _together([_folder(disk, path) for path in paths], "folders")


def own_folders(disk: Disk, paths: Iterable[Path], private: Path, never_made: Iterable[Path] = ()) -> Found:
    """The same of this machine's folders, which are made when first needed: then the one above counts. `private` is this
    user's alone; `never_made` may be a disk that is not mounted."""
    found = [_folder(disk, path) if disk.exists(path) else _unmade(disk, nearest(path)) for path in paths]
    away = [_away(path) for path in never_made if not disk.exists(path)]
    return _together([*found, *away, *filter(None, [_read_by_others(disk, private)])], "own_folders")


def _away(path: Path) -> Found:
    fix = wording(_WORDS, "away_fix", path=shlex.quote(str(path)))
    return Found("own_folders", WARN, say("folder_missing", path=path), fix)


def _together(found: List[Found], check: str) -> Found:
    """One line; folders of one owner and mode are named together."""
    if any(one.verdict != OK for one in found):
        return worst(found, check)
    return worst([Found(check, OK, said) for said in dict.fromkeys(one.said for one in found)], check)


def _unmade(disk: Disk, above: Path) -> Found:
    """Of a folder that is made when needed only whether it can be: the one above may be anybody's, like /tmp."""
    found = _folder(disk, above)
    return found if found.verdict == BAD else Found("own_folders", OK, say("folder_unmade"))


def _read_by_others(disk: Disk, path: Path) -> Optional[Found]:
    """Whether others can look into that folder and what lies in it; None where they cannot, or it is not there."""
    if os.name == "nt" or not disk.exists(path):
        return None
    for one in (path, *(path / name for name in sorted(disk.names(path)) if not name.endswith(_PUBLIC))):
        mode = disk.status(one).st_mode
        if mode & _OTHERS:
            wanted = "700" if stat.S_ISDIR(mode) else "600"
            said = say("private", path=one, mode=_octal(mode))
            return Found("own_folders", WARN, said, say("private_fix", wanted=wanted, path=shlex.quote(str(one))))
    return None


def judged(seen: Seen) -> Found:
    """What these facts mean."""
    facts = {"name": seen.path.name or str(seen.path), "owner": seen.owner, "mode": _octal(seen.mode)}
    if seen.why is not None:
        return _shut(seen, dict(facts, why=seen.why.strerror or type(seen.why).__name__))
    if seen.mode & _ANYBODY:
        wanted = f"{seen.mode & 0o2770 | 0o770:o}"
        fix = say("folder_open_fix", owner=seen.owner, wanted=wanted, paths=shlex.quote(str(seen.path)))
        return Found("folders", WARN, say("folder_open", **facts), fix)
    return Found("folders", OK, say("folder", **facts))  # every one that is fine reads alike


def _folder(disk: Disk, path: Path) -> Found:
    try:
        seen = _seen(disk, path)
    except FileNotFoundError:
        return Found("folders", BAD, say("folder_missing", path=path), say("share_fix"))
    return judged(seen)


def _seen(disk: Disk, path: Path) -> Seen:
    found = disk.status(path)
    mode = stat.S_IMODE(found.st_mode) if os.name != "nt" else 0o700  # Windows' own lists say more than a mode can
    return Seen(path, _owner(found), mode, _refusal(disk, path))


def _refusal(disk: Disk, path: Path) -> Optional[OSError]:
    """Why nothing can be created there; only trying tells."""
    probe = path / probe_name()
    try:
        disk.put(probe, b"")
    except OSError as error:
        return error
    finally:
        with contextlib.suppress(OSError):
            disk.remove(probe)
    return None


def _shut(seen: Seen, facts: Dict[str, str]) -> Found:
    if seen.why is not None and seen.why.errno == errno.EROFS:
        return Found("folders", BAD, say("folder_read_only", **facts), say("folder_read_only_fix"))
    if seen.why is not None and seen.why.errno in (errno.ENOSPC, errno.EDQUOT):
        return Found("folders", BAD, say("folder_shut", **facts), say("space_fix", path=seen.path))
    if os.name == "nt":
        fix = say("folder_shut_windows", user=getpass.getuser(), paths=f'"{seen.path}"')
    else:
        fix = say("folder_shut_fix", user=_user(), paths=shlex.quote(str(seen.path)))
    return Found("folders", BAD, say("folder_shut", **facts), fix)


def _owner(found: os.stat_result) -> str:
    """`kim:users`; numbers where this machine knows no names."""
    if os.name == "nt":
        return ""
    return f"{_name('pwd', 'getpwuid', found.st_uid)}:{_name('grp', 'getgrgid', found.st_gid)}"


def _user() -> str:
    return _name("pwd", "getpwuid", os.geteuid()) if os.name != "nt" else getpass.getuser()


def _name(module: str, ask: str, number: int) -> str:
    import importlib

    try:
        return str(getattr(importlib.import_module(module), ask)(number)[0])
    except (KeyError, ImportError):
        return str(number)


def _octal(mode: int) -> str:
    return f"{stat.S_IMODE(mode):04o}"

"""Carrying by a git repository both sides reach: the branch `relay`, one folder in it per writer, small text files only.

It exists for machines that see each other nowhere else; a repository of its own, never the one the code lies in.
"""

from __future__ import annotations

import errno
import fnmatch
import os
import random
import time
from pathlib import Path
from typing import Dict, Iterator, List, Sequence, Set

from shared.carriers import CarryBroken, There, ThereAway
from shared.carriers._blobs import blobs_of, contents, sizes_of
from shared.carriers._branch import BRANCH, Late, fetched, others, ours, pushed
from shared.carriers._clone import Clone, in_clone
from shared.disk import NO_FILE
from shared.errors import RelayError
from shared.small_text import is_small

PACE = 600.0  # every sending is a commit that stays: what is of no lasting worth is sent so seldom
EVERY = 60.0  # a look leaves nothing behind, but somebody else may own the server
_TRIES, _FIRST_PAUSE, _LONGEST_PAUSE = 10, 0.05, 3.0
_IMPOSSIBLE = (*NO_FILE, errno.EEXIST, errno.EILSEQ, errno.EINVAL)  # no file can have that name, here


def reach(there: There) -> None:
    """Fetch the tip, and see that nobody else writes under our name."""
    in_clone(there, others)


def names(there: There, patterns: Sequence[str]) -> List[str]:
    """What the other writers have there, as if it were one root. A branch that is not there yet is an empty one."""
    inside = [pattern for pattern in patterns if "/" in pattern]
    wanted = {part for pattern in inside for part in (pattern, *_with_folders(pattern.rstrip("/"))[1:])}
    found = {f"{pattern.split('/')[0]}/" for pattern in inside}  # a root has them, empty or not
    for path in {path for files in in_clone(there, others).values() for path in files}:
        found |= set(_with_folders(path))
    return sorted(name for name in found if any(_is_like(name, pattern) for pattern in wanted))


def unsent(names: Sequence[str], here: Path, there: There) -> List[str]:
    """Those that do not lie in our own folder of the branch as they are here; nothing is asked over the wire."""
    return in_clone(there, lambda own: _unsent(own, names, _blobs(own, names, here)))


def send(names: Sequence[str], here: Path, there: There) -> List[str]:
    """One commit in our own folder of the branch; what we no longer have goes from it. Nobody else's files are touched."""
    return in_clone(there, lambda own: _send(own, names, here))


def bring(names: Sequence[str], there: There, here: Path) -> bool:
    """Each folder from one writer only: two who answered the same are two answers, never a mixture."""
    return in_clone(there, lambda own: _bring(own, set(names), here))


def landing(there: There, folder: str) -> There:
    """The branch is nobody's root: half of anything harms nobody there."""
    return there


def carries(name: str, size: int) -> bool:
    """Small text: what grows a repository without end stays where it was made."""
    return is_small(name, size)


# ---- in our clone ----


def _send(own: Clone, names: Sequence[str], here: Path) -> List[str]:
    blobs = _blobs(own, names, here)
    news = _unsent(own, names, blobs)
    tries: List[Late] = []
    while len(tries) < _TRIES:
        late = pushed(own, here, blobs)
        if late is None:
            return news
        tries.append(late)
        time.sleep(random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** len(tries))))
    raise _never_in_time(own, tries)


def _never_in_time(own: Clone, tries: List[Late]) -> RelayError:
    """Whether others were quicker each time, or nobody pushed at all and the branch takes nothing."""
    doing = f"pushing to {own.there.address}"
    if fetched(own) != tries[0].tip:
        return ThereAway(doing, f"others pushed first, {len(tries)} times", "nothing is lost: the next sync sends it")
    found = f"nobody else pushed, and it was refused {len(tries)} times: {tries[-1].said}"
    return CarryBroken(doing, found, f"remove over there what a killed git left, as `{BRANCH}.lock`, once none is at work in it")


def _unsent(own: Clone, names: Sequence[str], blobs: Dict[str, str]) -> List[str]:
    """By content: what was mended under its old name is news."""
    there = ours(own)
    news = {part for path, blob in blobs.items() if there.get(path) != blob for part in _with_folders(path)}
    return [name for name in names if name in news or f"{name}/" in news]


def _blobs(own: Clone, names: Sequence[str], here: Path) -> Dict[str, str]:
    return blobs_of(own, here, list(_files(own.there, here, names)))


def _bring(own: Clone, wishes: Set[str], here: Path) -> bool:
    found: Dict[str, str] = {}
    copies = _copies(own, wishes).values()
    for one in copies:
        found.update(one[own.there.turn % len(one)])
    sizes = sizes_of(own, list(found.values()))
    small = {path: blob for (path, blob), size in zip(found.items(), sizes) if carries(path, size)}
    for path, data in zip(small, contents(own, list(small.values()))):
        _write(own.there, here / path, data)
    return any(len(one) > own.there.turn + 1 for one in copies)


def _copies(own: Clone, wishes: Set[str]) -> Dict[str, List[Dict[str, str]]]:
    """Of each wish what each writer has, path by path. A wish for a folder is not met by a file, nor the other way round."""
    found: Dict[str, List[Dict[str, str]]] = {}
    for _, files in sorted(others(own).items()):
        for wish, blobs in _wished(files, wishes).items():
            found.setdefault(wish, []).append(blobs)
    return found


def _wished(files: Dict[str, str], wishes: Set[str]) -> Dict[str, Dict[str, str]]:
    """What one writer has of each wish."""
    found: Dict[str, Dict[str, str]] = {}
    for path, blob in files.items():
        for wish in wishes.intersection(_with_folders(path)):
            found.setdefault(wish, {})[path] = blob
    return found


def _files(there: There, here: Path, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        path = here / name
        if there.disk.is_folder(path):
            yield from _files(there, here, [f"{name}/{inner}" for inner in there.disk.names(path) if not inner.startswith(".")])
        elif os.path.isfile(path) and carries(name, path.stat().st_size) and "\n" not in name:
            yield name


def _with_folders(path: str) -> List[str]:
    """The path itself and every folder around it, with a slash at its end."""
    parts = path.split("/")
    return [path, *("/".join(parts[:length]) + "/" for length in range(len(parts) - 1, 0, -1))]


def _write(there: There, path: Path, data: bytes) -> None:
    """Unless it is there already, or cannot be: then it is missing, as what nobody pushed."""
    try:
        if there.disk.exists(path) and there.disk.read(path).data == data:
            return
        there.disk.ensure_folder(path.parent)
        there.disk.publish(path, data, replacing=True)
    except OSError as error:
        if error.errno not in _IMPOSSIBLE:
            raise


def _is_like(name: str, pattern: str) -> bool:
    is_folder = pattern.endswith("/")
    parts, wanted = name.rstrip("/").split("/"), pattern.rstrip("/").split("/")
    return name.endswith("/") >= is_folder and len(parts) == len(wanted) and all(map(fnmatch.fnmatchcase, parts, wanted))

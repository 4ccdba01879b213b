"""Carrying by a git repository both sides reach: the branch `relay`, one folder in it per writer, small text files only.

It exists for machines that see each other nowhere else; a repository of its own, never the one the code lies in.
"""

from __future__ import annotations

import fnmatch
import os
import random
import time
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Sequence, Set

from shared.carriers import There, ThereAway
from shared.carriers._clone import Beaten, Clone, CloneBroken, git, in_clone
from shared.small_text import is_small

PACE = 600.0  # every sending is a commit that stays: what is of no lasting worth is sent so seldom
EVERY = 60.0  # a look leaves nothing behind, but somebody else may own the server
_BRANCH = "refs/heads/relay"
_TIP = "refs/there/relay"
_TRIES, _FIRST_PAUSE, _LONGEST_PAUSE = 10, 0.05, 3.0


def reach(there: There) -> None:
    """Fetch the tip."""
    in_clone(there, _fetched)


def names(there: There, patterns: Sequence[str]) -> List[str]:
    """What the other writers have there, as if it were one root. A branch that is not there yet is an empty one."""
    found: Set[str] = {pattern.split("/")[0] + "/" for pattern in patterns if "/" in pattern}
    for path in in_clone(there, _others):
        parts = path.split("/")
        found |= {"/".join(parts[: depth + 1]) + "/" for depth in range(len(parts) - 1)} | {path}
    wanted = [pattern for pattern in patterns if "/" in pattern]
    folders = {pattern.split("/")[0] + "/" for pattern in wanted}
    return sorted(name for name in found if name in folders or any(_is_like(name, pattern) for pattern in wanted))


def send(names: Sequence[str], here: Path, there: There) -> None:
    """One commit in our own folder of the branch; what we no longer have goes from it. Nobody else's files are touched."""
    in_clone(there, lambda own: _send(own, names, here))


def bring(names: Sequence[str], there: There, here: Path) -> None:
    """Each folder from one writer only: two who answered the same are two answers, never a mixture."""
    in_clone(there, lambda own: _bring(own, set(names), here))


def landing(there: There, folder: str) -> There:
    """The branch is nobody's root: half of anything harms nobody there."""
    return there


def carries(name: str, size: int) -> bool:
    """Small text: what grows a repository without end stays where it was made."""
    return is_small(name, size)


# ---- in our clone ----


def _send(own: Clone, names: Sequence[str], here: Path) -> None:
    blobs = _blobs(own, here, list(_files(own.there, here, names)))
    for attempt in range(1, _TRIES + 1):
        if _pushed(own, here, blobs):
            return
        time.sleep(random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)))
    found = f"others pushed first, {_TRIES} times"
    raise ThereAway(f"pushing to {own.there.address}", found, "nothing is lost: the next sync sends it")


def _bring(own: Clone, wishes: Set[str], here: Path) -> None:
    found: Dict[str, str] = {}
    whose: Dict[str, str] = {}
    for path, writer in _others(own).items():
        wanted = next((name for name in _with_folders(path) if name in wishes), None)
        if wanted and whose.setdefault(wanted, writer) == writer:
            found[path] = f"{_TIP}:{writer}/{path}"
    for path, data in zip(found, _contents(own, list(found.values()))):
        _write(own.there, here / path, data)


def _fetched(own: Clone) -> Optional[str]:
    """The tip of the branch; None where nobody pushed yet."""
    listed = git(own, "ls-remote", "--", own.there.address, _BRANCH).decode()
    if not listed.strip():
        return None
    git(own, "fetch", "--quiet", "--no-tags", "--depth=1", "--", own.there.address, f"+{_BRANCH}:{_TIP}")
    return git(own, "rev-parse", _TIP).decode().strip()


def _others(own: Clone) -> Dict[str, str]:
    """The paths in everybody else's folder, and whose; the first writer's where several have one."""
    if _fetched(own) is None:
        return {}
    found: Dict[str, str] = {}
    for line in git(own, "ls-tree", "-r", "-z", "--name-only", _TIP).decode("utf-8", "replace").split("\0"):
        writer, slash, path = line.partition("/")
        if slash and "\n" not in path and writer != own.there.writer and ".." not in path.split("/"):
            found.setdefault(path, writer)
    return found


def _pushed(own: Clone, here: Path, blobs: Dict[str, str]) -> bool:
    """Put the blobs upon the newest tip; False where somebody else was quicker."""
    tip = _fetched(own)
    tree = _tree(own, here, blobs, tip)
    if tip and tree == git(own, "rev-parse", f"{tip}^{{tree}}").decode().strip():
        return True
    parents = ("-p", tip) if tip else ()
    commit = git(own, "commit-tree", tree, *parents, "-m", f"{own.there.writer}: what is new").decode().strip()
    try:
        git(own, "push", "--quiet", "--", own.there.address, f"{commit}:{_BRANCH}")
    except Beaten:
        return False
    return True


def _tree(own: Clone, here: Path, blobs: Dict[str, str], tip: Optional[str]) -> str:
    """The tip's tree with our folder as it is here now."""
    ours = f"{own.there.writer}/"
    git(own, "read-tree", *([tip] if tip else ["--empty"]))
    listed = git(own, "ls-files", "-z", "--", ours).decode("utf-8", "replace").split("\0")
    gone = [path for path in listed if path and not own.there.disk.exists(here / path[len(ours) :])]
    lines = [f"0 {'0' * 40}\t{path}\0" for path in gone] + [f"100644 {blob}\t{ours}{name}\0" for name, blob in blobs.items()]
    git(own, "update-index", "-z", "--index-info", data="".join(lines).encode())
    return git(own, "write-tree").decode().strip()


def _blobs(own: Clone, here: Path, files: List[str]) -> Dict[str, str]:
    """Each file's content as git keeps it."""
    if not files:
        return {}
    paths = "".join(f"{here / name}\n" for name in files)
    hashes = git(own, "hash-object", "-w", "--no-filters", "--stdin-paths", data=paths.encode()).decode().split()
    return dict(zip(files, hashes))


def _files(there: There, here: Path, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        path = here / name
        if there.disk.is_folder(path):
            yield from _files(there, here, [f"{name}/{inner}" for inner in there.disk.names(path) if not inner.startswith(".")])
        elif os.path.isfile(path) and carries(name, path.stat().st_size) and "\n" not in name:
            yield name


def _contents(own: Clone, named: List[str]) -> Iterator[bytes]:
    """What lies at these places of the repository, by one process for all."""
    said = git(own, "cat-file", "--batch", data="".join(f"{name}\n" for name in named).encode()) if named else b""
    start = 0
    for _ in named:
        end = said.index(b"\n", start)
        told = said[start:end].split()
        if told[1:2] != [b"blob"]:
            raise CloneBroken(f"git cat-file: {said[start:end].decode('utf-8', 'replace')[:300]}")
        size = int(told[2])
        yield said[end + 1 : end + 1 + size]
        start = end + 2 + size


def _with_folders(path: str) -> List[str]:
    """The path itself and every folder around it."""
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(len(parts), 0, -1)]


def _write(there: There, path: Path, data: bytes) -> None:
    if there.disk.exists(path) and there.disk.read(path).data == data:
        return
    there.disk.ensure_folder(path.parent)
    there.disk.publish(path, data, replacing=True)


def _is_like(name: str, pattern: str) -> bool:
    is_folder = pattern.endswith("/")
    parts, wanted = name.rstrip("/").split("/"), pattern.rstrip("/").split("/")
    return name.endswith("/") >= is_folder and len(parts) == len(wanted) and all(map(fnmatch.fnmatchcase, parts, wanted))

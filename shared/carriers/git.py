"""Carrying by a git repository both sides reach: the branch `relay`, one folder in it per writer, small text files only.

It exists for machines that see each other nowhere else; a repository of its own, never the one the code lies in.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import random
import re
import subprocess
import time
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional, Sequence, Set, Type

from shared.carriers import CarryBroken, CarryRefused, There, ThereAway
from shared.config import HOME
from shared.errors import RelayError

PACE = 600.0  # every sending is a commit that stays: what is of no lasting worth is sent so seldom
EVERY = 60.0  # a look leaves nothing behind, but somebody else may own the server
_BRANCH = "refs/heads/relay"
_TIP = "refs/there/relay"
_TRIES, _FIRST_PAUSE, _LONGEST_PAUSE = 10, 0.05, 3.0
_MOST = 1_000_000
_KINDS = ("", ".json", ".txt", ".csv", ".cancel")
_REFUSED = re.compile(
    r"permission denied|authentication failed|could not read username|host key verification|not found|"
    r"does not appear to be a git repository|unable to find remote helper|dubious ownership"
)
_FULL = re.compile(r"no space left|disk quota|read-only file system")
_LATER = re.compile(r"non-fast-forward|fetch first|cannot lock ref|failed to update ref|incorrect old value|stale info")


class Repository(NamedTuple):
    """Our own bare clone; no work tree, so that nothing lying about ever gets into it."""

    folder: Path
    there: There


def reach(there: There) -> None:
    """Fetch the tip."""
    _fetched(_own(there))


def names(there: There, patterns: Sequence[str]) -> List[str]:
    """What the other writers have there, as if it were one root. A branch that is not there yet is an empty one."""
    found: Set[str] = {pattern.split("/")[0] + "/" for pattern in patterns if "/" in pattern}
    for path in _others(_own(there)):
        parts = path.split("/")
        found |= {"/".join(parts[: depth + 1]) + "/" for depth in range(len(parts) - 1)} | {path}
    wanted = [pattern for pattern in patterns if "/" in pattern]
    folders = {pattern.split("/")[0] + "/" for pattern in wanted}
    return sorted(name for name in found if name in folders or any(_is_like(name, pattern) for pattern in wanted))


def send(names: Sequence[str], here: Path, there: There) -> None:
    """One commit in our own folder of the branch; what we no longer have goes from it. Nobody else's files are touched."""
    own = _own(there)
    blobs = _blobs(own, here, list(_files(there, here, names)))
    for attempt in range(1, _TRIES + 1):
        if _pushed(own, here, blobs):
            return
        time.sleep(random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)))
    found = f"others pushed first, {_TRIES} times"
    raise ThereAway(f"pushing to {there.address}", found, "nothing is lost: the next sync sends it")


def bring(names: Sequence[str], there: There, here: Path) -> None:
    """Each folder from one writer only: two who answered the same are two answers, never a mixture."""
    own, found, wishes = _own(there), {}, set(names)
    whose: Dict[str, str] = {}
    for path, writer in _others(own).items():
        wanted = next((name for name in _with_folders(path) if name in wishes), None)
        if wanted and whose.setdefault(wanted, writer) == writer:
            found[path] = f"{_TIP}:{writer}/{path}"
    for path, data in zip(found, _contents(own, list(found.values()))):
        _write(there, here / path, data)


def landing(there: There, folder: str) -> There:
    """The branch is nobody's root: half of anything harms nobody there."""
    return there


def carries(name: str, size: int) -> bool:
    """Small text: what grows a repository without end stays where it was made."""
    return size <= _MOST and Path(name).suffix in _KINDS


# ---- our clone ----


def _own(there: There) -> Repository:
    if Path(there.address).resolve() in (HOME, HOME / ".git"):
        found = "that is the code's own repository"
        raise CarryRefused(f"opening {there.address}", found, "make one for answers: git init --bare")
    folder = there.scratch / f"git-{hashlib.sha256(there.address.encode()).hexdigest()[:8]}"
    own = Repository(folder, there)
    if not there.disk.exists(folder / "HEAD"):
        there.disk.ensure_folder(folder)
        _git(own, "init", "--quiet", "--bare", str(folder))
    return own


def _fetched(own: Repository) -> Optional[str]:
    """The tip of the branch; None where nobody pushed yet."""
    listed = _git(own, "ls-remote", "--", own.there.address, _BRANCH).decode()
    if not listed.strip():
        return None
    _git(own, "fetch", "--quiet", "--no-tags", "--depth=1", "--", own.there.address, f"+{_BRANCH}:{_TIP}")
    return _git(own, "rev-parse", _TIP).decode().strip()


def _others(own: Repository) -> Dict[str, str]:
    """The paths in everybody else's folder, and whose; the first writer's where several have one."""
    if _fetched(own) is None:
        return {}
    found: Dict[str, str] = {}
    for line in _git(own, "ls-tree", "-r", "-z", "--name-only", _TIP).decode("utf-8", "replace").split("\0"):
        writer, slash, path = line.partition("/")
        if slash and "\n" not in path and writer != own.there.writer and ".." not in path.split("/"):
            found.setdefault(path, writer)
    return found


def _pushed(own: Repository, here: Path, blobs: Dict[str, str]) -> bool:
    """Put the blobs upon the newest tip; False where somebody else was quicker."""
    tip = _fetched(own)
    tree = _tree(own, here, blobs, tip)
    if tip and tree == _git(own, "rev-parse", f"{tip}^{{tree}}").decode().strip():
        return True
    parents = ("-p", tip) if tip else ()
    commit = _git(own, "commit-tree", tree, *parents, "-m", f"{own.there.writer}: what is new").decode().strip()
    try:
        _git(own, "push", "--quiet", "--", own.there.address, f"{commit}:{_BRANCH}")
    except _Beaten:
        return False
    return True


def _tree(own: Repository, here: Path, blobs: Dict[str, str], tip: Optional[str]) -> str:
    """The tip's tree with our folder as it is here now."""
    ours = f"{own.there.writer}/"
    _git(own, "read-tree", *([tip] if tip else ["--empty"]))
    listed = _git(own, "ls-files", "-z", "--", ours).decode("utf-8", "replace").split("\0")
    gone = [path for path in listed if path and not own.there.disk.exists(here / path[len(ours) :])]
    lines = [f"0 {'0' * 40}\t{path}\0" for path in gone] + [f"100644 {blob}\t{ours}{name}\0" for name, blob in blobs.items()]
    _git(own, "update-index", "-z", "--index-info", data="".join(lines).encode())
    return _git(own, "write-tree").decode().strip()


def _blobs(own: Repository, here: Path, files: List[str]) -> Dict[str, str]:
    """Each file's content as git keeps it."""
    if not files:
        return {}
    paths = "".join(f"{here / name}\n" for name in files)
    hashes = _git(own, "hash-object", "-w", "--no-filters", "--stdin-paths", data=paths.encode()).decode().split()
    return dict(zip(files, hashes))


def _files(there: There, here: Path, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        path = here / name
        if there.disk.is_folder(path):
            yield from _files(there, here, [f"{name}/{inner}" for inner in there.disk.names(path) if not inner.startswith(".")])
        elif os.path.isfile(path) and carries(name, path.stat().st_size) and "\n" not in name:
            yield name


def _contents(own: Repository, named: List[str]) -> Iterator[bytes]:
    """What lies at these places of the repository, by one process for all."""
    said = _git(own, "cat-file", "--batch", data="".join(f"{name}\n" for name in named).encode()) if named else b""
    start = 0
    for _ in named:
        end = said.index(b"\n", start)
        size = int(said[start:end].split()[-1])
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


# ---- git ----


class _Beaten(Exception):
    """Somebody pushed between our fetch and our push."""


def _git(own: Repository, *words: str, data: bytes = b"") -> bytes:
    there, who = own.there, {"NAME": "krx-relay", "EMAIL": f"{own.there.writer}@krx-relay"}
    told = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in who.items()}
    shell = f"{there.shell} -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=15"
    environment = {**there.environment, **told, "GIT_SSH_COMMAND": shell, "GIT_TERMINAL_PROMPT": "0"}
    # Named outright: git must never go looking upwards and find the repository the code lies in.
    command = ["git", f"--git-dir={own.folder}", *words]
    try:
        done = subprocess.run(command, input=data, capture_output=True, env=environment, timeout=there.seconds * 5, check=False)
    except FileNotFoundError as error:
        raise CarryBroken(f"carrying by {there.address}", "there is no program git here", "install git") from error
    except subprocess.TimeoutExpired as error:
        raise ThereAway(f"carrying by {there.address}", f"git {words[0]} stood still", "the next sync tries again") from error
    if done.returncode:
        _fail(there, words[0], done.stderr.decode("utf-8", "replace"))
    return done.stdout


def _fail(there: There, word: str, said: str) -> None:
    low = said.lower()
    if word == "push" and _LATER.search(low):
        raise _Beaten
    kind: Type[RelayError] = ThereAway
    if _FULL.search(low):
        kind = CarryBroken
    elif _REFUSED.search(low):
        kind = CarryRefused
    fixes = {ThereAway: "the next sync tries again", CarryRefused: "try `git ls-remote` on it by hand", CarryBroken: "make room"}
    told = " ".join(line.strip() for line in said.splitlines() if line.strip())[:300]
    raise kind(f"carrying by {there.address}", f"git {word}: {told or 'it said nothing'}", fixes[kind])

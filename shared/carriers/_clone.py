"""Our own bare clone, and the program git at work in it; no work tree, so that nothing lying about ever gets into it.

It exists because a clone is a cache: all in it lies over there, or here. Whatever breaks it, it is made anew.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path
from typing import Callable, NamedTuple, Type, TypeVar

from shared.carriers._code import require_not_the_code
from shared.carriers._failures import CarryBroken, CarryRefused, ThereAway
from shared.carriers._there import There
from shared.errors import RelayError

_IN_ALL = 5  # times `carry_seconds`: git tells nothing while it works, so a whole command gets that
_OVER_THE_WIRE = ("ls-remote", "fetch", "push")
_REFUSED = re.compile(
    r"permission denied|authentication failed|could not read username|host key verification|not found|"
    r"does not appear to be a git repository|unable to find remote helper|dubious ownership"
)
_FULL = re.compile(r"no space left|disk quota|read-only file system")
_LATER = re.compile(r"non-fast-forward|fetch first|cannot lock ref|failed to update ref|incorrect old value|stale info")
_CORRUPT = re.compile(
    r"not a git repository: |corrupt|bad object|bad tree|missing (?:blob|tree|commit|object)|unable to read|is empty|"
    r"could not read [0-9a-f]{40}|invalid sha1|did not receive expected object|missing necessary objects|shallow file"
)
_Found = TypeVar("_Found")


class Clone(NamedTuple):
    """Where it is, and of what."""

    folder: Path
    there: There


class Beaten(Exception):
    """Somebody pushed between our fetch and our push."""


class CloneBroken(Exception):
    """What should lie in our clone does not."""


def in_clone(there: There, work: Callable[[Clone], _Found]) -> _Found:
    """What `work` comes back with; where the clone turns out to be broken, once more in a new one."""
    require_not_the_code(there.address)
    clone = Clone(there.scratch / f"git-{hashlib.sha256(there.address.encode()).hexdigest()[:8]}", there)
    try:
        try:
            return _worked(clone, work)
        except CloneBroken:
            there.disk.remove_tree(clone.folder)
            return _worked(clone, work)
    except CloneBroken as error:
        found = f"our clone {clone.folder} was made anew, and is broken again: {error}"
        raise CarryBroken(f"carrying by {there.address}", found, "look for rights in that folder; it may be removed") from error
    except OSError as error:
        found = f"{error.strerror or error} ({error.filename})"
        raise CarryBroken(f"carrying by {there.address}", found, "look for room and rights there") from error


def git(clone: Clone, *words: str, data: bytes = b"") -> bytes:
    """What it printed. Named outright: git must never go looking upwards and find the repository the code lies in."""
    there, who = clone.there, {"NAME": "krx-relay", "EMAIL": f"{clone.there.writer}@krx-relay"}
    told = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in who.items()}
    shell = f"{there.shell} -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=15"
    environment = {**there.environment, **told, "GIT_SSH_COMMAND": shell, "GIT_TERMINAL_PROMPT": "0"}
    command, longest = ["git", f"--git-dir={clone.folder}", *words], there.seconds * _IN_ALL
    try:
        done = subprocess.run(command, input=data, capture_output=True, env=environment, timeout=longest, check=False)
    except FileNotFoundError as error:
        raise CarryBroken(f"carrying by {there.address}", "there is no program git here", "install git") from error
    except subprocess.TimeoutExpired as error:
        found = f"git {words[0]} was not done after {longest:g} s"
        raise ThereAway(f"carrying by {there.address}", found, "the next sync tries again") from error
    if done.returncode:
        _fail(clone, words[0], done.stderr.decode("utf-8", "replace"))
    return done.stdout


def _worked(clone: Clone, work: Callable[[Clone], _Found]) -> _Found:
    if not clone.there.disk.exists(clone.folder / "HEAD"):
        clone.there.disk.ensure_folder(clone.folder)
        git(clone, "init", "--quiet", "--bare", str(clone.folder))
    return work(clone)


def _fail(clone: Clone, word: str, said: str) -> None:
    low, told = said.lower(), " ".join(line.strip() for line in said.splitlines() if line.strip())[:300] or "it said nothing"
    if word == "push" and _LATER.search(low):
        raise Beaten
    is_full = bool(_FULL.search(low))
    if not is_full and _is_ours(clone, word, low):
        raise CloneBroken(f"git {word}: {told}")
    kind: Type[RelayError] = CarryBroken if is_full else CarryRefused if _REFUSED.search(low) else ThereAway
    fixes = {ThereAway: "the next sync tries again", CarryRefused: "try `git ls-remote` on it by hand", CarryBroken: "make room"}
    raise kind(f"carrying by {clone.there.address}", f"git {word}: {told}", fixes[kind])


def _is_ours(clone: Clone, word: str, low: str) -> bool:
    """Whether the trouble is our clone's: what works in it alone failed, or it is named, or holds what it should not."""
    here = "\n".join(line for line in low.splitlines() if not line.startswith("remote:"))
    return word not in _OVER_THE_WIRE or str(clone.folder).lower() in here or bool(_CORRUPT.search(here))

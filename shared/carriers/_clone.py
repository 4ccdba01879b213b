"""Our own bare clone, and the program git at work in it; no work tree, so that nothing lying about ever gets into it.

It exists because a clone is a cache: all in it lies over there, or here. Whatever breaks it, it is made anew.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path
from typing import Callable, NamedTuple, Tuple, Type, TypeVar

from shared.carriers._code import require_not_the_code
from shared.carriers._failures import CarryBroken, CarryRefused, ThereAway
from shared.carriers._ssh import is_full, quiet, refuses
from shared.carriers._there import There
from shared.errors import RelayError

_IN_ALL = 5  # times `carry_seconds`: git tells nothing while it works, so a whole command gets that
_OVER_THE_WIRE = ("ls-remote", "fetch", "push")
_REFUSED = re.compile(
    r"authentication failed|could not read username|not found|"
    r"does not appear to be a git repository|unable to find remote helper|dubious ownership"
)
_VERDICT = re.compile(r"^ ! \[((?:remote )?rejected)\].*?\((.*)\)$", re.MULTILINE)  # git's own, on the branch we pushed to
_LATE = re.compile(
    r"non-fast-forward|fetch first|stale info|incorrect old value|reference already exists|"
    r"cannot lock ref|failed to update ref|failed to lock"
)
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
    """The branch was not as we fetched it, or was locked: most likely somebody pushed meanwhile. In git's own words."""


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
    shell = " ".join([there.shell, *quiet(there.shell)])
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
    low, told = said.lower(), _told(said)
    verdict = _VERDICT.search(low)
    if verdict and _LATE.search(verdict[2]):
        raise Beaten(told)
    if not is_full(said) and _is_ours(clone, word, low):
        raise CloneBroken(f"git {word}: {told}")
    kind, fix = _kind_and_fix(said, bool(verdict))
    raise kind(f"carrying by {clone.there.address}", f"git {word}: {told}", fix)


def _kind_and_fix(said: str, has_refused_the_push: bool) -> Tuple[Type[RelayError], str]:
    if is_full(said):
        return CarryBroken, "make room"
    if has_refused_the_push:
        return CarryRefused, "a hook or a protection over there does not take it: let us push to the branch `relay`"
    if refuses(said) or _REFUSED.search(said.lower()):
        return CarryRefused, "try `git ls-remote` on it by hand"
    return ThereAway, "the next sync tries again"


def _told(said: str) -> str:
    """In one line; what it decided on the branch first, as whoever refuses may say much."""
    lines = [line.strip() for line in said.splitlines() if line.strip() not in ("", "remote:")]
    return " ".join(sorted(lines, key=lambda line: not line.startswith("! [")))[:300] or "it said nothing"


def _is_ours(clone: Clone, word: str, low: str) -> bool:
    """Whether the trouble is our clone's: what works in it alone failed, or it is named, or holds what it should not."""
    here = "\n".join(line for line in low.splitlines() if not line.startswith("remote:"))
    return word not in _OVER_THE_WIRE or str(clone.folder).lower() in here or bool(_CORRUPT.search(here))

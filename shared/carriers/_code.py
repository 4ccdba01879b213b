"""Which repositories are the code's own: its clone, and whatever that clone fetches from or pushes to.

It exists because answers pushed there would be in the code's history for ever, and on everybody's machine.
"""

from __future__ import annotations

import functools
import os
import re
import subprocess
from pathlib import Path
from typing import FrozenSet, List
from urllib.parse import unquote, urlsplit

from shared.carriers._failures import CarryRefused
from shared.config import HOME

_AS_SSH = re.compile(r"(?:[^/@:]+@)?([^/:@]{2,}):(?!//)(.+)")  # `me@host:path`; one letter is a disk of Windows


def require_not_the_code(address: str) -> None:
    """CarryRefused where that is the code's repository, however it is written."""
    if _is_the_codes(address, HOME):
        found = "that is the code's own repository"
        raise CarryRefused(f"opening {address}", found, "make one for answers alone: git init --bare")


def place_of(address: str, folder: Path) -> str:
    """Host and path of a repository, the same for every way to write it; a relative one is seen from that folder."""
    as_ssh = _AS_SSH.fullmatch(address)
    if "://" in address and not address.startswith("file://"):
        parts = urlsplit(address)
        found = f"{parts.hostname or ''}/{unquote(parts.path).strip('/')}".lower()  # to most servers `Me/Code` is `me/code`
    elif as_ssh:
        found = f"{as_ssh[1]}/{as_ssh[2].strip('/')}".lower()
    else:
        path = unquote(address[len("file://") :]) if address.startswith("file://") else address
        found = str((folder / path).resolve())
    found = found.rstrip("/")
    return found[: -len(".git")].rstrip("/") if found.endswith(".git") else found


@functools.lru_cache(maxsize=None)
def _is_the_codes(address: str, home: Path) -> bool:
    """Also by a short name the user gave it, or by another work tree of the same repository."""
    meant = (_git(home, "ls-remote", "--get-url", address) or [address])[0]
    places = {place_of(address, home), place_of(meant, home)}
    places |= {place for one in places if os.path.isdir(one) for place in _shared_by(Path(one))}
    return bool(places & _places_of_the_code(home))


def _shared_by(folder: Path) -> FrozenSet[str]:
    """Where the repository of a folder really is."""
    return frozenset(place_of(one, folder) for one in _git(folder, "rev-parse", "--git-common-dir"))


@functools.lru_cache(maxsize=None)
def _places_of_the_code(home: Path) -> FrozenSet[str]:
    fields = [line.split() for line in _git(home, "remote", "--verbose")]
    addresses = [words[1] for words in fields if len(words) > 1]
    return frozenset(place_of(one, home) for one in [str(home), *addresses, *_git(home, "rev-parse", "--git-common-dir")])


def _git(home: Path, *words: str) -> List[str]:
    """The lines it prints; none where the code came without git."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(["git", "-C", str(home), *words], capture_output=True, env=environment, check=False)
    except FileNotFoundError:
        return []
    return done.stdout.decode("utf-8", "replace").splitlines() if done.returncode == 0 else []

"""The branch `relay`: what everybody's folder on it holds, and ours put upon it anew.

It exists because whoever may push may push anything: only plain files count, and nobody's folder keeps ours from its place.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Dict, Iterator, NamedTuple, Optional

from shared.carriers._blobs import encoded
from shared.carriers._clone import Beaten, Clone, git
from shared.carriers._there import DEEPEST
from shared.carriers._whose import WHOSE, require_ours, sign

BRANCH = "refs/heads/relay"
_TIP = "refs/there/relay"
_PLAIN = ("100644", "100755")
_NOWHERE = ("", ".", "..", ".git")
_NO_TEXT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")  # no file of ours has such a name

Folders = Dict[str, Dict[str, str]]  # writer -> path -> blob


class Late(NamedTuple):
    """A push that was refused as one that came too late: upon which tip it was, and what git said."""

    tip: Optional[str]
    said: str


class _Row(NamedTuple):
    """A line of a listing of git's."""

    mode: str
    blob: str
    name: str


def others(own: Clone) -> Folders:
    """Everybody else's plain files; CarryRefused where another machine writes under our name."""
    tip = fetched(own)
    folders = _folders(own, tip) if tip else {}
    require_ours(own, folders.pop(own.there.writer, {}))
    return folders


def ours(own: Clone) -> Dict[str, str]:
    """What lay in our own folder, path by path, when we last looked at the branch or pushed to it."""
    tip = _seen(own)
    return _folders(own, tip).get(own.there.writer, {}) if tip else {}


def fetched(own: Clone) -> Optional[str]:
    """The tip of the branch; None where nobody pushed yet. What we have already is fetched no second time."""
    listed = [row.split() for row in git(own, "ls-remote", "--", own.there.address, BRANCH).decode().splitlines()]
    tip = next((sha for sha, name in listed if name == BRANCH), None)  # git lists what ends so, too
    if tip is None:
        git(own, "update-ref", "-d", _TIP)  # somebody made the repository anew: what we remember of it is over
    elif tip != _seen(own):
        git(own, "fetch", "--quiet", "--no-tags", "--depth=1", "--", own.there.address, f"+{BRANCH}:{_TIP}")
    return _seen(own)


def pushed(own: Clone, here: Path, blobs: Dict[str, str]) -> Optional[Late]:
    """Put the blobs upon the newest tip; None where they are there now."""
    tip = fetched(own)
    tree = _tree(own, here, blobs, tip)
    if tip and tree == git(own, "rev-parse", f"{tip}^{{tree}}").decode().strip():
        return None
    parents = ("-p", tip) if tip else ()
    commit = git(own, "commit-tree", tree, *parents, "-m", f"{own.there.writer}: what is new").decode().strip()
    try:
        git(own, "push", "--quiet", "--", own.there.address, f"{commit}:{BRANCH}")
    except Beaten as error:
        return Late(tip, str(error))
    git(own, "update-ref", _TIP, commit)
    return None


def _seen(own: Clone) -> Optional[str]:
    """The tip as we last saw it."""
    return git(own, "for-each-ref", "--format=%(objectname)", _TIP).decode().strip() or None


def _tree(own: Clone, here: Path, blobs: Dict[str, str], tip: Optional[str]) -> str:
    """The tip's tree with our folder as it is here now. The others' folders are named and never read: what is in them may
    be nothing that an index takes."""
    before = _folders(own, tip).get(own.there.writer, {}) if tip else {}
    require_ours(own, before)
    mine = {path: blob for path, blob in before.items() if own.there.disk.exists(here / path)}
    mine.update(blobs)
    mine[WHOSE] = git(own, "hash-object", "-w", "--stdin", data=sign(own)).decode().strip()
    git(own, "read-tree", "--empty")
    lines = (encoded(f"100644 {blob}\t{own.there.writer}/{path}\0") for path, blob in mine.items())
    git(own, "update-index", "-z", "--index-info", data=b"".join(lines))
    folder = git(own, "write-tree", f"--prefix={own.there.writer}/").decode().strip()
    return _root(own, tip, folder)


def _root(own: Clone, tip: Optional[str], folder: str) -> str:
    listed = git(own, "ls-tree", "-z", tip).split(b"\0") if tip else []
    name = encoded(own.there.writer)
    kept = [row for row in listed if b"\t" in row and row.partition(b"\t")[2] != name and b"/" not in row]
    rows = [*kept, f"040000 tree {folder}\t".encode() + name]
    return git(own, "mktree", "-z", "--missing", data=b"".join(row + b"\0" for row in rows)).decode().strip()


def _folders(own: Clone, tip: str) -> Folders:
    found: Folders = {}
    for row in _rows(git(own, "ls-tree", "-r", "-z", tip)):
        writer, slash, path = row.name.partition("/")
        if slash and row.mode in _PLAIN and _is_sane(path):
            found.setdefault(writer, {})[path] = row.blob
    return found


def _rows(listed: bytes) -> Iterator[_Row]:
    for line in listed.decode("utf-8", "surrogateescape").split("\0"):
        told, tab, name = line.partition("\t")
        if tab:
            mode, _, blob = told.split(" ")
            yield _Row(mode, blob, name)


def _is_sane(path: str) -> bool:
    return path.count("/") < DEEPEST and not (_leads_elsewhere(path) or _NO_TEXT.search(path))


def _leads_elsewhere(path: str) -> bool:
    """Out of the folder, or into git's own; also where a backslash does what a slash does elsewhere."""
    return any(part.lower() in _NOWHERE for part in path.replace("\\", "/").split("/"))

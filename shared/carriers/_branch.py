"""The branch `relay`: what everybody's folder on it holds, and ours put upon it anew.

It exists because whoever may push may push anything: only plain files count, and nobody's folder keeps ours from its place.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional

from shared.carriers._clone import Beaten, Clone, CloneBroken, git
from shared.carriers._failures import CarryRefused

_BRANCH = "refs/heads/relay"
_TIP = "refs/there/relay"
_PLAIN = ("100644", "100755")
_SHA1 = 40  # letters long
_NOWHERE = ("", ".", "..", ".git")
_NO_TEXT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")  # no file of ours has such a name
_WHOSE, _WHO = ".whose", "who"  # in a writer's folder of the branch, and in our own place: which machine writes there

_SIGN = re.compile(b"[0-9a-f]{16}")
_TORN = re.compile(b"[0-9a-f]{6,15}")  # so many letters are nobody else's by chance

Folders = Dict[str, Dict[str, str]]  # writer -> path -> blob


class _Row(NamedTuple):
    """A line of a listing of git's."""

    mode: str
    blob: str
    name: str


def others(own: Clone) -> Folders:
    """Everybody else's plain files; CarryRefused where another machine writes under our name."""
    tip = fetched(own)
    folders = _folders(own, tip) if tip else {}
    _require_ours(own, folders.pop(own.there.writer, {}))
    return folders


def ours(own: Clone) -> Dict[str, str]:
    """What lay in our own folder, path by path, when we last looked at the branch or pushed to it."""
    tip = _seen(own)
    return _folders(own, tip).get(own.there.writer, {}) if tip else {}


def fetched(own: Clone) -> Optional[str]:
    """The tip of the branch; None where nobody pushed yet. What we have already is fetched no second time."""
    listed = git(own, "ls-remote", "--", own.there.address, _BRANCH).decode().split()
    if not listed:
        git(own, "update-ref", "-d", _TIP)  # somebody made the repository anew: what we remember of it is over
        return None
    if listed[0] != _seen(own):
        git(own, "fetch", "--quiet", "--no-tags", "--depth=1", "--", own.there.address, f"+{_BRANCH}:{_TIP}")
    return _seen(own)


def pushed(own: Clone, here: Path, blobs: Dict[str, str]) -> bool:
    """Put the blobs upon the newest tip; False where somebody else was quicker."""
    tip = fetched(own)
    tree = _tree(own, here, blobs, tip)
    if tip and tree == git(own, "rev-parse", f"{tip}^{{tree}}").decode().strip():
        return True
    parents = ("-p", tip) if tip else ()
    commit = git(own, "commit-tree", tree, *parents, "-m", f"{own.there.writer}: what is new").decode().strip()
    try:
        git(own, "push", "--quiet", "--", own.there.address, f"{commit}:{_BRANCH}")
    except Beaten:
        return False
    git(own, "update-ref", _TIP, commit)
    return True


def blobs_of(own: Clone, here: Path, files: List[str]) -> Dict[str, str]:
    """Each file's content as git keeps it."""
    if not files:
        return {}
    paths = b"".join(_encoded(f"{here / name}\n") for name in files)
    return dict(zip(files, git(own, "hash-object", "-w", "--no-filters", "--stdin-paths", data=paths).decode().split()))


def contents(own: Clone, blobs: List[str]) -> Iterator[bytes]:
    """What these blobs hold, by one process for all."""
    said = git(own, "cat-file", "--batch", data="".join(f"{blob}\n" for blob in blobs).encode()) if blobs else b""
    start = 0
    for _ in blobs:
        end = said.index(b"\n", start)
        told = said[start:end].split()
        if told[1:2] != [b"blob"]:
            raise CloneBroken(f"git cat-file: {said[start:end].decode('utf-8', 'replace')[:300]}")
        size = int(told[2])
        yield said[end + 1 : end + 1 + size]
        start = end + 2 + size


def _seen(own: Clone) -> Optional[str]:
    """The tip as we last saw it."""
    return git(own, "for-each-ref", "--format=%(objectname)", _TIP).decode().strip() or None


# ---- the tree ----


def _tree(own: Clone, here: Path, blobs: Dict[str, str], tip: Optional[str]) -> str:
    """The tip's tree with our folder as it is here now. The others' folders are named and never read: what is in them may
    be nothing that an index takes."""
    before = _folders(own, tip).get(own.there.writer, {}) if tip else {}
    _require_ours(own, before)
    mine = {path: blob for path, blob in before.items() if own.there.disk.exists(here / path)}
    mine.update(blobs)
    mine[_WHOSE] = git(own, "hash-object", "-w", "--stdin", data=_sign(own)).decode().strip()
    git(own, "read-tree", "--empty")
    lines = (_encoded(f"100644 {blob}\t{own.there.writer}/{path}\0") for path, blob in mine.items())
    git(own, "update-index", "-z", "--index-info", data=b"".join(lines))
    folder = git(own, "write-tree", f"--prefix={own.there.writer}/").decode().strip()
    return _root(own, tip, folder)


def _root(own: Clone, tip: Optional[str], folder: str) -> str:
    listed = git(own, "ls-tree", "-z", tip).split(b"\0") if tip else []
    name = _encoded(own.there.writer)
    kept = [row for row in listed if b"\t" in row and row.partition(b"\t")[2] != name and b"/" not in row]
    rows = [*kept, f"040000 tree {folder}\t".encode() + name]
    return git(own, "mktree", "-z", "--missing", data=b"".join(row + b"\0" for row in rows)).decode().strip()


def _folders(own: Clone, tip: str) -> Folders:
    found: Folders = {}
    for row in _rows(git(own, "ls-tree", "-r", "-z", tip)):
        writer, slash, path = row.name.partition("/")
        if slash and row.mode in _PLAIN and not (_leads_elsewhere(path) or _NO_TEXT.search(path)):
            found.setdefault(writer, {})[path] = row.blob
    return found


def _rows(listed: bytes) -> Iterator[_Row]:
    for line in listed.decode("utf-8", "surrogateescape").split("\0"):
        told, tab, name = line.partition("\t")
        if tab:
            mode, _, blob = told.split(" ")
            yield _Row(mode, blob, name)


def _leads_elsewhere(path: str) -> bool:
    """Out of the folder, or into git's own; also where a backslash does what a slash does elsewhere."""
    return any(part.lower() in _NOWHERE for part in path.replace("\\", "/").split("/"))


# ---- whose folder it is ----


def _require_ours(own: Clone, mine: Dict[str, str]) -> None:
    """Two machines of one name would each take the other's files for its own: never sent, never fetched, and removed."""
    blob, who = mine.pop(_WHOSE, ""), _who(own)
    if not blob or blob == _as_blob(who + b"\n", blob):
        return
    file, [theirs] = own.there.scratch / _WHO, contents(own, [blob])
    if _TORN.fullmatch(who) and theirs.startswith(who):  # half of ours, where nothing is flushed
        own.there.disk.publish(file, theirs, replacing=True)
        return
    found = f"another machine writes there under the name {own.there.writer!r}"
    sign = theirs[:40].decode("ascii", "replace").strip()
    fix = f"give one another `worker`; if it was this one before it was set up anew, write {sign} into {file}"
    raise CarryRefused(f"carrying by {own.there.address}", found, fix)


def _sign(own: Clone) -> bytes:
    """This machine's sign, on the platter before anybody sees it: without it, it could not tell its folder from another's."""
    disk, scratch, who = own.there.disk, own.there.scratch, _who(own)
    if not _SIGN.fullmatch(who):
        who = os.urandom(8).hex().encode()
        disk.publish(scratch / _WHO, who + b"\n", replacing=True)
    for folder in (scratch, scratch.parent):  # RACE: whoever made it may have been killed before his flush
        disk.flush_folder(folder)
    return who + b"\n"


def _who(own: Clone) -> bytes:
    """What this machine keeps as its sign; empty where it never wrote."""
    disk, file = own.there.disk, own.there.scratch / _WHO
    return disk.read(file, 100).data.strip() if disk.exists(file) else b""


def _as_blob(data: bytes, like: str) -> str:
    """The name git gives such a content, by the kind of sum it gave the other."""
    kept = b"blob %d\0" % len(data) + data
    return hashlib.new("sha1" if len(like) == _SHA1 else "sha256", kept).hexdigest()  # no secret hangs on it


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")

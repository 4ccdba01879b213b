"""Whose folder of the branch it is: each machine's own sign, kept here and written beside what it pushes.

It exists because two machines of one name would each take the other's files for its own, never send them, and remove them.
"""

from __future__ import annotations

import hashlib
import os
import re
from typing import Dict

from shared.carriers._blobs import contents
from shared.carriers._clone import Clone
from shared.carriers._failures import CarryRefused

WHOSE = ".whose"  # in a writer's folder of the branch: the sign of the machine that writes there
_WHO = "who"  # the same in our own place
_WHOLE = re.compile(b"[0-9a-f]{16}")
_TORN = re.compile(b"[0-9a-f]{6,15}")  # so many letters are nobody else's by chance
_SHA1 = 40  # letters long


def require_ours(own: Clone, mine: Dict[str, str]) -> None:
    """CarryRefused where another machine writes in our folder. The sign is none of its files: it is taken out of them."""
    blob, who = mine.pop(WHOSE, ""), _who(own)
    if not blob or blob == _as_blob(who + b"\n", blob):
        return
    file, [theirs] = own.there.scratch / _WHO, contents(own, [blob])
    if _TORN.fullmatch(who) and theirs.startswith(who):  # half of ours, where nothing is flushed
        own.there.disk.publish(file, theirs, replacing=True)
        return
    found = f"another machine writes there under the name {own.there.writer!r}"
    signed = theirs[:40].decode("ascii", "replace").strip()
    fix = f"give one another `worker`; if it was this one before it was set up anew, write {signed} into {file}"
    raise CarryRefused(f"carrying by {own.there.address}", found, fix)


def sign(own: Clone) -> bytes:
    """This machine's sign, on the platter before anybody sees it: without it, it could not tell its folder from another's."""
    disk, scratch, who = own.there.disk, own.there.scratch, _who(own)
    if not _WHOLE.fullmatch(who):
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

"""Ids and file names: what may be one, what anything else becomes, and how a pending name orders.

It exists because names come from anywhere (people, sync tools, other systems) and end up as folder names here.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from datetime import datetime
from typing import NamedTuple, Optional

from shared import clock

LONGEST = 80
DEFAULT_PRIORITY = 5
_ID = re.compile(r"[0-9a-z가-힣_\-][0-9a-z가-힣._~\-]*")
_NOT_IN_SLUG = re.compile(r"[^0-9a-z가-힣._\-]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
_CONFLICT = re.compile(
    r"(\.sync-conflict-\d{8}-\d{6}(-\w+)?|_[^_]+_[a-z]{3}-\d{2}-\d{4,6}-\d{4}_conflict"
    r"|[ _-]\(?conflict(ed)?( copy)?[^()]*\)?| \([^()]*conflicted copy[^()]*\))$",
    re.IGNORECASE,
)
_GIVEN_BACK = re.compile(r"(?P<id>.+)\.[0-9a-f]+\.back$")
_OURS = re.compile(r"(?P<priority>[0-9])-(?P<not_before>0|[0-9]{8}t[0-9]{6})-(?P<id>.+)\.json$")
_IGNORED_FOLDERS = ("@eadir", "#recycle")
CANCEL, JSON = ".cancel", ".json"


class Place(NamedTuple):
    """What a file's own name says: the order it asks for, and when it may be taken at the earliest."""

    key: str
    not_before: str


def new_id(strategy: str, moment: datetime) -> str:
    """A fresh id of ours: UTC stamp, what it is about, and chance."""
    return safe_id(f"{clock.stamp(moment)}-{strategy[:40].lower()}-{os.urandom(3).hex()}")


def safe_id(wanted: str) -> str:
    """`wanted` itself where it may be an id, else its slug and a part of its hash: never two things under one id."""
    plain = unicodedata.normalize("NFC", wanted)
    if is_id(plain):
        return plain
    slug = _NOT_IN_SLUG.sub("-", plain.lower()).strip(".-_ ")
    return _with_hash(slug, sha(plain.encode("utf-8", "surrogatepass")))


def is_id(text: str) -> bool:
    """Whether that may be a folder name on every system, as it is."""
    return (
        bool(_ID.fullmatch(text)) and len(text.encode()) <= LONGEST and not text.endswith(".") and not _RESERVED.fullmatch(text)
    )


def conflict_id(request_id: str, digest: str) -> str:
    """The id of another content that came under an answered id."""
    return _with_hash(request_id, digest)


def id_without_request_id(stem: str, mtime: float, data: bytes) -> str:
    """The id of a file that names none: tomorrow's file, or a corrected one, of the same name is a new request."""
    given_back = _GIVEN_BACK.match(stem)
    if given_back and is_id(given_back["id"]):
        return given_back["id"]
    day = f"{clock.at(mtime):%Y-%m-%d}"
    return safe_id(f"{_slug_of(without_conflict(stem))}~{day}~{sha(data)[:8]}")


def without_conflict(stem: str) -> str:
    """The stem before a sync tool made a conflict copy of it."""
    return _CONFLICT.sub("", stem) or stem


def pending_name(priority: int, not_before: Optional[datetime], request_id: str) -> str:
    """`<9-priority>-<notbefore>-<id>.json`: plain sorting is the order of work."""
    return f"{9 - priority}-{clock.compact(not_before)}-{request_id}{JSON}"


def apart(name: str) -> str:
    """The same pending name, made unique."""
    return f"{name[: -len(JSON)]}~{os.urandom(3).hex()}{JSON}"


def place_of(name: str) -> Place:
    """Where a pending name stands; a foreign one waits among those of default priority."""
    ours = _OURS.match(name)
    if ours:
        return Place(name, "" if ours["not_before"] == "0" else ours["not_before"])
    return Place(f"{9 - DEFAULT_PRIORITY}-0-{name}", "")


def is_ignored(name: str) -> bool:
    """Files that are none of ours: hidden, half transferred, a system's or an editor's own."""
    return name[0] in ".~" or name.endswith((".tmp", ".part", "~")) or name.lower() in _IGNORED_FOLDERS


def is_request(name: str) -> bool:
    """Whether a pending name may hold a request."""
    return name[-5:].lower() == JSON and not is_ignored(name)


def is_cancel(name: str) -> bool:
    """Whether a pending name asks to cancel."""
    return name.endswith(CANCEL) and not is_ignored(name)


def is_ours(name: str) -> bool:
    """Whether a pending name was made by `pending_name`."""
    return bool(_OURS.match(name))


def id_in(name: str) -> Optional[str]:
    """The id a pending name of ours carries, None for a name that was made unique or is foreign: then the content tells."""
    ours = _OURS.match(name)
    return ours["id"] if ours and "~" not in ours["id"] else None


def sha(data: bytes) -> str:
    """Sha256 in hex."""
    return hashlib.sha256(data).hexdigest()


def _slug_of(stem: str) -> str:
    plain = unicodedata.normalize("NFC", stem).lower()
    return _cut(_NOT_IN_SLUG.sub("-", plain).strip(".-_ ") or "request", LONGEST - 20)


def _with_hash(text: str, digest: str) -> str:
    name = f"{_cut(text, LONGEST - 10) or 'request'}~{digest[:8]}"
    return name if is_id(name) else f"_{name}"  # "con.txt~…" is still Windows' own


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode("utf-8", "ignore").rstrip(".-_ ")

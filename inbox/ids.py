"""Ids: what may be one, and what anything else becomes.

It exists because ids come from anywhere (people, sync tools, other systems) and end up as folder names here.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from datetime import datetime

from inbox import names
from shared import clock

LONGEST = 80
_ID = re.compile(r"[0-9a-z가-힣_\-][0-9a-z가-힣._~\-]*")
_NOT_IN_SLUG = re.compile(r"[^0-9a-z가-힣._\-]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
_CONFLICT = re.compile(
    r"(\.sync-conflict-\d{8}-\d{6}(-\w+)?|_[^_]+_[a-z]{3}-\d{2}-\d{4,6}-\d{4}_conflict"
    r"|[ _-]\(?conflict(ed)?( copy)?[^()]*\)?| \([^()]*conflicted copy[^()]*\))$",
    re.IGNORECASE,
)


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


def conflict_id(request_id: str, digest: str, length: int = 8) -> str:
    """The id of another content that came under an answered id; longer where somebody has the short one."""
    return _with_hash(request_id, digest, length)


def id_without_request_id(stem: str, mtime: float, data: bytes) -> str:
    """The id of a file that names none: tomorrow's file, or a corrected one, of the same name is a new request."""
    returned = names.id_returned(stem)
    if returned and is_id(returned):
        return returned
    day = f"{clock.at(mtime):%Y-%m-%d}"
    return safe_id(f"{_slug_of(without_conflict(stem))}~{day}~{sha(data)[:8]}")


def without_conflict(stem: str) -> str:
    """The stem before a sync tool made a conflict copy of it."""
    return _CONFLICT.sub("", stem) or stem


def sha(data: bytes) -> str:
    """Sha256 in hex."""
    return hashlib.sha256(data).hexdigest()


def _slug_of(stem: str) -> str:
    plain = unicodedata.normalize("NFC", stem).lower()
    return _cut(_NOT_IN_SLUG.sub("-", plain).strip(".-_ ") or "request", LONGEST - 20)


def _with_hash(text: str, digest: str, length: int = 8) -> str:
    name = f"{_cut(text, LONGEST - 2 - length) or 'request'}~{digest[:length]}"
    return name if is_id(name) else f"_{name}"  # "con.txt~…" is still Windows' own


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode("utf-8", "ignore").rstrip(".-_ ")

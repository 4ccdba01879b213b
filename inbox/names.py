"""The names of the inbox's files, each written here and read here: what the folders say to `ls`.

It exists because the names are the protocol; a name and its reading must never drift apart.
"""

from __future__ import annotations

import os
import re
from datetime import datetime
from typing import NamedTuple, Optional

from shared import clock
from shared.strangers import is_systems_own

DEFAULT_PRIORITY = 5
CANCEL, JSON = ".cancel", ".json"
_OURS = re.compile(r"(?P<priority>[0-9])-(?P<not_before>0|[0-9]{8}t[0-9]{6})-(?P<id>.+)\.json$")
_HELD = re.compile(r"(?P<id>.+)\.(?P<tag>[0-9]+|s[0-9a-f]+)\.json$")
_CLAIM = re.compile(r"(?P<id>.+)\.(?P<attempt>[0-9]+)\.(json|back)$")
_RETURNED = re.compile(r"(?P<id>.+)\.[0-9]+-[0-9a-f]{8}\.back$")
_INCARNATION = re.compile(r"[^/\\\x00\ud800-\udfff]{1,120}~[0-9a-f]{8}$")
_OUR_TEMPORARY = re.compile(r"\..+[.-][0-9a-f]{8}\.tmp$")


class Place(NamedTuple):
    """What a pending file's own name says: the order it asks for, and when it may be taken at the earliest."""

    key: str
    not_before: str


class HeldName(NamedTuple):
    """What a name in a running folder says; `attempt` is None while the file is only being compared with an answer."""

    request_id: str
    attempt: Optional[int]


class ClaimName(NamedTuple):
    """What a name in claims says: of which id, and which attempt."""

    request_id: str
    attempt: int


# ---- pending ----


def pending_name(priority: int, not_before: Optional[datetime], request_id: str) -> str:
    """`<9-priority>-<notbefore>-<id>.json`: plain sorting is the order of work."""
    return f"{9 - priority}-{clock.compact(not_before)}-{request_id}{JSON}"


def place_of(name: str) -> Place:
    """Where a pending name stands; a foreign one waits among those of default priority."""
    ours = _OURS.match(name)
    if ours:
        return Place(name, "" if ours["not_before"] == "0" else ours["not_before"])
    return Place(foreign_key(name, DEFAULT_PRIORITY), "")


def foreign_key(name: str, priority: int) -> str:
    """What orders a foreign name among ours."""
    return f"{9 - priority}-0-{name}"


def is_plain(name: str) -> bool:
    """A name of ours that asks for no later moment: its own key, ready at once. Asked 100,000 times in a look."""
    return name[1:4] == "-0-" and name[-5:] == JSON and name[0] in "0123456789"


def is_ours(name: str) -> bool:
    """Whether `pending_name` made it."""
    return bool(_OURS.match(name))


def apart(name: str) -> str:
    """The same pending name, made unique."""
    return f"{name[: -len(JSON)]}~{os.urandom(3).hex()}{JSON}"


def id_in(name: str) -> Optional[str]:
    """The id a pending name of ours carries, None for a name that was made unique or is foreign: then the content tells."""
    ours = _OURS.match(name)
    return ours["id"] if ours and "~" not in ours["id"] else None


def returned_name(request_id: str, attempt: Optional[int]) -> str:
    """Of a request given back: a name nobody else uses, so that the move replaces nothing."""
    return f"{request_id}.{attempt or 0}-{os.urandom(4).hex()}.back{JSON}"


def id_returned(stem: str) -> Optional[str]:
    """The id in the stem of a returned name, None for any other."""
    returned = _RETURNED.match(stem)
    return returned["id"] if returned else None


def cancel_name(request_id: str) -> str:
    """Of the wish to cancel it."""
    return f"{request_id}{CANCEL}"


def id_to_cancel(name: str) -> str:
    """Whose cancel that is, as its writer spelt it."""
    return name[: -len(CANCEL)]


def is_cancel(name: str) -> bool:
    """Whether a pending name asks to cancel."""
    return name.endswith(CANCEL) and not is_ignored(name)


def is_request(name: str) -> bool:
    """Whether a pending name may hold a request."""
    return name[-5:].lower() == JSON and not is_ignored(name)


def is_ignored(name: str) -> bool:
    """Files that are none of ours: hidden, half transferred, a system's or an editor's own."""
    return is_systems_own(name) or name.startswith("~") or name.endswith((".tmp", ".part", "~"))


def is_our_temporary(name: str) -> bool:
    """Whether we wrote it on the way to another name."""
    return bool(_OUR_TEMPORARY.match(name))


# ---- running ----


def incarnation_name(worker: str) -> str:
    """Of one process start of a worker."""
    return f"{worker}~{os.urandom(4).hex()}"


def is_incarnation(name: str) -> bool:
    """Whether that may be the folder of one."""
    return bool(_INCARNATION.match(name)) and not is_ignored(name)


def worker_of(incarnation: str) -> str:
    """Whose incarnation it is."""
    return incarnation.rsplit("~", 1)[0]


def held_name(request_id: str, attempt: int) -> str:
    """Of a claimed request."""
    return f"{request_id}.{attempt}{JSON}"


def compared_name(request_id: str) -> str:
    """Of a file that is compared with an answer: a name nobody else uses."""
    return f"{request_id}.s{os.urandom(4).hex()}{JSON}"


def held_in(name: str) -> Optional[HeldName]:
    """What either of them says, None for a stranger's."""
    held = _HELD.match(name)
    if held is None:
        return None
    return HeldName(held["id"], int(held["tag"]) if held["tag"].isdigit() else None)


# ---- claims ----


def claim_name(request_id: str, attempt: int) -> str:
    """Of the exclusive act."""
    return f"{request_id}.{attempt}{JSON}"


def mark_name(request_id: str, attempt: int) -> str:
    """Of the mark beside it: given back, not a death."""
    return f"{request_id}.{attempt}.back"


def claim_in(name: str) -> Optional[ClaimName]:
    """What either of them says, None for a stranger's."""
    claim = _CLAIM.match(name)
    return ClaimName(claim["id"], int(claim["attempt"])) if claim else None

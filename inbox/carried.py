"""Requests that run on another machine: made ready to travel here, and known by their names alone.

It exists for two folders instead of one: on the NAS's side nobody claims, and yet nothing may be sent half or lost.
"""

from __future__ import annotations

import stat
from pathlib import Path
from typing import List, NamedTuple, Optional, Set, Tuple

from inbox import ids, names
from inbox.folders import Inbox
from inbox.intake import Asked, read_asked
from inbox.liveness import server_now
from inbox.sign import incarnations


class Ready(NamedTuple):
    """A request file in pending whose name nobody else writes, and the id it goes by."""

    path: Path
    request_id: str


def make_ready(inbox: Inbox, settle_seconds: float) -> Tuple[List[Ready], List[Path]]:
    """Every whole request file under a name that carries its id wherever it goes; and the files this user may not read.

    What may still be being written is left alone."""
    ready, forbidden = [], []
    now = server_now(inbox)
    for name in sorted(inbox.disk.names(inbox.pending)):
        path = inbox.pending / name
        asked = _read(inbox, path) if names.is_request(name) else None
        if asked and not asked.is_readable:
            forbidden.append(path)
        elif asked and not _may_be_half(asked, now, settle_seconds):
            ready += _ready(inbox, path, asked.request_id)
    return ready, forbidden


def wishes(inbox: Inbox) -> List[str]:
    """The names of the wishes to cancel; a folder or a link is nobody's."""
    return [name for name in inbox.disk.names(inbox.pending) if names.is_cancel(name) and _is_file(inbox, name)]


def told_id(name: str) -> Optional[str]:
    """The id a pending name tells; None where only its content does: it was not made ready to travel."""
    return ids.safe_id(names.id_to_cancel(name)) if names.is_cancel(name) else _id_of_pending(name)


def known_ids(inbox: Inbox) -> Set[str]:
    """The ids that wait or run here, as far as names tell."""
    held = (f"running/{name}/{one}" for name in incarnations(inbox) for one in inbox.disk.names(inbox.running / name))
    return set(ids_in([*(f"pending/{name}" for name in inbox.disk.names(inbox.pending)), *held]))


def own_again(inbox: Inbox, ready: Ready) -> Optional[Tuple[Ready, Asked]]:
    """The file of an ANSWERED id under a name nobody else writes, and what it holds there; None if it is gone."""
    # RACE: what lay in pending may be exchanged between reading and removing; only what is under our own name counts.
    mine = ready if _is_own(ready.path.name) else _moved(inbox, ready.path, ready.request_id)
    asked = read_asked(inbox, mine.path) if mine else None
    return (mine, asked) if mine and asked else None


def ids_in(found: List[str]) -> Set[str]:
    """Which requests a listing of pending and running shows."""
    known = set()
    for name in found:
        place, _, last = name.rpartition("/")
        if place == "pending":
            known.add(_id_of_pending(last))
        elif place.startswith("running/"):
            known.add(_id_of_held(last))
    return {one for one in known if one}


def _is_file(inbox: Inbox, name: str) -> bool:
    try:
        return stat.S_ISREG(inbox.disk.status(inbox.pending / name).st_mode)
    except FileNotFoundError:
        return False


def _read(inbox: Inbox, path: Path) -> Optional[Asked]:
    try:
        return read_asked(inbox, path)
    except IsADirectoryError:
        return None


def _may_be_half(asked: Asked, now: Optional[float], settle_seconds: float) -> bool:
    return not asked.parsed and (now is None or now - asked.mtime < settle_seconds)


def _ready(inbox: Inbox, path: Path, request_id: str) -> List[Ready]:
    """Where its name tells another id than its content, or none, a name of ours does: dates do not survive every journey."""
    if _id_of_pending(path.name) == request_id:
        return [Ready(path, request_id)]
    moved = _moved(inbox, path, request_id)
    return [moved] if moved else []


def _moved(inbox: Inbox, path: Path, request_id: str) -> Optional[Ready]:
    target = inbox.pending / names.returned_name(request_id, None)
    try:
        inbox.disk.move(path, target)
    except FileNotFoundError:
        return None
    inbox.disk.flush_folder(inbox.pending)
    return Ready(target, request_id)


def _is_own(name: str) -> bool:
    return names.id_returned(name[: -len(names.JSON)]) is not None


def _id_of_pending(name: str) -> Optional[str]:
    """A returned name first: the id in it may begin as a name of ours does."""
    return names.id_returned(name[: -len(names.JSON)]) or names.id_in(name)


def _id_of_held(name: str) -> Optional[str]:
    held = names.held_in(name)
    return held.request_id if held and ids.is_id(held.request_id) else None

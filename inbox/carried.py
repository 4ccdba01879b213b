"""Requests that run on another machine: made ready to travel here, and ended here once their answer came back.

It exists for two folders instead of one: on the NAS's side nobody claims, and yet nothing may be sent half or lost.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import List, Mapping, NamedTuple, Optional, Set, Tuple

from inbox import ids, names
from inbox.folders import ARRIVING, RECEIVED, Inbox
from inbox.held import let_go
from inbox.intake import Asked, read_asked
from inbox.liveness import server_now
from inbox.sign import incarnations
from shared.own_folders import drop_link


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


def is_wish(name: str) -> bool:
    """Whether a pending name asks to cancel."""
    return names.is_cancel(name)


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


def end_here(inbox: Inbox, ready: Ready) -> None:
    """Away with the file of a request that is ANSWERED, and whose content is in the answer."""
    let_go(inbox, ready.path)


def confirm(inbox: Inbox, contents: Mapping[str, bytes]) -> None:
    """Say of these ids that their answers arrived and may be archived where they were made; none is confirmed yet.

    Each mark is whole when it appears, and all of them survive a power cut: flushed together, as they may be a thousand."""
    if not contents:
        return
    folder, disk = inbox.root / RECEIVED, inbox.disk
    disk.ensure_folder(folder)
    drafts = {one: f"{folder}/.{one}.{os.urandom(4).hex()}.tmp" for one in contents}
    try:
        for one, draft in drafts.items():
            disk.put(draft, contents[one])
        disk.flush_all(list(drafts.values()))
        for one, draft in drafts.items():
            disk.move(draft, folder / one)
    except OSError:
        for draft in drafts.values():
            disk.remove(draft)
        raise
    disk.flush_folder(folder)


def confirmed(inbox: Inbox) -> List[str]:
    """The ids whose answers arrived, as far as anybody still needs to know."""
    return [name for name in inbox.disk.names(inbox.root / RECEIVED) if ids.is_id(name)]


def forget_confirmed(inbox: Inbox, request_id: str) -> None:
    """Nobody needs to know any more: where the answer was made it is archived."""
    inbox.disk.remove(inbox.root / RECEIVED / request_id)


def arriving(inbox: Inbox, whose: str) -> Path:
    """Where files from the other side lie until they are believed."""
    folder = inbox.root / ARRIVING / whose
    if whose:
        drop_link(inbox.disk, folder)
    inbox.disk.ensure_folder(folder)
    return folder


def all_arriving(inbox: Inbox) -> List[Path]:
    """All such folders; whoever brings something makes its own in the one around them, and no more."""
    root = arriving(inbox, "")
    found = [root / name for name in sorted(inbox.disk.names(root)) if not names.is_our_temporary(name)]
    return [folder for folder in found if inbox.disk.is_folder(folder)]


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

"""What dead workers left: their folders' requests, and the litter of answered ids.

It exists because a worker may be killed at any line; everything it held is taken over, everything else is swept.
"""

from __future__ import annotations

from pathlib import Path
from typing import List, NamedTuple, Optional

from inbox import names
from inbox.folders import ALIVE, Inbox, is_pending
from inbox.ids import is_id, safe_id
from inbox.liveness import Incarnation
from inbox.sign import incarnations


class Held(NamedTuple):
    """A request file in a running folder; `attempt` is None while it is only being compared with an answer."""

    path: Path
    request_id: str
    attempt: Optional[int]


def held_by(inbox: Inbox, incarnation: str) -> List[Held]:
    """The requests in that incarnation's folder."""
    folder = inbox.running / incarnation
    return [held for held in (_held(folder / name) for name in sorted(inbox.disk.names(folder))) if held]


def id_of_held(inbox: Inbox, path: Path) -> Optional[str]:
    """The id a file in a running folder has by its name; None for a file in pending, whose content and name decide."""
    held = None if is_pending(inbox, path) else _held(path)
    return held.request_id if held and is_id(held.request_id) else None


def dead_incarnations(inbox: Inbox, me: Incarnation) -> List[str]:
    """The incarnations that will not come back."""
    return [name for name in incarnations(inbox) if name != me.name and me.is_dead(name)]


def bury(inbox: Inbox, incarnation: str) -> bool:
    """Remove a dead incarnation's empty folder; False while something lies in it."""
    folder = inbox.running / incarnation
    if set(inbox.disk.names(folder)) - {ALIVE}:
        return False
    inbox.disk.remove_tree(folder / ALIVE)  # whatever goes by that name: it must not keep us from looking
    return inbox.disk.remove_folder(folder)


def fresh_path(me: Incarnation, request_id: str) -> Path:
    """A name in our folder that nobody else uses, for a file that is to be compared with an answer."""
    return me.folder / names.compared_name(request_id)


def sweep_temporaries(inbox: Inbox, me: Incarnation) -> None:
    """Remove what killed programs of ours left half written, once older than a lease."""
    folders = (inbox.pending, inbox.running, inbox.root)
    found = [folder / name for folder in folders for name in inbox.disk.names(folder) if names.is_our_temporary(name)]
    for path in found:
        if _is_older_than_lease(inbox, me, path):
            inbox.disk.remove(path)


def _is_older_than_lease(inbox: Inbox, me: Incarnation, path: Path) -> bool:
    try:
        return me.now() - inbox.disk.mtime(path) > me.lease
    except FileNotFoundError:
        return False


def _held(path: Path) -> Optional[Held]:
    said = names.held_in(path.name)
    if said:
        return Held(path, *said)
    # A stranger's file in a running folder is a request too: nothing is lost.
    return None if path.name == ALIVE or names.is_ignored(path.name) else Held(path, safe_id(path.stem), None)

"""The request files in the workers' folders: whose they are, and how a file of pending becomes one.

It exists because nothing is decided about a file that anybody may still exchange: it is moved to a name of our own first.
"""

from __future__ import annotations

from pathlib import Path
from typing import List, NamedTuple, Optional, Tuple

from inbox import names
from inbox.folders import ALIVE, Inbox, is_pending
from inbox.ids import is_id, safe_id
from inbox.intake import Asked, read_asked
from inbox.liveness import Incarnation


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


def bring_in(me: Incarnation, path: Path, asked: Asked) -> Optional[Tuple[Path, Asked]]:
    """Where a file that is to be compared with an answer lies under a fresh name in our folder, and what it holds there."""
    mine = path if path.parent == me.folder else me.folder / names.compared_name(asked.request_id)
    try:
        if mine is not path:
            me.inbox.disk.move(path, mine)
    except FileNotFoundError:
        return None
    # RACE: what lay in pending may have been exchanged between reading and moving; only what is under our own name counts.
    held = read_asked(me.inbox, mine, asked.request_id, asked)
    return (mine, held) if held else None


def let_go(inbox: Inbox, path: Path) -> None:
    """Away with the file of a request that is ANSWERED, and whose content is in the answer."""
    inbox.disk.remove(path)


def _held(path: Path) -> Optional[Held]:
    said = names.held_in(path.name)
    if said and is_id(said.request_id):
        return Held(path, *said)
    # A stranger's file in a running folder is a request too: nothing is lost.
    return None if path.name == ALIVE or names.is_ignored(path.name) else Held(path, safe_id(path.stem), None)

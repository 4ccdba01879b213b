"""What dead workers left: their folders, and what killed programs left half written.

It exists because a worker may be killed at any line; everything it held is taken over, everything else is swept.
"""

from __future__ import annotations

from pathlib import Path
from typing import List

from inbox import names
from inbox.folders import ALIVE, ARRIVING, RECEIVED, Inbox
from inbox.liveness import Incarnation
from inbox.sign import incarnations


def dead_incarnations(me: Incarnation) -> List[str]:
    """The incarnations that will not come back."""
    return [name for name in incarnations(me.inbox) if name != me.name and me.is_dead(name)]


def bury(inbox: Inbox, incarnation: str) -> bool:
    """Remove a dead incarnation's empty folder; False while something lies in it."""
    folder = inbox.running / incarnation
    if set(inbox.disk.names(folder)) - {ALIVE}:
        return False
    inbox.disk.remove_tree(folder / ALIVE)  # whatever goes by that name: it must not keep us from looking
    return inbox.disk.remove_folder(folder)


def sweep_temporaries(inbox: Inbox, now: float, age: float) -> None:
    """Remove what killed programs of ours left half written, once it is that old at the file server's time `now`."""
    folders = (inbox.pending, inbox.running, inbox.root, inbox.root / RECEIVED, inbox.root / ARRIVING)
    found = [folder / name for folder in folders for name in inbox.disk.names(folder) if names.is_our_temporary(name)]
    for path in found:
        if _age(inbox, path, now) > age:
            inbox.disk.remove_tree(path)  # doctor's probe is a folder


def _age(inbox: Inbox, path: Path, now: float) -> float:
    """None at all where it is gone."""
    try:
        return now - inbox.disk.mtime(path)
    except FileNotFoundError:
        return 0.0

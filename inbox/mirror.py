"""The signs of life of workers on another machine, copied here, and when they were last copied.

It exists so that `status` reads one folder wherever the workers are; a copy counts as seen when its content changed,
so that two clocks an hour apart tell nothing wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import Iterable, List, Optional

from inbox import names
from inbox.arrivals import all_arriving
from inbox.folders import ALIVE, ARRIVING, Inbox
from inbox.liveness import server_now
from inbox.recover import bury
from inbox.side_signs import present_in
from inbox.sign import incarnations
from shared.own_folders import drop_link

_SEEN = ".seen"


def mirror(inbox: Inbox, arriving: Path) -> List[str]:
    """Take over the signs of life that lie in that arrivals folder; the incarnations that lived since the last time."""
    came = _room(inbox, arriving)
    found = [name for name in inbox.disk.names(came) if names.is_incarnation(name) and inbox.disk.is_folder(came / name)]
    return [name for name in found if _take_over(inbox, came / name / ALIVE, inbox.running / name)]


def forget_incarnations(inbox: Inbox, arriving: Path, there: Iterable[str]) -> None:
    """Those that left on the other machine leave here too."""
    known, came = set(there), _room(inbox, arriving)
    for name in incarnations(inbox):
        if name not in known and inbox.disk.exists(came / name):
            inbox.disk.remove_tree(came / name)
            bury(inbox, name)


def forget_absent(inbox: Inbox, arriving: Path) -> None:
    """Those that the other machine brought once and names no more leave here too, from every arrivals folder."""
    present = present_in(inbox, arriving)
    if present is None:
        return
    came = [name for name in inbox.disk.names(_room(inbox, arriving)) if names.is_incarnation(name)]
    for name in [one for one in came if one not in present]:
        for folder in all_arriving(inbox):
            inbox.disk.remove_tree(_room(inbox, folder) / name)
        bury(inbox, name)


def mark_seen(inbox: Inbox) -> None:
    """What the folders say of the other machine is as of now."""
    mark = inbox.root / ARRIVING / _SEEN
    inbox.disk.add_folder(mark.parent)
    inbox.disk.remove(mark)
    inbox.disk.put(mark, b"")


def seen_ago(inbox: Inbox) -> Optional[float]:
    """How many seconds ago that was; None where nothing ever came from another machine, or the share's time cannot be asked."""
    seen, now = _seen_at(inbox), server_now(inbox)
    return None if seen is None or now is None else max(0.0, round(now - seen, 1))


def _seen_at(inbox: Inbox) -> Optional[float]:
    try:
        return inbox.disk.mtime(inbox.root / ARRIVING / _SEEN)
    except FileNotFoundError:
        return None


def _room(inbox: Inbox, arriving: Path) -> Path:
    """Where signs of life lie in that folder; what lies behind a link is not what came."""
    came = arriving / "running"
    drop_link(inbox.disk, came)
    return came


def _take_over(inbox: Inbox, copy: Path, mine: Path) -> bool:
    """Take over what changed, and say whether it did; the date of our copy is the file server's of this side."""
    try:
        data = inbox.disk.read(copy, 1 << 20).data
    except OSError:
        return False
    inbox.disk.add_folder(mine)
    try:
        if inbox.disk.read(mine / ALIVE, 1 << 20).data == data:
            return False
        inbox.disk.overwrite(mine / ALIVE, data)
    except FileNotFoundError:
        inbox.disk.put(mine / ALIVE, data)
    return True

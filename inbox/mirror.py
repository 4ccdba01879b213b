"""The signs of life of workers on another machine, copied here, and when they were last copied.

It exists so that `status` reads one folder wherever the workers are; a copy counts as seen when its content changed,
so that two clocks an hour apart tell nothing wrong.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Iterable, List, Optional

from inbox import names
from inbox.carried import all_arriving
from inbox.folders import ALIVE, ARRIVING, Inbox
from inbox.liveness import server_now
from inbox.recover import bury
from inbox.sign import incarnations
from shared import clock
from shared.document import written
from shared.own_folders import drop_link

SIGN, PRESENT = "signs/nas", "signs/pc"
_SEEN, _HEARD = ".seen", ".heard"


def mirror(inbox: Inbox, arriving: Path) -> List[str]:
    """Take over the signs of life that lie in that arrivals folder; the incarnations that lived since the last time."""
    came = _room(inbox, arriving)
    found = [name for name in inbox.disk.names(came) if names.is_incarnation(name) and inbox.disk.is_folder(came / name)]
    return [name for name in found if _is_news(inbox, came / name / ALIVE, inbox.running / name)]


def forget_incarnations(inbox: Inbox, arriving: Path, there: Iterable[str]) -> None:
    """Those that left on the other machine leave here too."""
    known, came = set(there), _room(inbox, arriving)
    for name in incarnations(inbox):
        if name not in known and inbox.disk.exists(came / name):
            inbox.disk.remove_tree(came / name)
            bury(inbox, name)


def name_present(inbox: Inbox) -> None:
    """Which incarnations there are here, to be carried: who is not named any more left, and is not only silent."""
    said, place = written({"workers": sorted(incarnations(inbox))}), inbox.root / PRESENT
    inbox.disk.ensure_folder(place.parent)
    if _read_or_nothing(inbox, place) != said:
        inbox.disk.publish(place, said, replacing=True)


def forget_absent(inbox: Inbox, arriving: Path) -> None:
    """Those that the other machine brought once and names no more leave here too, from every arrivals folder."""
    try:
        present = set(json.loads(_read_or_nothing(inbox, arriving / PRESENT))["workers"])
    except (ValueError, TypeError, KeyError, RecursionError, OSError):
        return
    came = [name for name in inbox.disk.names(_room(inbox, arriving)) if names.is_incarnation(name)]
    for name in [one for one in came if one not in present]:
        for folder in all_arriving(inbox):
            inbox.disk.remove_tree(_room(inbox, folder) / name)
        bury(inbox, name)


def mark_seen(inbox: Inbox) -> None:
    """What the folders say of the other machine is as of now."""
    mark = inbox.root / ARRIVING / _SEEN
    inbox.disk.ensure_folder(mark.parent)
    inbox.disk.remove(mark)
    inbox.disk.put(mark, b"")


def seen_at(inbox: Inbox) -> Optional[float]:
    """The file server's time of the last such moment; None where nothing ever came from another machine."""
    try:
        return inbox.disk.mtime(inbox.root / ARRIVING / _SEEN)
    except FileNotFoundError:
        return None


def seen_ago(inbox: Inbox) -> Optional[float]:
    """How many seconds ago that was; None where it never was, or the file server's time cannot be asked."""
    seen, now = seen_at(inbox), server_now(inbox)
    return None if seen is None or now is None else max(0.0, round(now - seen, 1))


def give_sign(inbox: Inbox) -> None:
    """The NAS's sign of life, to be carried: its content is new each time, as dates do not survive every journey."""
    sign = inbox.root / SIGN
    inbox.disk.ensure_folder(sign.parent)
    inbox.disk.publish(sign, written({"at": clock.iso(clock.now())}), replacing=True)


def heard_ago(inbox: Inbox) -> Optional[float]:
    """Seconds since a new sign of the NAS was first found here, from the first question on; None where the file server's
    time cannot be asked."""
    mark, now = inbox.root / ARRIVING / _HEARD, server_now(inbox)
    sign = _read_or_nothing(inbox, inbox.root / SIGN)
    inbox.disk.ensure_folder(mark.parent)
    if not inbox.disk.exists(mark):
        inbox.disk.put(mark, sign)
    elif _read_or_nothing(inbox, mark) != sign:
        inbox.disk.overwrite(mark, sign)
    return None if now is None else max(0.0, now - inbox.disk.mtime(mark))


def _room(inbox: Inbox, arriving: Path) -> Path:
    """Where signs of life lie in that folder; what lies behind a link is not what came."""
    came = arriving / "running"
    drop_link(inbox.disk, came)
    return came


def _read_or_nothing(inbox: Inbox, path: Path) -> bytes:
    try:
        return inbox.disk.read(path, 1 << 16).data
    except FileNotFoundError:
        return b""


def _is_news(inbox: Inbox, copy: Path, mine: Path) -> bool:
    """Whether it changed; the date of our copy is the file server's of this side."""
    try:
        data = inbox.disk.read(copy, 1 << 20).data
    except OSError:
        return False
    inbox.disk.ensure_folder(mine)
    try:
        if inbox.disk.read(mine / ALIVE, 1 << 20).data == data:
            return False
        inbox.disk.overwrite(mine / ALIVE, data)
    except FileNotFoundError:
        inbox.disk.put(mine / ALIVE, data)
    return True

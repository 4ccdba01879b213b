"""What the two sides say of themselves, to be carried: the NAS that it lives, the PC which workers it has.

It exists so that a machine which went silent is told from one that has nothing to say.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Optional, Set

from inbox.folders import ARRIVING, Inbox
from inbox.liveness import server_now
from inbox.sign import incarnations
from shared import clock
from shared.document import written

SIGN, PRESENT = "signs/nas", "signs/pc"
_HEARD = ".heard"


def give_sign(inbox: Inbox) -> None:
    """The NAS's sign of life: its content is new each time, as dates do not survive every journey."""
    sign = inbox.root / SIGN
    inbox.disk.add_folder(sign.parent)
    inbox.disk.publish(sign, written({"at": clock.iso(clock.now())}), replacing=True)


def note_sign(inbox: Inbox) -> None:
    """Remember when a new sign of the NAS was first found here; the first look counts as one."""
    mark, sign = _mark(inbox), _read_or_nothing(inbox, inbox.root / SIGN)
    inbox.disk.add_folder(mark.parent)
    if not inbox.disk.exists(mark):
        inbox.disk.put(mark, sign)
    elif _read_or_nothing(inbox, mark) != sign:
        inbox.disk.overwrite(mark, sign)


def heard_ago(inbox: Inbox) -> Optional[float]:
    """Seconds since a new sign was last noted; None where none was, or the file server's time cannot be asked."""
    now = server_now(inbox)
    try:
        return None if now is None else max(0.0, now - inbox.disk.mtime(_mark(inbox)))
    except FileNotFoundError:
        return None


def name_present(inbox: Inbox) -> None:
    """Which incarnations there are here: who is not named any more left, and is not only silent."""
    said, place = written({"workers": sorted(incarnations(inbox))}), inbox.root / PRESENT
    inbox.disk.add_folder(place.parent)
    if _read_or_nothing(inbox, place) != said:
        inbox.disk.publish(place, said, replacing=True)


def present_in(inbox: Inbox, arriving: Path) -> Optional[Set[str]]:
    """Which incarnations the other machine names in what it brought there; None where it names nobody one could believe."""
    try:
        return set(json.loads(_read_or_nothing(inbox, arriving / PRESENT))["workers"])
    except (ValueError, TypeError, KeyError, RecursionError, OSError):
        return None


def _mark(inbox: Inbox) -> Path:
    return inbox.root / ARRIVING / _HEARD


def _read_or_nothing(inbox: Inbox, path: Path) -> bytes:
    try:
        return inbox.disk.read(path, 1 << 16).data
    except FileNotFoundError:
        return b""

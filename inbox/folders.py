"""Where requests live, and the pause mark.

It exists so that the names of the queue's folders stand in one place.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import List, NamedTuple, Optional

from shared.disk import Disk
from shared.errors import ShareUnreachable

ALIVE = "alive"
ARRIVING = ".arriving"  # a dot-folder: nobody takes half a delivery for the real thing
RECEIVED = "received"
_PAUSED = "PAUSED"


class Inbox(NamedTuple):
    """The folders of the requests."""

    disk: Disk
    root: Path
    pending: Path
    claims: Path
    running: Path


def open_inbox(root: Path, disk: Disk) -> Inbox:
    """The inbox under `root`; nothing is made yet."""
    return Inbox(disk, root, root / "pending", root / "claims", root / "running")


def make_inbox(inbox: Inbox) -> None:
    """Make its folders where they are missing, and the one around them."""
    inbox.disk.ensure_folder(inbox.root)
    mend_inbox(inbox)


def mend_inbox(inbox: Inbox) -> None:
    """The same within a reports folder that is there. RACE: the share may go between the look for it and this; made anew, its
    empty mount point would pass for a queue without requests."""
    for folder in (inbox.pending, inbox.claims, inbox.running):
        inbox.disk.add_folder(folder)


def folders_of(inbox: Inbox) -> List[Path]:
    """The reports folder and those of the requests in it."""
    return [inbox.root, inbox.pending, inbox.claims, inbox.running]


def is_there(inbox: Inbox) -> bool:
    """Whether the share shows its folders."""
    return inbox.disk.exists(inbox.pending)


def require_share(inbox: Inbox) -> None:
    """ShareUnreachable where the folder is not there: an unmounted share must never be taken for an empty one."""
    if not is_there(inbox):
        fix = "mount the share, or correct RELAY_REPORTS; a new queue is made by `python -m nas init`"
        raise ShareUnreachable(f"opening {inbox.root}", "there is no folder `pending` in it", fix)


def is_pending(inbox: Inbox, path: Path) -> bool:
    """Whether that file lies in pending."""
    return os.path.dirname(path) == str(inbox.pending)


def paused_because(inbox: Inbox) -> Optional[str]:
    """The reason somebody wrote into `PAUSED`, None while nothing is paused."""
    try:
        data = inbox.disk.read(inbox.root / _PAUSED, 4096).data
    except FileNotFoundError:
        return None
    except IsADirectoryError:
        data = b""
    return plain_text(data) or "no reason given"


def paused_at(inbox: Inbox) -> Optional[float]:
    """The file server's time since when it is paused, None while nothing is."""
    try:
        return inbox.disk.mtime(inbox.root / _PAUSED)
    except FileNotFoundError:
        return None


def plain_text(data: bytes) -> str:
    """What a person wrote, on one line; Windows' own tools begin it with a mark and may write UTF-16."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return " ".join(data.decode(encoding, "replace").replace("\ufeff", "").split())


def pause(inbox: Inbox, reason: str) -> None:
    """Nothing is claimed from now on, by any worker; what runs goes on."""
    inbox.disk.publish(inbox.root / _PAUSED, reason.encode(), replacing=True)


def resume(inbox: Inbox) -> None:
    """Claiming goes on."""
    inbox.disk.remove(inbox.root / _PAUSED)

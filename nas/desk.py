"""The NAS's view of the reports folder: both doors and the settings.

It exists so that every command opens them the same way.
"""

from __future__ import annotations

from typing import NamedTuple

from inbox import Inbox, open_inbox, require_share
from outbox import Outbox, open_outbox
from shared.config import Settings, load
from shared.disk import Disk


class Desk(NamedTuple):
    """What a command needs."""

    inbox: Inbox
    outbox: Outbox
    settings: Settings


def open_desk(must_exist: bool = True) -> Desk:
    """The folders and settings in force; ShareUnreachable where they must be there and are not."""
    settings = load()
    disk = Disk(settings.durable)
    desk = Desk(open_inbox(settings.reports, disk), open_outbox(settings.reports, disk), settings)
    if must_exist:
        require_share(desk.inbox)
    return desk

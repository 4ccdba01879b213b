"""The desk: the two doors, the settings and the log, as every step of the worker needs them together.

It exists so that a step takes one argument for where it works, and so that a child process can set up the same desk.
"""

from __future__ import annotations

from typing import NamedTuple

from inbox import Inbox, mend_inbox, open_inbox, require_share
from outbox import Outbox, mend_outbox, open_outbox
from shared.config import Settings
from shared.disk import Disk
from shared.events import Log


class Desk(NamedTuple):
    """Where answers are made."""

    inbox: Inbox
    outbox: Outbox
    settings: Settings
    log: Log
    own: Disk  # for files of this machine that are neither room's


def open_desk(settings: Settings, log: Log, disk: Disk | None = None) -> Desk:
    """The desk over the reports folder of the settings; nothing is made or asked yet."""
    disk = disk or Disk(settings.durable)
    return Desk(open_inbox(settings.reports, disk), open_outbox(settings.reports, disk), settings, log, disk)


def enter(desk: Desk) -> None:
    """Make the folders inside an existing reports folder. An unmounted share must never be taken for an empty one."""
    require_share(desk.inbox)
    mend_inbox(desk.inbox)
    mend_outbox(desk.outbox)

"""The NAS's view of the reports folder: both doors and the settings.

It exists so that every command opens them the same way.
"""

from __future__ import annotations

from typing import NamedTuple

from inbox import Inbox, arriving, make_inbox, open_inbox, require_share
from outbox import Outbox, make_outbox, open_outbox
from shared.config import Settings, load, may_make_reports
from shared.disk import Disk


class Desk(NamedTuple):
    """What a command needs."""

    inbox: Inbox
    outbox: Outbox
    settings: Settings
    own: Disk  # for files of this machine that are neither room's


def open_desk() -> Desk:
    """The folders and settings in force; ShareUnreachable where they are not there."""
    desk = _desk()
    require_share(desk.inbox)
    return desk


def see_desk() -> Desk:
    """The same, whether the folders are there or not: for whoever is to say what is missing."""
    return _desk()


def open_desk_to_submit() -> Desk:
    """The same; the queue is made, whole, where nobody said where it is."""
    return make_desk() if may_make_reports() else open_desk()


def make_desk() -> Desk:
    """The same, made where it is missing."""
    desk = _desk()
    make_inbox(desk.inbox)
    make_outbox(desk.outbox)
    desk.own.ensure_folder(desk.settings.data)  # the other side may carry prices there before anything here needs it
    arriving(desk.inbox, "")  # a PC that carries may come before our first sync
    return desk


def _desk() -> Desk:
    settings = load()
    disk = Disk(settings.durable)
    return Desk(open_inbox(settings.reports, disk), open_outbox(settings.reports, disk), settings, disk)

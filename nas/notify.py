"""`notify` on the NAS: tell something, try the ways out, sum up the day, see what waits.

It exists so that the notices are loaded by the one command that needs them, as every command's module is.
"""

from __future__ import annotations

import argparse

from shared import notices


def notify(options: argparse.Namespace) -> int:
    """The exit code."""
    return notices.notify(options, is_whole_here)


def is_whole_here(request_id: str) -> bool:
    """Whether that answer is whole now; the answers are looked at by a digest that tells of damage, and by no other call."""
    from outbox import is_whole, open_outbox
    from shared.config import load
    from shared.disk import Disk

    settings = load()
    return is_whole(open_outbox(settings.reports, Disk(settings.durable)), request_id)

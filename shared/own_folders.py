"""Folders that others may write beside: what lies there in the place of one of ours and is none goes.

It exists because a link, followed once, makes the files of another folder look like those of this one.
"""

from __future__ import annotations

from shared.disk import Disk, Where


def drop_link(disk: Disk, folder: Where) -> None:
    """Away with a link, a junction or a file of that name; a real folder stays, and so does what a link leads to."""
    if not disk.is_folder(folder):
        disk.remove(folder)

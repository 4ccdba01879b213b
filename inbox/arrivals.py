"""Where files from the other side lie until they are believed.

It exists so that whoever brings something has a folder of its own there, and none of them is a link to somebody else's.
"""

from __future__ import annotations

from pathlib import Path
from typing import List

from inbox import names
from inbox.folders import ARRIVING, Inbox
from shared.own_folders import drop_link


def arriving(inbox: Inbox, whose: str) -> Path:
    """Where files from the other side lie until they are believed."""
    folder = inbox.root / ARRIVING / whose
    if whose:
        drop_link(inbox.disk, folder)
    inbox.disk.ensure_folder(folder)
    return folder


def all_arriving(inbox: Inbox) -> List[Path]:
    """All such folders; whoever brings something makes its own in the one around them, and no more."""
    root = arriving(inbox, "")
    found = [root / name for name in sorted(inbox.disk.names(root)) if not names.is_our_temporary(name)]
    return [folder for folder in found if inbox.disk.is_folder(folder)]

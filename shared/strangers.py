"""What systems put into every folder without being asked: a NAS's thumbnails and bin, a file browser's own files.

It exists so that neither room takes them for a request or for a part of an answer.
"""

from __future__ import annotations

_NAMES = ("@eadir", "#recycle", "thumbs.db", "desktop.ini")


def is_systems_own(name: str) -> bool:
    """Whether nobody who uses the queue put it there; what begins with a dot is hidden, or somebody's work in progress."""
    return name.startswith(".") or name.lower() in _NAMES

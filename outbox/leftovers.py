"""What lies beside the answers: drafts that were never sealed, and requests that are in no answer.

It exists because a worker may die at any line: once an id is answered, its drafts are litter that anybody may remove.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Dict, List

from outbox.sealed import Outbox

_MOST_WORDS = 1 << 20


def drafts(outbox: Outbox) -> Dict[str, List[str]]:
    """The folders in building, by request id."""
    found: Dict[str, List[str]] = {}
    for name in outbox.disk.names(outbox.building):
        parts = name.rsplit(".", 2)
        if len(parts) == 3:
            found.setdefault(parts[0], []).append(name)
    return found


def sweep_drafts(outbox: Outbox, request_id: str) -> None:
    """Remove every draft of an answered id."""
    for name in drafts(outbox).get(request_id, ()):
        outbox.disk.remove_tree(outbox.building / name)


def last_words(outbox: Outbox, request_id: str, attempt: int) -> bytes:
    """What an attempt that ended without a word had printed, as far as its abandoned draft, which goes, still holds it."""
    of_attempt = f"{request_id}.{attempt}."
    name = next((name for name in drafts(outbox).get(request_id, ()) if name.startswith(of_attempt)), None)
    words = b""
    if name:
        with contextlib.suppress(OSError):
            words = outbox.disk.read(outbox.building / name / "run.log", _MOST_WORDS).data
        outbox.disk.remove_tree(outbox.building / name)  # on a full disk the answer needs its room
    return words


def set_aside(outbox: Outbox, path: Path, request_id: str) -> None:
    """Keep a request file whose content is in no answer; it may be gone already."""
    outbox.disk.ensure_folder(outbox.aside)
    with contextlib.suppress(FileNotFoundError):
        outbox.disk.move(path, outbox.aside / f"{request_id}.{os.urandom(4).hex()}.json")

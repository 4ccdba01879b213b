"""What lies beside the answers: drafts that were never sealed, and requests that are in no answer.

It exists because a worker may die at any line: once an id is answered, its drafts are litter that anybody may remove.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
from pathlib import Path
from typing import Dict, List, Optional

from outbox.sealed import Outbox, folders_of, is_answered, manifest_of
from shared.other_room import Answers

_MOST_WORDS = 1 << 20


def answers_known(outbox: Outbox) -> Answers:
    """What the room of the requests may ask here."""
    asked = functools.partial(is_answered, outbox), functools.partial(manifest_of, outbox), functools.partial(drafts, outbox)
    return Answers(*asked, done=outbox.done, aside=outbox.aside, folders=folders_of(outbox))


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
    words = b""
    for folder in _of_attempt(outbox, request_id, attempt):
        with contextlib.suppress(OSError):
            words = outbox.disk.read(folder / "run.log", _MOST_WORDS).data
    drop_draft(outbox, request_id, attempt)  # on a full disk the answer needs its room
    return words


def drop_draft(outbox: Outbox, request_id: str, attempt: int) -> None:
    """Remove what an attempt had written whose process is gone."""
    for folder in _of_attempt(outbox, request_id, attempt):
        outbox.disk.remove_tree(folder)


def set_aside(outbox: Outbox, path: Path, request_id: str) -> None:
    """Keep a request file whose content is in no answer; it may be gone already."""
    outbox.disk.ensure_folder(outbox.aside)
    with contextlib.suppress(FileNotFoundError):
        outbox.disk.move(path, outbox.aside / f"{request_id}.{os.urandom(4).hex()}.json")


def kept_aside(outbox: Outbox, request_id: str) -> Optional[bytes]:
    """The request file of that id which was set aside last; None where none was."""
    found = [outbox.aside / name for name in outbox.disk.names(outbox.aside) if _is_aside(name, request_id)]
    newest = max(found, key=outbox.disk.mtime, default=None)
    return outbox.disk.read(newest).data if newest else None


def _is_aside(name: str, request_id: str) -> bool:
    return re.fullmatch(re.escape(request_id) + r"\.[0-9a-f]{8}\.json", name) is not None


def _of_attempt(outbox: Outbox, request_id: str, attempt: int) -> List[Path]:
    names = drafts(outbox).get(request_id, [])
    return [outbox.building / name for name in names if name.startswith(f"{request_id}.{attempt}.")]

"""What answered requests leave in `building/`, and its removal.

It exists because a worker may die at any line: once an id is answered, its drafts are litter that anybody may remove.
"""

from __future__ import annotations

from typing import Dict, List

from outbox.sealed import Outbox


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

"""The marks `received/<id>`: which answers arrived, so that they may be archived where they were made.

It exists because the NAS writes these marks and the PC reads them: what is in one is known here and nowhere else.
"""

from __future__ import annotations

import contextlib
import os
from typing import Dict, List, NamedTuple, Optional, Sequence

from inbox import ids
from inbox.folders import RECEIVED, Inbox
from inbox.liveness import server_now
from inbox.mirror import seen_ago
from shared.document import written
from shared.kept import kept


class Received(NamedTuple):
    """One answer that arrived; its status and its run are None where it cannot be read any more."""

    request_id: str
    status: Optional[str]
    run_id: Optional[str]


def confirm(inbox: Inbox, arrived: Sequence[Received]) -> None:
    """Say of these answers that they arrived and may be archived where they were made; none is confirmed yet.

    Each mark is whole when it appears, and all of them survive a power cut: flushed together, as they may be a thousand."""
    if not arrived:
        return
    folder, disk = inbox.root / RECEIVED, inbox.disk
    disk.add_folder(folder)
    drafts = {one.request_id: f"{folder}/.{one.request_id}.{os.urandom(4).hex()}.tmp" for one in arrived}
    try:
        for one in arrived:
            disk.put(drafts[one.request_id], written(one._asdict()))
        disk.flush_all(list(drafts.values()))
        for request_id, draft in drafts.items():
            disk.move(draft, folder / request_id)
    except OSError:
        for draft in drafts.values():
            disk.remove(draft)
        raise
    disk.flush_folder(folder)


def confirmed(inbox: Inbox) -> List[str]:
    """The ids whose answers arrived, as far as anybody still needs to know."""
    return [name for name in inbox.disk.names(inbox.root / RECEIVED) if ids.is_id(name)]


def received_run(inbox: Inbox, request_id: str) -> Optional[str]:
    """Which run's answer the other side says it has; None where it says nothing readable."""
    run_id = kept(inbox.disk, inbox.root / RECEIVED / request_id).get("run_id")
    return run_id if isinstance(run_id, str) else None


def forget_confirmed(inbox: Inbox, request_id: str) -> None:
    """Nobody needs to know any more: where the answer was made it is archived."""
    inbox.disk.remove(inbox.root / RECEIVED / request_id)


def heard(inbox: Inbox) -> Dict[str, Optional[float]]:
    """Seconds since this folder last knew how the other machine stands, and since it confirmed an answer; None for never."""
    return {"sync": seen_ago(inbox), RECEIVED: _confirmed_ago(inbox)}


def _confirmed_ago(inbox: Inbox) -> Optional[float]:
    now, times = server_now(inbox), []
    for name in inbox.disk.names(inbox.root / RECEIVED):
        with contextlib.suppress(FileNotFoundError):
            times.append(inbox.disk.mtime(inbox.root / RECEIVED / name))
    return max(0.0, now - max(times)) if now and times else None

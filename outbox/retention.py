"""Archiving an answer: the tombstone first, then the move; and bringing it out again.

It exists because an archived id must stay answered for ever, also while its answer is on the way.
"""

from __future__ import annotations

import json
from pathlib import Path

from outbox.leftovers import drafts
from outbox.sealed import MANIFEST, Outbox, manifest_of, tombstone, verify
from shared.errors import RelayError


class NotYetArchivable(RelayError):
    """The answer has leftovers that must be swept first."""

    code = "E-NOT-ARCHIVABLE"
    exit_code = 2


def archive(outbox: Outbox, request_id: str, archive_folder: Path, has_claims: bool) -> Path:
    """Move a verified, swept answer to the archive; afterwards its id is still answered, by its tombstone."""
    # RACE: a paused worker that still has a draft and a claim could seal a second answer once done/<id> is gone.
    if has_claims or request_id in drafts(outbox):
        raise NotYetArchivable(f"archiving {request_id!r}", "claims or drafts of it are left", "drain once, then archive")
    manifest = verify(outbox, request_id)
    stone, place = tombstone(outbox, request_id), archive_folder / request_id
    facts = {
        "request_id": request_id,
        "status": manifest["status"],
        "request_sha256": manifest["request_sha256"],
        "where": str(place),
    }
    disk = outbox.disk
    disk.ensure_folder(stone.parent)
    disk.ensure_folder(archive_folder)
    if not disk.exists(stone):
        disk.publish(stone, json.dumps(facts, ensure_ascii=False).encode())
        disk.flush_folder(outbox.answered)
    if not disk.move_folder(outbox.done / request_id, place):
        raise NotYetArchivable(f"archiving {request_id!r}", f"there is a {place} already", "move it elsewhere, then archive")
    disk.flush_folder(archive_folder)
    disk.flush_folder(outbox.done)
    return place


def take_out(outbox: Outbox, request_id: str, place: Path) -> bool:
    """Move an answer out of a private outbox, to where somebody wants it; False if that place is taken."""
    return outbox.disk.move_folder(outbox.done / request_id, place)


def bring_back(outbox: Outbox, request_id: str) -> None:
    """Bring an archived answer out again; its tombstone stays."""
    facts = json.loads(outbox.disk.read(tombstone(outbox, request_id)).data)
    if not outbox.disk.exists(outbox.done / request_id / MANIFEST):
        outbox.disk.move_folder(Path(facts["where"]), outbox.done / request_id)
        outbox.disk.flush_folder(outbox.done)
    manifest_of(outbox, request_id)

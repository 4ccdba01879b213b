"""Archiving an answer: the tombstone first, then the move; and bringing it out again.

It exists because an archived id must stay answered for ever, also while its answer is on the way.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict

from outbox.archived import kept, place_in, verified_as
from outbox.known import forget_result
from outbox.leftovers import drafts
from outbox.moving import Move, move_answer
from outbox.sealed import Outbox, tombstone
from shared.disk import NO_FILE
from shared.errors import AnswerDamaged, RelayError

_ON_THE_STONE = ("request_id", "run_id", "status", "request_sha256")


class NotYetArchivable(RelayError):
    """Something keeps the answer from being moved."""

    code = "E-NOT-ARCHIVABLE"
    exit_code = 2


def archive(outbox: Outbox, request_id: str, archive_folder: Path, has_claims: bool) -> Path:
    """Move a verified, swept answer to the archive; afterwards its id is still answered, by its tombstone."""
    manifest = archivable(outbox, request_id, has_claims)
    place = place_in(outbox, archive_folder, manifest)
    disk = outbox.disk
    disk.ensure_folder(place.parent)
    if not disk.is_folder(place.parent):
        found = f"{place.parent} is no folder of the archive's own"
        raise NotYetArchivable(f"archiving {request_id!r}", found, "move it elsewhere, then archive")
    disk.flush_folder(archive_folder)  # the month may have been made by somebody who died before seeing to that
    _bury(outbox, manifest, place)
    if not move_answer(outbox, Move(request_id, outbox.done / request_id, place)):
        found = f"there is a {place} already, and it is something else"
        raise NotYetArchivable(f"archiving {request_id!r}", found, "move it elsewhere, then archive")
    forget_result(outbox, manifest)
    return place


def archivable(outbox: Outbox, request_id: str, has_claims: bool) -> Dict[str, Any]:
    """Its manifest, where it may be archived now: swept, and verified to the last byte."""
    # RACE: a paused worker that still has a draft and a claim could seal a second answer once done/<id> is gone.
    if has_claims or request_id in drafts(outbox):
        raise NotYetArchivable(f"archiving {request_id!r}", "claims or drafts of it are left", "drain once, then archive")
    try:
        return verified_as(outbox, outbox.done / request_id, request_id)
    except PermissionError as error:  # one that may not be read hinders no other
        found = f"{error.filename}: {error.strerror}"
        raise AnswerDamaged(f"archiving {request_id!r}", found, "mend its permissions, then archive") from error


def bring_back(outbox: Outbox, request_id: str, archive_folder: Path) -> bool:
    """Bring an archived answer out again, verified; False if it lies in done. Its tombstone stays, its age begins anew."""
    answer = kept(outbox, archive_folder, request_id)
    if not answer.is_archived:
        return False
    _date_anew(outbox, request_id)
    if not move_answer(outbox, Move(request_id, answer.folder, outbox.done / request_id)):
        found = f"there is a {outbox.done / request_id} that is no answer"
        raise NotYetArchivable(f"bringing back {request_id!r}", found, "move it elsewhere, then try again")
    return True


def _bury(outbox: Outbox, manifest: Dict[str, Any], place: Path) -> None:
    """The tombstone, on the platter with the shelf it stands on."""
    disk, request_id = outbox.disk, str(manifest["request_id"])
    stone = tombstone(outbox, request_id)
    disk.ensure_folder(stone.parent)
    facts = {name: manifest[name] for name in _ON_THE_STONE if name in manifest}
    if not disk.exists(stone):
        disk.publish(stone, json.dumps({**facts, "where": str(place)}, ensure_ascii=False).encode("utf-8", "replace"))
    disk.flush_folder(stone.parent)  # it may be of somebody who died before seeing to that
    disk.flush_folder(outbox.answered)


def _date_anew(outbox: Outbox, request_id: str) -> None:
    """An answer somebody wants back is not put away the next night: its tombstone tells from when it counts."""
    stone = tombstone(outbox, request_id)
    try:
        outbox.disk.overwrite(stone, outbox.disk.read(stone).data)  # the same bytes: no power cut can tear them
    except OSError as error:
        if error.errno not in NO_FILE:
            raise

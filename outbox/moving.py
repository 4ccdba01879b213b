"""Moving an answer's folder between done and the archive, which may lie on another disk.

It exists because only within one file system a folder moves by a rename: to another disk it is copied, flushed and verified
before the original goes, and at no moment is there less than one whole answer.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
from pathlib import Path
from typing import NamedTuple

from outbox.archived import verified_as
from outbox.sealed import MANIFEST, Outbox
from shared.errors import RelayError
from shared.strangers import is_systems_own

_A_DAY = 86_400.0
_ON_THE_WAY = re.compile(r"\.(?P<id>.+)\.[0-9a-f]{8}\.tmp")


class Move(NamedTuple):
    """Of which answer, from where, to where; the folder around the target is there."""

    request_id: str
    source: Path
    target: Path


def move_answer(outbox: Outbox, move: Move) -> bool:
    """Move a verified answer, never replacing; it lasts once this returns. False if something else has the target's name."""
    disk = outbox.disk
    try:
        moved = disk.move_folder(move.source, move.target)
    except FileNotFoundError:  # somebody else moves the same answer: then it is there
        return disk.exists(move.target / MANIFEST)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        moved = _copy(outbox, move)
    disk.flush_folder(move.target.parent)
    if disk.exists(move.source / MANIFEST):
        if not (moved or _is_the_same(outbox, move)):
            return False
        _drop(outbox, move)
    disk.flush_folder(move.source.parent)
    return moved or disk.exists(move.target / MANIFEST)


def take_out(outbox: Outbox, request_id: str, place: Path) -> bool:
    """Move an answer out of a private outbox, to where somebody wants it; False if that place is taken."""
    return outbox.disk.move_folder(outbox.done / request_id, place)


def sweep_moves(outbox: Outbox, folder: Path, now: float) -> None:
    """Remove what a move that was cut off left in that folder."""
    for name in outbox.disk.names(folder):
        if _ON_THE_WAY.fullmatch(name) and _is_over(outbox, folder / name, now):
            outbox.disk.remove_tree(folder / name)


def _is_over(outbox: Outbox, left: Path, now: float) -> bool:
    """`now` may be another server's clock than the folder's: a day is more than any two of them are apart."""
    try:
        return now - outbox.disk.mtime(left) > _A_DAY
    except FileNotFoundError:
        return False


def _copy(outbox: Outbox, move: Move) -> bool:
    """Bring a verified copy to the target; False if its name is taken."""
    disk, draft = outbox.disk, _on_the_way(move.target)
    _forget_earlier(outbox, move)
    disk.make_folder(draft)
    try:
        # A NAS puts folders of its own everywhere; what else lies there was verified, or says what was never carried.
        names = [name for name in disk.names(move.source) if not is_systems_own(name)]
        for name in names:
            disk.put(draft / name, disk.pieces(move.source / name, 1 << 62))
        disk.flush_all([draft / name for name in names], [draft])
        verified_as(outbox, draft, move.request_id)
        copied = disk.move_folder(draft, move.target)
    except (OSError, RelayError):
        with contextlib.suppress(OSError):  # the disk is full: room is what it lacks
            disk.remove_tree(draft)
        raise
    if not copied:
        disk.remove_tree(draft)
    return copied


def _is_the_same(outbox: Outbox, move: Move) -> bool:
    """Whether an earlier move, cut off before the original went, had brought this very answer there."""
    try:
        verified_as(outbox, move.target, move.request_id)
    except RelayError:
        return False
    manifests = [outbox.disk.read(folder / MANIFEST).data for folder in (move.source, move.target)]
    return manifests[0] == manifests[1]


def _drop(outbox: Outbox, move: Move) -> None:
    """The original goes, at once from everybody's sight: half an answer must never be seen."""
    gone = _on_the_way(move.source)
    with contextlib.suppress(FileNotFoundError):
        outbox.disk.move_folder(move.source, gone)
    # Else a power cut could take back this name, and not that its files are gone.
    outbox.disk.flush_folder(move.source.parent)
    outbox.disk.remove_tree(gone)


def _forget_earlier(outbox: Outbox, move: Move) -> None:
    """Copies of this answer that were cut off; who should still be at one finds it gone and gives up."""
    for name in outbox.disk.names(move.target.parent):
        matched = _ON_THE_WAY.fullmatch(name)
        if matched and matched["id"] == move.request_id:
            outbox.disk.remove_tree(move.target.parent / name)


def _on_the_way(place: Path) -> Path:
    return place.with_name(f".{place.name}.{os.urandom(4).hex()}.tmp")

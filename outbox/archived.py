"""The archive: where an answer lies that is no longer in done, `<archive>/<month>/<id>/`, a plain folder as it was sealed.

It exists so that an answer is found by its id alone, wherever it lies: what a tombstone says of the place is for people and
never followed, for anybody may have written it.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any, Collection, Dict, List, NamedTuple, Optional, Tuple

from outbox.sealed import MANIFEST, Outbox, manifest_in, request_in, sealed_at, tombstone
from outbox.verifying import verified_in
from shared import clock
from shared.errors import AnswerDamaged, RelayError, RequestNotFound
from shared.kept import kept as told_by
from shared.outcome import OPERATIONAL

_MONTH = re.compile(r"\d{4}-\d{2}")
_TIMES = 3  # it may be archived and brought back while somebody looks for it; nobody does so for ever

Verified = Tuple[Dict[str, Any], Dict[str, bytes]]


class ArchiveAway(RelayError):
    """The answer is archived, and its archive is not there: another disk, not mounted."""

    code = "E-ARCHIVE-AWAY"
    exit_code = OPERATIONAL


class Kept(NamedTuple):
    """An answer, verified where it lies; of its files those that were wanted, the very bytes that were verified."""

    folder: Path
    manifest: Dict[str, Any]
    is_archived: bool
    files: Dict[str, bytes]


def place_in(outbox: Outbox, archive: Path, manifest: Dict[str, Any]) -> Path:
    """Where the archive keeps that answer of done: under the Korean month in which it was finished."""
    request_id = str(manifest["request_id"])
    moment = clock.moment_in(manifest.get("timings", {}).get("finished")) or clock.at(sealed_at(outbox, request_id))
    return archive / f"{moment.year:04d}-{moment.month:02d}" / request_id


def find_archived(outbox: Outbox, archive: Path, request_id: str) -> Optional[Path]:
    """The folder of an archived answer, None where the archive has none of that id. Links lead nowhere here."""
    for month in _months(outbox, archive):
        place = month / request_id
        if outbox.disk.exists(place / MANIFEST) and outbox.disk.is_folder(place):
            return place
    return None


def folder_of(outbox: Outbox, archive: Path, request_id: str) -> Path:
    """Where the one answer lies; RequestNotFound where there is none, ArchiveAway where it is archived and not to be seen."""
    for _ in range(_TIMES):
        if outbox.disk.exists(outbox.done / request_id / MANIFEST):
            return outbox.done / request_id
        # RACE: archived after we looked into done, it is found here; brought back after we looked here, on the next round.
        place = find_archived(outbox, archive, request_id)
        if place:
            return place
    raise _not_here(outbox, archive, request_id)


def kept(outbox: Outbox, archive: Path, request_id: str, wanted: Collection[str] = ()) -> Kept:
    """The one answer, verified where it lies, with those of the wanted files that are there."""
    for _ in range(_TIMES):
        folder = folder_of(outbox, archive, request_id)
        found = _verified_if_there(outbox, folder, wanted)
        if found is not None:
            manifest, files = found
            return Kept(folder, manifest, folder.parent != outbox.done, files)
    raise _not_here(outbox, archive, request_id)


def verified_as(outbox: Outbox, folder: Path, request_id: str) -> Dict[str, Any]:
    """The manifest of a folder that is wholly the answer to that id and no link to somewhere else."""
    return _verified_as(outbox, folder, request_id, ())[0]


def _verified_as(outbox: Outbox, folder: Path, request_id: str, wanted: Collection[str]) -> Verified:
    manifest, files = verified_in(outbox, folder, wanted)
    if manifest.get("request_id") != request_id:
        raise _no_answer_to(folder, f"it is the answer to {manifest.get('request_id')!r}")
    if not outbox.disk.is_folder(folder):
        raise _no_answer_to(folder, "it is a link, not a folder")
    return manifest, files


def _verified_if_there(outbox: Outbox, folder: Path, wanted: Collection[str]) -> Optional[Verified]:
    try:
        return _verified_as(outbox, folder, folder.name, wanted)
    except RelayError:
        # RACE: archived or brought back while we read: what went from here lies whole where it is now.
        if outbox.disk.exists(folder / MANIFEST):
            raise
        return None


def archived_request(outbox: Outbox, archive: Path, request_id: str) -> bytes:
    """The request as it was answered, wherever the answer lies."""
    return request_in(outbox, folder_of(outbox, archive, request_id))


def archived_manifest(outbox: Outbox, archive: Path, request_id: str) -> Dict[str, Any]:
    """What the answer says of itself, wherever it lies; nothing of it is verified."""
    return manifest_in(outbox, folder_of(outbox, archive, request_id))


def newest_archived(outbox: Outbox, archive: Path) -> List[str]:
    """The ids of the newest month that has any, newest first by what their manifests say."""
    for month in _months(outbox, archive):
        found = [name for name in outbox.disk.names(month) if outbox.disk.exists(month / name / MANIFEST) and name[0] != "."]
        if found:
            return sorted(found, key=lambda name: (_finished(outbox, month / name), name), reverse=True)
    return []


def tombstones(outbox: Outbox) -> List[str]:
    """Every id that was ever archived."""
    shelves = [outbox.answered / name for name in outbox.disk.names(outbox.answered)]
    return [name for shelf in shelves for name in outbox.disk.names(shelf) if name[0] != "."]


def require_archive(outbox: Outbox, archive: Path, may_make: bool) -> None:
    """ArchiveAway where the archive is not there: an unmounted disk must never be taken for an empty archive.

    `may_make`: nobody named it, so it may be made."""
    if _months(outbox, archive):
        return
    if not may_make and not outbox.disk.exists(archive):
        fix = f"mount its disk; a new archive is a folder that you make once: mkdir -p {shlex.quote(str(archive))}"
        raise ArchiveAway(f"opening the archive {archive}", "there is no such folder", fix)
    gone = next((name for name in tombstones(outbox) if not outbox.disk.exists(outbox.done / name / MANIFEST)), None)
    if gone:
        said = _where(outbox, gone)
        found = f"it is empty, but {gone!r} was archived{f' as {said}' if said else ''}"
        fix = "mount its disk, or correct RELAY_ARCHIVE; to begin another archive, move the old one's months there"
        raise ArchiveAway(f"opening the archive {archive}", found, fix)


def _months(outbox: Outbox, archive: Path) -> List[Path]:
    """The newest first."""
    names = sorted((name for name in outbox.disk.names(archive) if _MONTH.fullmatch(name)), reverse=True)
    return [archive / name for name in names if outbox.disk.is_folder(archive / name)]


def _not_here(outbox: Outbox, archive: Path, request_id: str) -> RelayError:
    doing = f"looking for the answer to {request_id!r}"
    if not outbox.disk.exists(tombstone(outbox, request_id)):
        return RequestNotFound(doing, f"there is no {outbox.done / request_id}", "`python -m nas status` shows the newest")
    said = _where(outbox, request_id)
    found = f"it is archived{f' as {said}' if said else ''}, and the archive {archive} does not have it"
    return ArchiveAway(doing, found, "mount the archive's disk, or correct RELAY_ARCHIVE")


def _where(outbox: Outbox, request_id: str) -> str:
    """What its tombstone says of the place, fit for a line; empty where it is torn."""
    try:
        said = told_by(outbox.disk, tombstone(outbox, request_id)).get("where")
    except OSError:
        return ""
    return " ".join(said.split())[:400] if isinstance(said, str) else ""


def _finished(outbox: Outbox, folder: Path) -> str:
    try:
        return str(manifest_in(outbox, folder).get("timings", {}).get("finished") or "")
    except RelayError:
        return ""


def _no_answer_to(folder: Path, found: str) -> AnswerDamaged:
    return AnswerDamaged(f"verifying {folder}", found, "put it where it belongs, or restore it from a backup")

"""Whether the files of an answer are still the ones its manifest names, to the last byte.

It exists because disks, wires and people change files, and because nobody who shows an answer may believe one that was.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Collection, Dict, Tuple

from outbox.left_out import LEFT_OUT, is_indispensable, left_out
from outbox.sealed import MANIFEST, NOT_A_FILE, Outbox, damaged, is_answered, manifest_in
from shared.disk import Disk
from shared.errors import RelayError
from shared.strangers import is_systems_own

Named = Dict[str, Dict[str, Any]]


def verify(outbox: Outbox, request_id: str) -> Dict[str, Any]:
    """The manifest, once every file agrees with it in size and sha256, and nothing else lies there."""
    return verify_in(outbox, outbox.done / request_id)


def is_whole(outbox: Outbox, request_id: str) -> bool:
    """Whether its answer is there, to the last byte; one that was archived was read so before."""
    try:
        verify(outbox, request_id)
    except (RelayError, OSError):
        return not outbox.disk.exists(outbox.done / request_id / MANIFEST) and is_answered(outbox, request_id)
    return True


def verify_in(outbox: Outbox, folder: Path) -> Dict[str, Any]:
    """The same of an answer's folder, wherever it lies."""
    return verified_in(outbox, folder, ())[0]


def verified(outbox: Outbox, request_id: str, wanted: Collection[str]) -> Tuple[Dict[str, Any], Dict[str, bytes]]:
    """The same, and of the wanted files those that are there: the very bytes that were verified, not read again."""
    return verified_in(outbox, outbox.done / request_id, wanted)


def verified_in(outbox: Outbox, folder: Path, wanted: Collection[str]) -> Tuple[Dict[str, Any], Dict[str, bytes]]:
    """The same of an answer's folder, wherever it lies."""
    manifest = manifest_in(outbox, folder)
    named = named_files(folder, manifest)
    found = {name for name in outbox.disk.names(folder) if not is_systems_own(name)}
    strangers = found - set(named) - {MANIFEST, LEFT_OUT}
    if strangers:
        raise damaged(f"verifying {folder}", f"files the manifest does not name: {', '.join(sorted(strangers))}")
    absent = left_out(outbox.disk, folder) - found if LEFT_OUT in found else set()
    kept: Dict[str, bytes] = {}
    for name, entry in named.items():
        if name not in absent or is_indispensable(name, entry["bytes"]):
            data = _verified_file(outbox.disk, folder / name, entry, name in wanted)
            kept.update({name: data} if name in wanted else {})
    return manifest, kept


def named_files(folder: Path, manifest: Dict[str, Any]) -> Named:
    """The manifest's files by name; every one lies beside it."""
    try:
        named = {entry["path"]: {"bytes": entry["bytes"], "sha256": entry["sha256"]} for entry in manifest["files"]}
        strays = [name for name in named if not _may_be_named(name)]
        is_odd = any(type(one["bytes"]) is not int or not isinstance(one["sha256"], str) for one in named.values())
    except (KeyError, TypeError) as error:
        raise damaged(f"verifying {folder}", "its manifest lists no files, or one without path, bytes and sha256") from error
    if is_odd:
        raise damaged(f"verifying {folder}", "its manifest tells a size that is no number, or a sha256 that is no text")
    if strays:
        raise damaged(f"verifying {folder}", f"its manifest names files elsewhere, or hidden ones: {', '.join(sorted(strays))}")
    return named


def _may_be_named(name: str) -> bool:
    """What is hidden, or a system's own, is swept from every folder: no answer may hang on it."""
    return Path(name).name == name and name.isprintable() and not is_systems_own(name)


def _verified_file(disk: Disk, path: Path, entry: Dict[str, Any], is_wanted: bool) -> bytes:
    """Its bytes where they are wanted."""
    try:
        size, found, kept = _read_through(disk, path, entry["bytes"], is_wanted)
    except (FileNotFoundError, ValueError) as error:  # ValueError: no file can be called so
        raise damaged(f"verifying {str(path)!r}", "it is missing") from error
    except OSError as error:
        if error.errno not in NOT_A_FILE:
            raise
        raise damaged(f"verifying {path}", "it is a folder or a link, not a file") from error
    if size > entry["bytes"]:
        raise damaged(f"verifying {path}", f"it has more than the {entry['bytes']} bytes the manifest says")
    if found != entry["sha256"] or size != entry["bytes"]:
        raise damaged(f"verifying {path}", f"sha256 {found[:12]}…, the manifest says {entry['sha256'][:12]}…")
    return kept


def _read_through(disk: Disk, path: Path, size: int, is_wanted: bool) -> Tuple[int, str, bytes]:
    """How long it is and its sha256, a piece at a time and at most one byte more than expected; its bytes where wanted."""
    seen, digest, kept = 0, hashlib.sha256(), []
    for piece in disk.pieces(path, max(size, 0) + 1):
        seen += len(piece)
        digest.update(piece)
        kept += [piece] if is_wanted else []
    return seen, digest.hexdigest(), b"".join(kept)

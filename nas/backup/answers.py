"""The answers in a backup, each held against its manifest: what was packed of it is what was sealed, to the last byte.

It exists because a backup keeps rot as faithfully as anything else, and would then take the place of the one with the good copy.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping

from outbox import MANIFEST, Outbox, is_whole, manifest_of, named_files
from shared.errors import RelayError, RequestNotFound

Files = Dict[str, Dict[str, Any]]  # by name: how many bytes, and their sha256
_PLACE = ("reports", "done")


def damaged_answers(outbox: Outbox, packed: Mapping[str, Any]) -> List[str]:
    """The ids of those that are not what their manifests say; `packed`: a backup's manifest. One that was archived while the
    backup was made is whole; a folder without a manifest is no answer."""
    found = _by_id([*packed["files"], *({"path": name} for name in packed["unread"])])
    return sorted(request_id for request_id, files in found.items() if _is_damaged(outbox, request_id, files))


def _by_id(entries: Iterable[Mapping[str, Any]]) -> Dict[str, Files]:
    found: Dict[str, Files] = {}
    for entry in entries:
        parts = Path(entry["path"]).parts
        if parts[:2] == _PLACE and len(parts) > 2:
            facts = {name: entry.get(name) for name in ("bytes", "sha256")}
            found.setdefault(parts[2], {})["/".join(parts[3:])] = facts
    return found


def _is_damaged(outbox: Outbox, request_id: str, files: Files) -> bool:
    """The hashes of packing are enough where they are all there; only otherwise is the answer read once more."""
    try:
        named = named_files(outbox.done / request_id, manifest_of(outbox, request_id))
        is_as_packed = all(files.get(name, facts) == facts for name, facts in named.items())
        is_all = {*named, MANIFEST} == set(files)
        return not is_as_packed or not (is_all or is_whole(outbox, request_id))
    except RequestNotFound:
        return False
    except (RelayError, OSError):
        return True

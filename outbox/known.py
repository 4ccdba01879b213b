"""Known results: which answer has what one would get by running the same thing on the same prices with the same code.

It exists so that a question asked twice is answered in milliseconds; it is only ever a short way, and losing it loses nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, Optional, Tuple

from outbox.sealed import Outbox
from outbox.verifying import verified
from shared.disk import NO_FILE
from shared.errors import RelayError

_LONGEST = 4096
Known = Tuple[Dict[str, Any], Dict[str, bytes]]  # the manifest, and the wanted files


def note_result(outbox: Outbox, key: str, request_id: str) -> None:
    """From now on this id's sealed answer is what this key stands for; the newest of two is."""
    path = _place(outbox, key)
    outbox.disk.ensure_folder(path.parent)
    outbox.disk.remove(path)
    outbox.disk.put(path, json.dumps({"request_id": request_id}, ensure_ascii=False).encode("utf-8", "replace"))


def known_result(outbox: Outbox, key: str, wanted: Tuple[str, ...]) -> Optional[Known]:
    """The answer this key stands for, verified to the last byte; None where there is none, or none any more."""
    try:
        told = json.loads(outbox.disk.read(_place(outbox, key), _LONGEST).data)
        manifest, files = verified(outbox, str(told["request_id"]), wanted)
    except (ValueError, KeyError, TypeError, RelayError):
        return None
    except OSError as error:
        if error.errno not in NO_FILE:
            raise
        return None
    # RACE: noted for one answer, which was archived, while another of the same id came in its place.
    return (manifest, files) if manifest.get("key") == key and manifest.get("status") == "SUCCEEDED" else None


def forget_result(outbox: Outbox, manifest: Dict[str, Any]) -> None:
    """An answer that is put away is no short way any more."""
    key = manifest.get("key")
    if isinstance(key, str) and key.isalnum():
        outbox.disk.remove(_place(outbox, key))


def _place(outbox: Outbox, key: str) -> Path:
    """256 folders, so that none grows large."""
    return outbox.known / key[:2] / key

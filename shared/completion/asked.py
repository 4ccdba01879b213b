"""What was asked, in a few signs: a failure is over when the very same succeeds, and with nothing else.

It exists because a strategy that works for one symbol says nothing of the other it failed for.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Dict, Mapping

# What may differ between two requests that ask the same: whose and when they are, how they are to be run, and the period, whose
# end moves on with every night. `start_date`, `end_date` and `run_id` are the web contract's.
_NOT_ASKED = frozenset((
    "schema", "request_id", "run_id", "requested_by", "requested_at", "retry_of", "labels", "start", "end", "start_date",
    "end_date", "not_before", "expires_at", "priority", "timeout_seconds", "memory_mb", "max_attempts", "charts", "fresh",
))  # fmt: skip


def asked_in(request: bytes) -> Dict[str, Any]:
    """The request as its answer holds it; empty where it cannot be read."""
    try:
        found = json.loads(request.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def sign_of(asked: Mapping[str, Any]) -> str:
    """Equal where the same was asked, whoever asked and whatever the period; empty where nobody knows."""
    wanted = {name: value for name, value in asked.items() if name not in _NOT_ASKED and value not in (None, [], {}, "")}
    if not wanted:
        return ""
    text = json.dumps(wanted, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]

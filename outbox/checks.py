"""What doctor looks at of the answers: a share of them a day, each of its files to the last byte.

It exists because disks rot in silence, and whoever comes for an old answer should not be the first to know.
"""

from __future__ import annotations

import hashlib
from typing import List

from outbox.sealed import Outbox, answers
from outbox.verifying import verify
from shared.errors import RelayError, RequestNotFound
from shared.found import OK, WARN, Found
from shared.sayings import say

A_SHARE = 16 << 20  # bytes: a second of the slowest disk and processor a NAS has
_TOLD = 3


def answers_whole(outbox: Outbox, day: int, share: int = A_SHARE) -> Found:
    """Whether those of that day's share are what their manifests say; each day another share has its turn."""
    known, read, left = answers(outbox), 0, share
    wrong: List[str] = []
    for request_id in _shuffled(known, day):
        if left <= 0:
            break
        try:
            left -= sum(entry["bytes"] for entry in verify(outbox, request_id)["files"])
            read += 1
        except RequestNotFound:  # a folder without a manifest is no answer
            continue
        except (RelayError, OSError):
            wrong.append(request_id)
    if wrong:
        shown = ", ".join(wrong[:_TOLD]) + (" …" if len(wrong) > _TOLD else "")
        return Found("answers", WARN, say("answers_bad", ids=shown), say("answers_fix", id=wrong[0]))
    return Found("answers", OK, say("answers_ok", read=read, count=len(known)))


def _shuffled(ids: List[str], day: int) -> List[str]:
    return sorted(ids, key=lambda one: hashlib.sha256(f"{day} {one}".encode("utf-8", "surrogateescape")).digest())

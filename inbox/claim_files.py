"""The files in `claims`: one a claim, with its owner in it, and the mark beside one that is over.

It exists so that what lies there is written and read in one place; who may answer is decided from it in claim.py.
"""

from __future__ import annotations

import contextlib
import json
from typing import Any, Dict, List, Optional

from inbox import ids, names
from inbox.folders import Inbox
from shared.disk import NO_FILE, HalfWritten

DIED, GIVEN_BACK, STOPPED = "died", "given back", "stopped"  # how an attempt ended that brought no answer
_LONGEST_CLAIM = 1 << 16


def claimed_ids(inbox: Inbox) -> List[str]:
    """Every id that has a claim or a mark beside it."""
    found = [names.claim_in(name) for name in inbox.disk.names(inbox.claims)]
    return sorted({said.request_id for said in found if said and ids.is_id(said.request_id)})


def highest_attempt(inbox: Inbox, request_id: str) -> int:
    """The number of its newest claim, 0 for none."""
    highest = 0
    while inbox.disk.exists(claim_file(inbox, request_id, highest + 1)):
        highest += 1
    return highest


def owner_of(inbox: Inbox, request_id: str, attempt: int) -> Optional[Dict[str, Any]]:
    """Who made that claim; None where it is torn or gone."""
    try:
        content = json.loads(inbox.disk.read(claim_file(inbox, request_id, attempt), _LONGEST_CLAIM).data)
    except (ValueError, RecursionError):
        return None
    except OSError as error:
        if error.errno not in NO_FILE:
            raise
        return None
    return content if isinstance(content, dict) else None


def run_of(inbox: Inbox, request_id: str, attempt: Optional[int]) -> Optional[str]:
    """The name of that attempt's run; None where its claim is torn or gone, or there was none."""
    said = (owner_of(inbox, request_id, attempt) or {}).get("nonce") if attempt else None
    return said if isinstance(said, str) else None


def ended_how(inbox: Inbox, request_id: str, attempt: int) -> str:
    """What the mark beside a claim says; without one its owner died, or still works."""
    try:
        said = inbox.disk.read(mark_file(inbox, request_id, attempt), 100).data
    except FileNotFoundError:
        return DIED
    except OSError as error:
        if error.errno not in NO_FILE:
            raise
        return GIVEN_BACK
    return STOPPED if said == STOPPED.encode() else GIVEN_BACK


def mark_given_back(inbox: Inbox, request_id: str, attempt: int, ended: str = GIVEN_BACK) -> None:
    """That the attempt is over counts; why is for people, and for whoever counts. Half a word is as good as none."""
    with contextlib.suppress(FileExistsError, HalfWritten):
        inbox.disk.create(mark_file(inbox, request_id, attempt), ended.encode())


def sweep_claims(inbox: Inbox, request_id: str) -> None:
    """Remove whatever claims and marks of an ANSWERED id there are, the newest first."""
    found = [(names.claim_in(name), name) for name in inbox.disk.names(inbox.claims)]
    mine = [(said.attempt, name) for said, name in found if said and said.request_id == request_id]
    for _, name in sorted(mine, reverse=True):
        inbox.disk.remove(inbox.claims / name)


def claim_file(inbox: Inbox, request_id: str, attempt: int) -> str:
    """Where that claim is, or would be."""
    return f"{inbox.claims}/{names.claim_name(request_id, attempt)}"


def mark_file(inbox: Inbox, request_id: str, attempt: int) -> str:
    """Where the mark beside it is, or would be."""
    return f"{inbox.claims}/{names.mark_name(request_id, attempt)}"

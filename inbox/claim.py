"""The claim: who may answer a request, decided by creating a file exclusively.

It exists because a rename is not exclusive on SMB and Windows: two workers racing for one file both "win" it.
"""

from __future__ import annotations

import contextlib
import json
import uuid
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from inbox import names
from inbox.claim_files import DIED, GIVEN_BACK, claim_file, ended_how, highest_attempt, mark_file, mark_given_back, owner_of
from inbox.folders import Inbox
from inbox.held import Held
from inbox.intake import Asked, read_asked
from inbox.liveness import Incarnation
from shared.disk import HalfWritten
from shared.document import written


class Standing(NamedTuple):
    """How an id stands: the highest attempt so far, whether the next may be claimed, and how the earlier ones ended."""

    highest: int
    free: bool
    ended: List[str]


class Claim(NamedTuple):
    """Our right to answer `request_id` as attempt `attempt`, and the request we hold. `nonce`: the name of that run too."""

    request_id: str
    attempt: int
    nonce: str
    file: Path
    asked: Asked
    claimed_at: float
    earlier: List[Dict[str, Any]]

    @property
    def held(self) -> Held:
        """The request file we hold for it."""
        return Held(self.file, self.request_id, self.attempt)

    @property
    def facts(self) -> Dict[str, Any]:
        """Whose run it is, as every line about it says."""
        return {"request": self.request_id, "run": self.nonce, "attempt": self.attempt}

    def how_often(self, ended: str) -> int:
        """How many earlier attempts ended so."""
        return sum(1 for attempt in self.earlier if attempt["ended"] == ended)


def standing(me: Incarnation, request_id: str) -> Standing:
    """Read the claims of an id that is not answered."""
    inbox = me.inbox
    highest = highest_attempt(inbox, request_id)
    if not highest:
        return Standing(0, True, [])
    if me.botched.get(request_id, (0, ""))[0] == highest:
        mark_given_back(inbox, request_id, highest)  # else: a live claim of ours without a run, and nobody may take it
    ended = [ended_how(inbox, request_id, attempt) for attempt in range(1, highest + 1)]
    free = ended[-1] != DIED or _is_orphaned(me, request_id, highest)
    return Standing(highest, free, ended)


def take(me: Incarnation, path: Path, asked: Asked, request_id: str) -> Optional[Claim]:
    """Claim an unanswered id's next attempt and move its file at `path` to our folder; None if somebody else has it."""
    inbox, claimed = me.inbox, _kept(me, request_id) or _claimed(me, request_id)
    if claimed is None:
        return None
    attempt, nonce = claimed
    target = Path(f"{me.folder}/{names.held_name(request_id, attempt)}")
    try:
        held = _move_and_read(inbox, path, target, asked)
        if held is None or not _is_what_was_asked(held, asked, request_id):
            mark_given_back(inbox, request_id, attempt)
            return None
        return Claim(request_id, attempt, nonce, target, held, me.now(), _earlier(inbox, request_id, attempt))
    except OSError:
        me.botch(request_id, attempt, nonce)
        raise


def give_up_botched(me: Incarnation) -> None:
    """We leave: what we claimed and could not move is everybody's again, and no death."""
    for request_id, (attempt, _) in me.botched.items():
        with contextlib.suppress(OSError):
            mark_given_back(me.inbox, request_id, attempt)


def is_still_ours(inbox: Inbox, claim: Claim) -> bool:
    """Whether the claim file is there with our nonce and there is none higher."""
    try:
        content = json.loads(inbox.disk.read(claim_file(inbox, claim.request_id, claim.attempt)).data)
    except (FileNotFoundError, ValueError, RecursionError):
        return False
    ours = isinstance(content, dict) and content.get("nonce") == claim.nonce
    return ours and not inbox.disk.exists(claim_file(inbox, claim.request_id, claim.attempt + 1))


def give_back(inbox: Inbox, held: Held, ended: str = GIVEN_BACK) -> Path:
    """Return an unfinished request; where it lies then. The mark first: a crash in between leaves a free request behind."""
    if held.attempt is not None:
        mark_given_back(inbox, held.request_id, held.attempt, ended)
        inbox.disk.flush_folder(inbox.claims)  # else a power cut could make a death of it
    returned = inbox.pending / names.returned_name(held.request_id, held.attempt)
    try:
        inbox.disk.move(held.path, returned)
    except FileNotFoundError:
        return returned
    inbox.disk.flush_folder(inbox.pending)
    return returned


def sweep_own_claims(inbox: Inbox, claim: Claim) -> None:
    """Remove the claims and marks of an id we ANSWERED just now, the newest first: they are known without listing."""
    for attempt in range(claim.attempt, 0, -1):
        inbox.disk.remove(claim_file(inbox, claim.request_id, attempt))
        if attempt > 1:
            inbox.disk.remove(mark_file(inbox, claim.request_id, attempt - 1))


def _kept(me: Incarnation, request_id: str) -> Optional[Tuple[int, str]]:
    """A claim of ours whose file could not be moved is used again: a file that is stuck must not gather claims without end."""
    attempt, nonce = me.botched.get(request_id, (0, ""))
    owner = owner_of(me.inbox, request_id, attempt) if nonce else None
    if owner is None or owner.get("nonce") != nonce or ended_how(me.inbox, request_id, attempt) != DIED:
        return None
    return None if me.inbox.disk.exists(claim_file(me.inbox, request_id, attempt + 1)) else (attempt, nonce)


def _claimed(me: Incarnation, request_id: str) -> Optional[Tuple[int, str]]:
    """The next attempt and its nonce, if it is ours now."""
    now = standing(me, request_id)
    attempt, nonce = now.highest + 1, str(uuid.uuid4())
    return (attempt, nonce) if now.free and _create(me, request_id, attempt, nonce) else None


def _create(me: Incarnation, request_id: str, attempt: int, nonce: str) -> bool:
    """The exclusive act; False if somebody else was first."""
    inbox = me.inbox
    try:
        inbox.disk.create(claim_file(inbox, request_id, attempt), _content(me, nonce))
    except FileExistsError:
        return False
    except HalfWritten:
        me.botch(request_id, attempt, "")
        # At once if the full disk has room for an empty file: after our end nobody could tell it from a claim being written.
        with contextlib.suppress(OSError):
            mark_given_back(inbox, request_id, attempt)
        raise
    return True


def _is_what_was_asked(held: Asked, asked: Asked, request_id: str) -> bool:
    """The content may have been exchanged before the move: same id, other content is simply the request now.

    Not so where the claim is for a refusal under an id of its own: that one was made for one content."""
    return held.request_id == asked.request_id and (request_id == asked.request_id or held.digest == asked.digest)


def _earlier(inbox: Inbox, request_id: str, before: int) -> List[Dict[str, Any]]:
    """Who tried before that attempt and how it ended, for the manifest."""
    earlier = []
    for attempt in range(1, before):
        owner = owner_of(inbox, request_id, attempt) or {}
        worker, host = _word(owner.get("incarnation")), _word(owner.get("host"))
        earlier.append({"attempt": attempt, "worker": worker, "host": host, "ended": ended_how(inbox, request_id, attempt)})
    return earlier


def _word(value: object) -> Optional[str]:
    """What a claim says, fit for a manifest: anybody may have written it."""
    return value[:200].encode("utf-8", "replace").decode() if isinstance(value, str) else None


def _move_and_read(inbox: Inbox, path: Path, target: Path, asked: Asked) -> Optional[Asked]:
    try:
        inbox.disk.move(path, target)
    except FileNotFoundError:
        return None
    # RACE: under handle-based renames (SMB, Windows) two movers both succeed and the file follows the later one.
    # Only what now lies under our own fresh name is ours.
    return read_asked(inbox, target, asked.request_id, asked)


def _is_orphaned(me: Incarnation, request_id: str, attempt: int) -> bool:
    owner = owner_of(me.inbox, request_id, attempt)
    incarnation = (owner or {}).get("incarnation")
    if isinstance(incarnation, str) and names.is_incarnation(incarnation):
        return me.is_dead(incarnation)
    try:
        age = me.beat() - me.inbox.disk.mtime(claim_file(me.inbox, request_id, attempt))
    except FileNotFoundError:
        return False
    return age > me.lease  # torn: its writer died between creating and writing it, or is just about to write


def _content(me: Incarnation, nonce: str) -> bytes:
    return written({"incarnation": me.name, **me.process._asdict(), "nonce": nonce})

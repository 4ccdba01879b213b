"""The claim: who may answer a request, decided by creating a file exclusively.

It exists because a rename is not exclusive on SMB and Windows: two workers racing for one file both "win" it.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional

from inbox import names
from inbox.folders import Inbox
from inbox.held import Held
from inbox.intake import Asked, read_asked
from inbox.liveness import Incarnation
from shared.disk import NO_FILE, HalfWritten
from shared.document import written

DIED, GIVEN_BACK, STOPPED = "died", "given back", "stopped"  # how an attempt ended that brought no answer
_LONGEST_CLAIM = 1 << 16


class Standing(NamedTuple):
    """How an id stands: the highest attempt so far, whether the next may be claimed, and how the earlier ones ended."""

    highest: int
    free: bool
    ended: List[str]


class Claim(NamedTuple):
    """Our right to answer `request_id` as attempt `attempt`, and the request we hold."""

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

    def how_often(self, ended: str) -> int:
        """How many earlier attempts ended so."""
        return sum(1 for attempt in self.earlier if attempt["ended"] == ended)


def standing(me: Incarnation, request_id: str) -> Standing:
    """Read the claims of an id that is not answered."""
    inbox = me.inbox
    highest = _highest(inbox, request_id)
    if not highest:
        return Standing(0, True, [])
    if me.has_botched(request_id, highest):
        _mark_given_back(inbox, request_id, highest)
    ended = [_ended(inbox, request_id, attempt) for attempt in range(1, highest + 1)]
    free = ended[-1] != DIED or _is_orphaned(me, request_id, highest)
    return Standing(highest, free, ended)


def take(me: Incarnation, path: Path, asked: Asked, request_id: str) -> Optional[Claim]:
    """Claim an unanswered id's next attempt and move its file at `path` to our folder; None if somebody else has it."""
    inbox, now = me.inbox, standing(me, request_id)
    if not now.free:
        return None
    attempt, nonce = now.highest + 1, os.urandom(8).hex()
    if not _create(me, request_id, attempt, nonce):
        return None
    target = Path(f"{me.folder}/{names.held_name(request_id, attempt)}")
    try:
        held = _move_and_read(inbox, path, target, asked)
        if held is None or not _is_what_was_asked(held, asked, request_id):
            _mark_given_back(inbox, request_id, attempt)
            return None
        return Claim(request_id, attempt, nonce, target, held, me.now(), _earlier(inbox, request_id, now.ended))
    except OSError:
        me.botch(request_id, attempt)  # else: a live claim of ours without a run, and nobody may take it
        raise


def is_still_ours(inbox: Inbox, claim: Claim) -> bool:
    """Whether the claim file is there with our nonce and there is none higher."""
    try:
        content = json.loads(inbox.disk.read(_claim_file(inbox, claim.request_id, claim.attempt)).data)
    except (FileNotFoundError, ValueError, RecursionError):
        return False
    ours = isinstance(content, dict) and content.get("nonce") == claim.nonce
    return ours and not inbox.disk.exists(_claim_file(inbox, claim.request_id, claim.attempt + 1))


def give_back(inbox: Inbox, held: Held, ended: str = GIVEN_BACK) -> Path:
    """Return an unfinished request; where it lies then. The mark first: a crash in between leaves a free request behind."""
    if held.attempt is not None:
        _mark_given_back(inbox, held.request_id, held.attempt, ended)
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
        inbox.disk.remove(_claim_file(inbox, claim.request_id, attempt))
        if attempt > 1:
            inbox.disk.remove(_mark_file(inbox, claim.request_id, attempt - 1))


def sweep_claims(inbox: Inbox, request_id: str) -> None:
    """Remove whatever claims and marks of an ANSWERED id there are, the newest first."""
    found = [(names.claim_in(name), name) for name in inbox.disk.names(inbox.claims)]
    mine = [(said.attempt, name) for said, name in found if said and said.request_id == request_id]
    for _, name in sorted(mine, reverse=True):
        inbox.disk.remove(inbox.claims / name)


def claimed_ids(inbox: Inbox) -> List[str]:
    """Every id that has a claim or a mark beside it."""
    found = [names.claim_in(name) for name in inbox.disk.names(inbox.claims)]
    return sorted({said.request_id for said in found if said})


def _create(me: Incarnation, request_id: str, attempt: int, nonce: str) -> bool:
    """The exclusive act; False if somebody else was first."""
    inbox = me.inbox
    try:
        inbox.disk.create(_claim_file(inbox, request_id, attempt), _content(me, nonce))
    except FileExistsError:
        return False
    except HalfWritten:
        me.botch(request_id, attempt)
        # At once if the full disk has room for an empty file: after our end nobody could tell it from a claim being written.
        with contextlib.suppress(OSError):
            _mark_given_back(inbox, request_id, attempt)
        raise
    return True


def _is_what_was_asked(held: Asked, asked: Asked, request_id: str) -> bool:
    """The content may have been exchanged before the move: same id, other content is simply the request now.

    Not so where the claim is for a refusal under an id of its own: that one was made for one content."""
    return held.request_id == asked.request_id and (request_id == asked.request_id or held.digest == asked.digest)


def _earlier(inbox: Inbox, request_id: str, ended: List[str]) -> List[Dict[str, Any]]:
    """Who tried before and how it ended, for the manifest."""
    earlier = []
    for attempt, how in enumerate(ended, start=1):
        owner = _owner(inbox, request_id, attempt) or {}
        worker, host = _word(owner.get("incarnation")), _word(owner.get("host"))
        earlier.append({"attempt": attempt, "worker": worker, "host": host, "ended": how})
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


def _highest(inbox: Inbox, request_id: str) -> int:
    highest = 0
    while inbox.disk.exists(_claim_file(inbox, request_id, highest + 1)):
        highest += 1
    return highest


def _is_orphaned(me: Incarnation, request_id: str, attempt: int) -> bool:
    owner = _owner(me.inbox, request_id, attempt)
    incarnation = (owner or {}).get("incarnation")
    if isinstance(incarnation, str) and names.is_incarnation(incarnation):
        return me.is_dead(incarnation)
    try:
        age = me.beat() - me.inbox.disk.mtime(_claim_file(me.inbox, request_id, attempt))
    except FileNotFoundError:
        return False
    return age > me.lease  # torn: its writer died between creating and writing it, or is just about to write


def _owner(inbox: Inbox, request_id: str, attempt: int) -> Optional[Dict[str, Any]]:
    try:
        content = json.loads(inbox.disk.read(_claim_file(inbox, request_id, attempt), _LONGEST_CLAIM).data)
    except (ValueError, RecursionError):
        return None
    except OSError as error:
        if error.errno not in NO_FILE:
            raise
        return None
    return content if isinstance(content, dict) else None


def _ended(inbox: Inbox, request_id: str, attempt: int) -> str:
    """What the mark beside a claim says; without one its owner died, or still works."""
    try:
        said = inbox.disk.read(_mark_file(inbox, request_id, attempt), 100).data
    except FileNotFoundError:
        return DIED
    except OSError as error:
        if error.errno not in NO_FILE:
            raise
        return GIVEN_BACK
    return STOPPED if said == STOPPED.encode() else GIVEN_BACK


def _mark_given_back(inbox: Inbox, request_id: str, attempt: int, ended: str = GIVEN_BACK) -> None:
    """That the attempt is over counts; why is for people, and for whoever counts. Half a word is as good as none."""
    with contextlib.suppress(FileExistsError, HalfWritten):
        inbox.disk.create(_mark_file(inbox, request_id, attempt), ended.encode())


def _claim_file(inbox: Inbox, request_id: str, attempt: int) -> str:
    return f"{inbox.claims}/{names.claim_name(request_id, attempt)}"


def _mark_file(inbox: Inbox, request_id: str, attempt: int) -> str:
    return f"{inbox.claims}/{names.mark_name(request_id, attempt)}"


def _content(me: Incarnation, nonce: str) -> bytes:
    return written({"incarnation": me.name, **me.process._asdict(), "nonce": nonce})

"""Putting a request, or the wish to cancel one, into `pending`: complete when it appears, on the platter when acknowledged.

It exists so that everything of ours that asks for a backtest asks the same way.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, Dict, List, Optional, Set, Tuple

from inbox import ids, names
from inbox.folders import Inbox, plain_text
from inbox.held import held_by
from inbox.intake import content_of, read_asked
from inbox.request import SCHEMA, request_from
from inbox.sign import incarnations
from inbox.web_contract import is_web_contract, translated
from shared import clock
from shared.document import written
from shared.errors import RequestInvalid


def submit(inbox: Inbox, content: Dict[str, Any]) -> str:
    """Put a request into pending and return its id; it is checked first, and durable once this returns."""
    moment = clock.now()
    full = {"schema": SCHEMA, "requested_at": clock.iso(moment), **content}
    request = request_from(full)
    wanted = full.get("request_id")
    request_id = ids.safe_id(wanted) if wanted else ids.new_id(request.strategy, moment)
    full["request_id"] = request_id
    try:
        data = written(full)
    except ValueError as error:
        raise RequestInvalid("writing the request", str(error), "give numbers and whole characters") from error
    name = names.pending_name(request.priority, request.not_before, request_id)
    if wanted:  # RACE: two submits of one id must not replace each other's file; the queue itself sorts duplicates out.
        name = names.apart(name)
    inbox.disk.publish(f"{inbox.pending}/{name}", data)
    return request_id


def drop(inbox: Inbox, name: str, data: bytes) -> None:
    """Put a file into pending as it is, as anybody may."""
    inbox.disk.publish(inbox.pending / name, data)


def cancel(inbox: Inbox, request_id: str, reason: str) -> None:
    """Ask for an unanswered request to be cancelled, wherever it is now."""
    wish = inbox.pending / names.cancel_name(request_id)
    if not inbox.disk.exists(wish):  # whole when it appears: a worker reads its reason within a millisecond
        inbox.disk.publish(wish, reason.encode())


def wished_to_cancel(inbox: Inbox) -> Set[str]:
    """The ids somebody wants cancelled, and no worker has seen to yet."""
    return {names.id_to_cancel(name) for name in inbox.disk.names(inbox.pending) if names.is_cancel(name)}


def cancel_reason(inbox: Inbox, name: str) -> Optional[str]:
    """What the one who cancelled said, nothing where it cannot be read; None if that is a folder, or gone: nobody's wish."""
    try:
        return plain_text(inbox.disk.read(inbox.pending / name, 2000).data)
    except (IsADirectoryError, FileNotFoundError):
        return None
    except OSError:
        return ""


def withdraw_cancel(inbox: Inbox, name: str) -> None:
    """The wish is over: its id is answered."""
    inbox.disk.remove(inbox.pending / name)


def find_requests(inbox: Inbox, request_id: str) -> List[Path]:
    """Where the files of an unanswered request lie now: what runs first, then what waits."""
    held = [held for incarnation in incarnations(inbox) for held in held_by(inbox, incarnation)]
    return [one.path for one in held if one.request_id == request_id] + _waiting_under(inbox, request_id)


def requests_by_id(inbox: Inbox) -> Dict[str, List[Path]]:
    """Where every unanswered request lies now: one pass, for whoever looks for many."""
    found: Dict[str, List[Path]] = {}
    for path, known in waiting_files(inbox):
        with contextlib.suppress(OSError):
            found.setdefault(known or _id_inside(inbox, path) or "", []).append(path)
    found.pop("", None)
    return found


def request_again(data: bytes, request_id: str) -> Dict[str, Any]:
    """The content of an answered request, to be submitted as a new one; RequestInvalid where it is no JSON object."""
    content = content_of(data)
    content = translated(content) if is_web_contract(content) else content
    for name in ("request_id", "run_id", "requested_at", "requested_by", "not_before", "expires_at"):
        content.pop(name, None)
    return {**content, "retry_of": request_id}


def waiting_files(inbox: Inbox) -> List[Tuple[Path, Optional[str]]]:
    """Every request file that waits or runs, with its id where the name alone tells it."""
    found: List[Tuple[Path, Optional[str]]] = []
    for name in sorted(inbox.disk.names(inbox.pending)):
        if names.is_request(name):
            found.append((inbox.pending / name, names.id_in(name)))
    for incarnation in incarnations(inbox):
        found += [(held.path, held.request_id) for held in held_by(inbox, incarnation)]
    return found


def _waiting_under(inbox: Inbox, request_id: str) -> List[Path]:
    """Pending files that hold that id: ours carry it in their name, of the others every one is read."""
    found = sorted(inbox.disk.names(inbox.pending), key=lambda name: request_id not in name)
    likely = [name for name in found if names.is_request(name) and (request_id in name or not names.is_ours(name))]
    return [inbox.pending / name for name in likely if _id_inside(inbox, inbox.pending / name) == request_id]


def _id_inside(inbox: Inbox, path: Path) -> Optional[str]:
    """What the content says; None where there is no file."""
    try:
        asked = read_asked(inbox, path)
    except IsADirectoryError:
        return None
    return asked.request_id if asked else None

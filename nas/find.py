"""Finding a request by what a person types: its id, a unique beginning of it, `@latest`, `@prev`.

It exists so that every command that takes an id takes it alike.
"""

from __future__ import annotations

import difflib
from typing import List

from inbox import find_requests, is_id, requests_by_id, safe_id
from nas.desk import Desk
from outbox import answers, is_answered, newest_answers, newest_archived, tombstones
from shared.errors import RequestNotFound, nearest

_NAMED = ("@latest", "@prev")
_NEAR = 3


def resolve(desk: Desk, wanted: str) -> str:
    """The one id meant; RequestNotFound says what there is instead."""
    if wanted.startswith("@"):
        return _recent(desk, wanted)
    wanted = wanted if is_id(wanted) else safe_id(wanted) if wanted.strip("./\0 ") else ""
    if wanted and (is_answered(desk.outbox, wanted) or find_requests(desk.inbox, wanted)):
        return wanted
    known = sorted({*answers(desk.outbox), *tombstones(desk.outbox), *requests_by_id(desk.inbox)})
    matching = [name for name in known if name.startswith(wanted)]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise RequestNotFound(
            f"looking for {wanted!r}", f"{len(matching)} ids begin so: {', '.join(matching[:5])}", "type more of it"
        )
    found = f"no request or answer has that id (there are {len(known)})"
    raise RequestNotFound(f"looking for {wanted!r}", found, _near(wanted, known))


def resolve_whole(desk: Desk, wanted: str) -> str:
    """The same for what should not be done to a neighbour by a slip: `run-1` must not mean `run-10`."""
    found = resolve(desk, wanted)
    if found not in (wanted, safe_id(wanted)):
        raise RequestNotFound(f"looking for {wanted!r}", "no request has exactly that id", f"did you mean {found!r}?")
    return found


def _near(wanted: str, known: List[str]) -> str:
    """A few of the ids there are: after a year they are thousands."""
    near = difflib.get_close_matches(wanted, known, n=_NEAR, cutoff=0.5)
    hint = f"did you mean {' or '.join(map(repr, near))}? " if near else ""
    return f"{hint}`python -m nas status` shows the newest"


def _recent(desk: Desk, wanted: str) -> str:
    if wanted not in _NAMED:
        raise RequestNotFound(f"looking for {wanted!r}", "no answer goes by that name", nearest(wanted, _NAMED))
    newest, place = newest_answers(desk.outbox, 2), _NAMED.index(wanted)
    if len(newest) <= place:  # in a quiet month all there is may be archived
        newest += [name for name in newest_archived(desk.outbox, desk.settings.archive) if name not in newest]
    if len(newest) <= place:
        raise RequestNotFound(
            f"looking for {wanted}", f"there are {len(newest)} answers", "`python -m nas status` shows what waits"
        )
    return newest[place]

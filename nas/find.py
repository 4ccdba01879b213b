"""Finding a request by what a person types: its id, a unique beginning of it, `@latest`, `@prev`.

It exists so that every command that takes an id takes it alike.
"""

from __future__ import annotations

import contextlib
from typing import List

from inbox import find_requests, is_id, requests_by_id, safe_id
from nas.desk import Desk
from outbox import answers, is_answered, sealed_at
from shared.errors import RequestNotFound, nearest

_NAMED = ("@latest", "@prev")


def resolve(desk: Desk, wanted: str) -> str:
    """The one id meant; RequestNotFound says what there is instead."""
    if wanted in _NAMED:
        return _recent(desk, wanted)
    wanted = wanted if is_id(wanted) else safe_id(wanted) if wanted.strip("./\0 ") else ""
    if wanted and (is_answered(desk.outbox, wanted) or find_requests(desk.inbox, wanted)):
        return wanted
    known = sorted({*answers(desk.outbox), *requests_by_id(desk.inbox)})
    matching = [name for name in known if name.startswith(wanted)]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise RequestNotFound(
            f"looking for {wanted!r}", f"{len(matching)} ids begin so: {', '.join(matching[:5])}", "type more of it"
        )
    raise RequestNotFound(f"looking for {wanted!r}", "no request or answer has that id", nearest(wanted, known))


def newest_answers(desk: Desk, most: int) -> List[str]:
    """The ids answered last, newest first, by the file server's time of their manifest."""
    times = []
    for request_id in answers(desk.outbox):
        with contextlib.suppress(OSError):
            times.append((sealed_at(desk.outbox, request_id), request_id))
    return [request_id for _, request_id in sorted(times, reverse=True)[:most]]


def _recent(desk: Desk, wanted: str) -> str:
    newest = newest_answers(desk, 2)
    place = _NAMED.index(wanted)
    if len(newest) <= place:
        raise RequestNotFound(
            f"looking for {wanted}", f"there are {len(newest)} answers", "`python -m nas status` shows what waits"
        )
    return newest[place]

"""A request that asks something else under an id that has its answer here: refused on the spot, under an id of its own.

It exists because the other side may have been set up anew, and know nothing of the first answer: it would run for nobody.
"""

from __future__ import annotations

import inbox
import outbox
from inbox import Asked
from nas.desk import Desk
from shared import clock
from shared.errors import RelayError
from shared.version import version


def refuse_as_other(desk: Desk, asked: Asked) -> None:
    """From now on it is answered, REJECTED; by whoever was first."""
    other = inbox.conflict_id(asked.request_id, asked.digest)
    answer = outbox.answer_of(desk.outbox, other)
    if answer and answer.digest != asked.digest:  # somebody chose that very id for a request of theirs
        other = inbox.conflict_id(asked.request_id, asked.digest, 40)
    if not outbox.is_answered(desk.outbox, other):
        _refuse(desk, asked, other)
    outbox.sweep_drafts(desk.outbox, other)  # of who was killed over it


def _refuse(desk: Desk, asked: Asked, other: str) -> None:
    error = outbox.conflict_with(asked.request_id)
    draft = outbox.Draft(desk.outbox, other, 0)
    draft.write("request.json", asked.data)
    draft.write("report.txt", outbox.report_of(other, error, desk.settings.language))
    draft.seal(_facts(asked, error), lambda: True)


def _facts(asked: Asked, error: RelayError) -> "dict[str, object]":
    submitted = (asked.request.requested_at if asked.request else None) or clock.at(asked.mtime)
    return {
        "schema": outbox.SCHEMA,
        "status": error.status,
        "request_sha256": asked.digest,
        "worker": "nas",
        "strategy": asked.request.strategy if asked.request else None,
        "error": error.as_dict(),
        "code": {"version": version()},
        "attempts": [],
        "timings": {"submitted": clock.iso(submitted), "finished": clock.iso(clock.now())},
    }

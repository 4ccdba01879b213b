"""The litter of answered ids and of killed programs, removed (step 8 of the protocol).

It exists because what is litter is decided in one place, by one question: is the id answered?
"""

from __future__ import annotations

from inbox import Incarnation, claimed_ids, sweep_claims, sweep_temporaries
from outbox import drafts, is_answered, sweep_drafts
from pc.desk import Desk


def sweep(desk: Desk, request_id: str) -> None:
    """Remove what an ANSWERED id left: claims, marks, drafts."""
    sweep_claims(desk.inbox, request_id)
    sweep_drafts(desk.outbox, request_id)


def sweep_all(desk: Desk, me: Incarnation, running: set[str]) -> None:
    """Remove what answered ids and killed submitters left; what runs is left to its run."""
    for request_id in {*claimed_ids(desk.inbox), *drafts(desk.outbox)} - running:
        if is_answered(desk.outbox, request_id):
            sweep(desk, request_id)
    sweep_temporaries(desk.inbox, me.now(), me.lease)

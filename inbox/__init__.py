"""The door to the requests: submit, look, claim, give back, recover. Nothing else touches pending, claims and running."""

from inbox.claim import (
    Claim,
    Standing,
    claimed_ids,
    give_back,
    is_still_ours,
    standing,
    sweep_claims,
    sweep_own_claims,
    take,
)
from inbox.folders import ALIVE, Inbox, is_pending, make_inbox, open_inbox, pause, paused_because, require_share, resume
from inbox.ids import conflict_id, is_id, new_id, safe_id
from inbox.intake import Asked, asked_from, digest_of, read_asked
from inbox.liveness import DeclaredDead, Incarnation, server_now
from inbox.names import cancel_name, id_to_cancel, is_ours, worker_of
from inbox.recover import Held, bury, dead_incarnations, fresh_path, held_by, id_of_held, sweep_temporaries
from inbox.request import SCHEMA, Costs, Request, Rules, request_from
from inbox.sign import Progress, Sign, incarnations, sign_of
from inbox.submit import (
    cancel,
    cancel_reason,
    find_request,
    request_again,
    requests_by_id,
    submit,
    waiting_files,
    wished_to_cancel,
)
from inbox.waiting import Waiting

__all__ = [
    "ALIVE",
    "SCHEMA",
    "Asked",
    "Claim",
    "Costs",
    "DeclaredDead",
    "Held",
    "Inbox",
    "Incarnation",
    "Progress",
    "Request",
    "Rules",
    "Sign",
    "Standing",
    "Waiting",
    "asked_from",
    "bury",
    "cancel",
    "cancel_name",
    "cancel_reason",
    "claimed_ids",
    "conflict_id",
    "dead_incarnations",
    "digest_of",
    "find_request",
    "fresh_path",
    "give_back",
    "held_by",
    "id_of_held",
    "id_to_cancel",
    "incarnations",
    "is_id",
    "is_ours",
    "is_pending",
    "is_still_ours",
    "make_inbox",
    "new_id",
    "open_inbox",
    "pause",
    "paused_because",
    "read_asked",
    "request_again",
    "request_from",
    "requests_by_id",
    "require_share",
    "resume",
    "safe_id",
    "server_now",
    "sign_of",
    "standing",
    "submit",
    "sweep_claims",
    "sweep_own_claims",
    "sweep_temporaries",
    "take",
    "waiting_files",
    "wished_to_cancel",
    "worker_of",
]

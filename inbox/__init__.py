"""The door to the requests: submit, look, claim, give back, recover. Nothing else touches pending, claims and running."""

from inbox.claim import Claim, Standing, give_back, give_up_botched, is_still_ours, standing, sweep_own_claims, take
from inbox.claim_files import DIED, GIVEN_BACK, STOPPED, claimed_ids, sweep_claims
from inbox.folders import ALIVE, Inbox, is_pending, is_there, make_inbox, open_inbox, pause, paused_because, require_share, resume
from inbox.held import Held, bring_in, held_by, id_of_held, let_go
from inbox.ids import conflict_id, is_id, new_id, safe_id
from inbox.intake import Asked, asked_from, digest_of, read_asked
from inbox.liveness import DeclaredDead, Incarnation, server_now
from inbox.names import cancel_name, id_to_cancel, is_ours, worker_of
from inbox.recover import bury, dead_incarnations, sweep_temporaries
from inbox.request import SCHEMA, Costs, Request, Rules, request_from
from inbox.sign import Progress, Sign, claimed_at, incarnations, sign_of
from inbox.submit import (
    cancel,
    cancel_reason,
    drop,
    find_requests,
    request_again,
    requests_by_id,
    submit,
    waiting_files,
    wished_to_cancel,
    withdraw_cancel,
)
from inbox.waiting import NotNow, Waiting

__all__ = [
    "ALIVE",
    "DIED",
    "GIVEN_BACK",
    "SCHEMA",
    "STOPPED",
    "Asked",
    "Claim",
    "Costs",
    "DeclaredDead",
    "Held",
    "Inbox",
    "Incarnation",
    "NotNow",
    "Progress",
    "Request",
    "Rules",
    "Sign",
    "Standing",
    "Waiting",
    "asked_from",
    "bring_in",
    "bury",
    "cancel",
    "cancel_name",
    "cancel_reason",
    "claimed_at",
    "claimed_ids",
    "conflict_id",
    "dead_incarnations",
    "digest_of",
    "drop",
    "find_requests",
    "give_back",
    "give_up_botched",
    "held_by",
    "id_of_held",
    "id_to_cancel",
    "incarnations",
    "is_id",
    "is_ours",
    "is_pending",
    "is_still_ours",
    "is_there",
    "let_go",
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
    "withdraw_cancel",
    "worker_of",
]

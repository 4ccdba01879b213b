"""The door to the requests: submit, look, claim, give back, recover. Nothing else touches pending, claims and running."""

from inbox.arrivals import all_arriving, arriving
from inbox.carried import Ready, ids_in, known_ids, make_ready, own_again, told_id, wishes
from inbox.checks import queue_checks, share
from inbox.claim import Claim, Standing, give_back, give_up_botched, is_still_ours, standing, sweep_own_claims, take
from inbox.claim_files import DIED, GIVEN_BACK, STOPPED, claimed_ids, sweep_claims
from inbox.folders import (
    ALIVE,
    ARRIVING,
    RECEIVED,
    Inbox,
    folders_of,
    is_pending,
    is_there,
    make_inbox,
    open_inbox,
    pause,
    paused_because,
    require_share,
    resume,
)
from inbox.held import Held, bring_in, held_by, id_of_held, let_go
from inbox.ids import conflict_id, is_id, safe_id
from inbox.intake import Asked, asked_from, digest_of, read_asked
from inbox.liveness import DeclaredDead, Incarnation, file_server_time, server_now
from inbox.mirror import forget_absent, forget_incarnations, mark_seen, mirror, seen_ago
from inbox.names import id_to_cancel
from inbox.names import is_cancel as is_wish
from inbox.received import Received, confirm, confirmed, forget_confirmed, heard, received_run
from inbox.recover import bury, dead_incarnations, sweep_temporaries
from inbox.request import SCHEMA, Request, request_from
from inbox.round_trip import round_trip
from inbox.side_signs import PRESENT, SIGN, give_sign, heard_ago, name_present, note_sign
from inbox.sign import Progress, Sign, claimed_at, incarnations, sign_of
from inbox.submit import (
    cancel,
    cancel_reason,
    drop,
    find_requests,
    request_again,
    requests_by_id,
    submit,
    wished_to_cancel,
    withdraw_cancel,
)
from inbox.trading import Costs, Rules
from inbox.waiting import NotNow, Waiting

__all__ = [
    "ALIVE",
    "ARRIVING",
    "DIED",
    "GIVEN_BACK",
    "PRESENT",
    "RECEIVED",
    "SCHEMA",
    "SIGN",
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
    "Ready",
    "Received",
    "Request",
    "Rules",
    "Sign",
    "Standing",
    "Waiting",
    "all_arriving",
    "arriving",
    "asked_from",
    "bring_in",
    "bury",
    "cancel",
    "cancel_reason",
    "claimed_at",
    "claimed_ids",
    "confirm",
    "confirmed",
    "conflict_id",
    "dead_incarnations",
    "digest_of",
    "drop",
    "file_server_time",
    "find_requests",
    "folders_of",
    "forget_absent",
    "forget_confirmed",
    "forget_incarnations",
    "give_back",
    "give_sign",
    "give_up_botched",
    "heard",
    "heard_ago",
    "held_by",
    "id_of_held",
    "id_to_cancel",
    "ids_in",
    "incarnations",
    "is_id",
    "is_pending",
    "is_still_ours",
    "is_there",
    "is_wish",
    "known_ids",
    "let_go",
    "make_inbox",
    "make_ready",
    "mark_seen",
    "mirror",
    "name_present",
    "note_sign",
    "open_inbox",
    "own_again",
    "pause",
    "paused_because",
    "queue_checks",
    "read_asked",
    "received_run",
    "request_again",
    "request_from",
    "requests_by_id",
    "require_share",
    "resume",
    "round_trip",
    "safe_id",
    "seen_ago",
    "server_now",
    "share",
    "sign_of",
    "standing",
    "submit",
    "sweep_claims",
    "sweep_own_claims",
    "sweep_temporaries",
    "take",
    "told_id",
    "wished_to_cancel",
    "wishes",
    "withdraw_cancel",
]

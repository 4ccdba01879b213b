"""`python -m nas sync`: requests go out, answers come home, and what is answered is over here too.

It exists so that one command, run as often as one likes and killed whenever one likes, makes two folders one queue.
"""

from __future__ import annotations

import argparse
import time
from typing import List

import inbox
from nas.desk import Desk, open_desk
from nas.homecoming import Homecoming, come_home
from nas.listening import listen
from nas.outgoing import send_out, still_open
from outbox import refused
from shared.cache import Road, carry_prices
from shared.errors import RelayError
from shared.events import Log
from shared.lock import only_one
from shared.notices import open_post, telling_log
from shared.other_side import look_over
from shared.trips import Trip, log_trip, note_trip, tell_skipped, tell_trip


def sync(options: argparse.Namespace) -> int:
    """One round; where another one is at it, that one is enough."""
    began, desk = time.monotonic(), open_desk()
    with only_one(desk.settings.data / "locks" / "sync") as alone:
        if not alone:
            return tell_skipped(options.json)
        with telling_log(desk.settings, desk.settings.logs / "nas-%Y-%m-%d.log") as log:
            trip = go(desk, log)
            listen(desk, open_post(desk.settings), log)
    with telling_log(desk.settings, desk.settings.logs / "nas-%Y-%m-%d.log") as log:
        trip.troubles += carry(desk, log, not trip.is_cut_off)  # prices may take long: the next sync can begin meanwhile
    return tell_trip(trip, inbox.seen_ago(desk.inbox), time.monotonic() - began, options.json)


def go(desk: Desk, log: Log) -> Trip:
    """One round: whatever of it can be done now is done, and what could not is kept in the trip."""
    trip, began = Trip(), time.monotonic()
    if desk.settings.is_carried:
        inbox.give_sign(desk.inbox)
        over = look_over(desk.settings, "nas", desk.own, trip)
        come_home(Homecoming(desk, over, trip, log))
        ready = still_open(desk, log)
        send_out(desk, over, trip, ready)
        inbox.sweep_temporaries(desk.inbox, inbox.server_now(desk.inbox) or 0.0, desk.settings.lease_seconds)
        trip.waiting, trip.refused = len({one.request_id for one in ready}), len(refused(desk.outbox))
    else:
        trip.waiting = len(inbox.requests_by_id(desk.inbox))
    note_trip(desk.own, desk.settings.data, trip)
    log_trip(log, trip, time.monotonic() - began)
    return trip


def carry(desk: Desk, log: Log, can_reach: bool = True) -> List[RelayError]:
    """The prices' round: after the answers', and not in their way."""
    return carry_prices(Road(desk.settings, "nas", "nas", desk.own, log), can_reach)

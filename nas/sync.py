"""`python -m nas sync`: requests go out, answers come home, and what is answered is over here too.

It exists so that one command, run as often as one likes and killed whenever one likes, makes two folders one queue.
"""

from __future__ import annotations

import argparse

import inbox
from nas.desk import Desk, open_desk
from nas.homecoming import Homecoming, come_home
from nas.listening import listen
from nas.outgoing import send_out, still_open
from outbox import refused
from shared.cache import Road, carry_prices
from shared.events import Log
from shared.notices import open_post
from shared.other_side import look_over
from shared.sync import Side, sync_once
from shared.trips import Trip


def sync(options: argparse.Namespace) -> int:
    """One round; where another one is at it, that one is enough."""
    desk = open_desk()
    return sync_once(desk.settings, "nas", lambda log: side_of(desk, log), options.json)


def side_of(desk: Desk, log: Log) -> Side:
    """The NAS's side of a sync."""
    road = Road(desk.settings, "nas", "nas", desk.own, log)
    return Side(
        settings=desk.settings,
        disk=desk.own,
        log=log,
        round=lambda trip: _round(desk, log, trip),
        prices=lambda can_reach: carry_prices(road, can_reach),
        age=lambda: inbox.seen_ago(desk.inbox),
        afterwards=lambda: listen(desk, open_post(desk.settings), log),
    )


def _round(desk: Desk, log: Log, trip: Trip) -> None:
    if desk.settings.is_carried:
        _round_trip(desk, log, trip)
    else:
        trip.waiting = len(inbox.requests_by_id(desk.inbox))


def _round_trip(desk: Desk, log: Log, trip: Trip) -> None:
    """Answers come home before requests go out; whatever breaks one of the steps, the others are done."""
    with trip.going_on("giving a sign of life"):
        inbox.give_sign(desk.inbox)
    over = look_over(desk.settings, "nas", desk.own, trip)
    come_home(Homecoming(desk, over, trip, log, {}))
    with trip.going_on("sending requests"):
        ready = still_open(desk, log, trip)
        trip.waiting = len({one.request_id for one in ready})
        send_out(desk, over, trip, ready)
    with trip.going_on("sweeping up"):
        trip.all_refused = len(refused(desk.outbox))
        inbox.sweep_temporaries(desk.inbox, inbox.server_now(desk.inbox) or 0.0, desk.settings.lease_seconds)

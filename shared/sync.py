"""The shape of a sync on either machine: alone, a round, its note and line in the log, the prices, the closing line.

It exists so that the two commands differ in what their round does, and in nothing else.
"""

from __future__ import annotations

import time
from typing import Callable, List, NamedTuple, Optional

from shared.config import Settings
from shared.disk import Disk
from shared.errors import RelayError
from shared.events import Log
from shared.lock import only_one
from shared.notices import open_post, send_due, telling_log
from shared.trips import Trip, log_trip, note_trip, tell_skipped, tell_trip

_SENDING_SECONDS = 5.0


class Side(NamedTuple):
    """What one machine brings to it."""

    settings: Settings
    disk: Disk
    log: Log
    round: Callable[[Trip], None]  # whatever of it can be done now is done, and what could not is kept in the trip
    prices: Callable[[bool], List[RelayError]]  # their round, and whether the other side could be reached
    age: Callable[[], Optional[float]]  # of what this side knows of the other
    afterwards: Callable[[], object] = lambda: None  # once the round is told, still alone
    aloud: bool = True  # else only a round that is news is logged
    closes: bool = False  # its command says at its end how it went: what is no news is heard, and not written to the log


def sync_once(settings: Settings, who: str, open_side: Callable[[Log], Side], as_json: bool) -> int:
    """One sync as a person or cron types it; the exit code. Where another one is at it, that one is enough."""
    began = time.monotonic()
    with telling_log(settings, settings.log_of(who)) as log:
        side = open_side(log)._replace(closes=True)
        trip = one_round(side)
        if trip is not None:
            send_due(open_post(settings), _SENDING_SECONDS)
            trip.troubles += side.prices(not trip.is_cut_off)  # they may take long: the next sync can begin meanwhile
    seconds = time.monotonic() - began
    return tell_skipped(seconds, as_json) if trip is None else tell_trip(trip, side.age(), seconds, as_json)


def one_round(side: Side) -> Optional[Trip]:
    """One round, noted and logged; None where another one of this machine is at it."""
    with only_one(side.settings.lock_of("sync")) as alone:
        return _round(side) if alone else None


def _round(side: Side) -> Trip:
    trip, began = Trip(), time.monotonic()
    with trip.going_on("syncing"):  # a round that broke is noted, logged and told as any other
        side.round(trip)
    is_news, seconds = note_trip(side.disk, side.settings.data, trip), time.monotonic() - began
    if is_news or (side.aloud and not side.closes):
        log_trip(side.log, trip, seconds)
    elif side.aloud:
        log_trip(side.log.unwritten(), trip, seconds)
    side.afterwards()
    return trip

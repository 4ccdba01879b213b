"""The shape of a sync on either machine: alone, a round, its note and line in the log, the prices, the closing line.

It exists so that the two commands differ in what their round does, and in nothing else.
"""

from __future__ import annotations

import time
from typing import Callable, Dict, List, NamedTuple, Optional

from shared.carriers import ThereAway
from shared.closing import SKIPPED, close
from shared.config import Settings
from shared.disk import Disk
from shared.errors import RelayError
from shared.events import Log
from shared.last_trip import note_trip
from shared.lock import only_one
from shared.masking import masked
from shared.notices import open_post, send_due, telling_log
from shared.outcome import OK
from shared.trips import Trip, counts_of

_SENDING_SECONDS = 5.0
_SHORT = 100  # letters of a reason in the closing line


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
    return _tell_skipped(seconds, as_json) if trip is None else _tell(trip, side.age(), seconds, as_json)


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
        _log(side.log, trip, seconds)
    elif side.aloud:
        _log(side.log.unwritten(), trip, seconds)
    side.afterwards()
    return trip


def _tell(trip: Trip, age: Optional[float], seconds: float, as_json: bool) -> int:
    """`OK sent=3 brought=5 waiting=1 refused=0 age=12s elapsed=812ms`; `age` is that of what this side knows of the other."""
    word = {0: "OK", 1: "REFUSED", 2: "LATER"}.get(trip.exit_code(), "FAILED")
    why = masked(trip.trouble.why or trip.trouble.what)[:_SHORT] if trip.trouble else None
    facts = {**counts_of(trip), "age": "-" if age is None else f"{int(age)}s", "why": why}
    error = trip.trouble.as_dict() if trip.trouble else None
    document = {**counts_of(trip), "age": age, "elapsed": round(seconds, 3), "error": error}
    close(word, facts, seconds, document if as_json else None)
    return trip.exit_code()


def _tell_skipped(seconds: float, as_json: bool) -> int:
    """Another sync of this machine is at it: that one is enough."""
    why = "another sync is at work"
    close(SKIPPED, {"why": why}, seconds, {"skipped": why} if as_json else None)
    return OK


def _log(log: Log, trip: Trip, seconds: float) -> None:
    """One line when it is over."""
    facts: Dict[str, object] = {**counts_of(trip), "rc": trip.exit_code(), "elapsed_ms": seconds * 1000}
    if trip.trouble is None:
        log.info("SYNC_ENDED", **facts)
    elif isinstance(trip.trouble, ThereAway):
        log.warning("SYNC_PUT_OFF", code=trip.trouble.code, why=trip.trouble, **facts)
    else:
        log.error("SYNC_FAILED", code=trip.trouble.code, why=trip.trouble, **facts)

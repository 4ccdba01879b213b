"""One round of carrying prices on either machine: take in what arrived, then send or bring what is news.

It exists so that a version sealed on one machine is in use on the other, whole, without an answer ever waiting for it.
"""

from __future__ import annotations

import contextlib
from typing import Iterator, List

from shared.cache.arrival import arrivals, take_in
from shared.cache.carrying import go_there
from shared.cache.failures import PricesBusy
from shared.cache.notes import last_ride, note_ride
from shared.cache.road import Road
from shared.cache.standing import lasting_trouble
from shared.carriers import CarryBroken, ThereAway
from shared.errors import RelayError
from shared.lock import only_one

_LATER = (ThereAway, PricesBusy)


def carry_prices(road: Road, can_reach: bool = True) -> List[RelayError]:
    """What went wrong in this round; nothing is done where another one is at it. To be called when answers are home."""
    settings = road.settings
    troubles: List[RelayError] = []
    if not (settings.is_carried or settings.there_data or arrivals(road)):
        return troubles
    with only_one(settings.lock_of("prices")) as alone:
        if alone:
            _round(road, can_reach, troubles)
            _note(road, can_reach, troubles)
    return troubles


def _round(road: Road, can_reach: bool, troubles: List[RelayError]) -> None:
    for arrival in arrivals(road):
        with _told(road, troubles):
            take_in(road, arrival)
    with _told(road, troubles):
        go_there(road, can_reach)


@contextlib.contextmanager
def _told(road: Road, troubles: List[RelayError]) -> Iterator[None]:
    """What fails in here is told and kept, and the rest of the round is done all the same."""
    try:
        yield
        return
    except RelayError as error:
        trouble = error
    except OSError as error:
        found = f"{error.strerror or error} ({error.filename})"
        trouble = CarryBroken("keeping prices", found, "look for room and rights in the data folder")
    troubles.append(trouble)
    if isinstance(trouble, _LATER):
        road.log.warning("PRICES_PUT_OFF", code=trouble.code, why=trouble)
    else:
        road.log.error("PRICES_NOT_CARRIED", code=trouble.code, why=trouble, rc=trouble.exit_code)


def _note(road: Road, can_reach: bool, troubles: List[RelayError]) -> None:
    """How it stands now; that a trouble is over is told before the note of it is gone."""
    if not (troubles or can_reach) and road.settings.there_data:
        return  # nothing was learned
    before = last_ride(road.disk, road.settings.data)
    why = str(troubles[0]) if troubles else lasting_trouble(road.disk, road.settings, road.side)
    if before and before.why and not why:
        road.log.info("PRICES_MENDED")
    note_ride(road.disk, road.settings.data, why)

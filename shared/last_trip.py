"""What is kept of the last sync: when it was, what it moved, why it did not go through.

It exists so that everything shown afterwards can say how old it is, and doctor why nothing comes.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Dict, NamedTuple, Optional, Sequence

from shared import clock
from shared.carriers import CarryBroken, ThereAway
from shared.disk import Disk
from shared.kept import Facts, keep, kept
from shared.trips import Trip, counts_of

_FILE = "sync.json"
_TOLD_AGAIN = 3600.0  # seconds; minute by minute the closing line says it
_LISTED = 1000  # ids of one kind; what is beyond them is told again


class LastTrip(NamedTuple):
    """What is kept of the last one. `why`, `code`: None where it succeeded. `last_ok`, `signs`: when one last succeeded, and
    when signs of life were last sent; None where never. `refused`, `links`: the answers that round told as refused, or as
    none. `told`: when the log last said how it went."""

    at: str
    why: Optional[str]
    last_ok: Optional[str]
    counts: Dict[str, int]
    signs: Optional[str] = None
    refused: Sequence[str] = ()
    links: Sequence[str] = ()
    code: Optional[str] = None
    told: Optional[str] = None

    @property
    def ok(self) -> bool:
        """Whether it did all it should."""
        return self.why is None


def note_trip(disk: Disk, data: Path, trip: Trip) -> bool:
    """Keep it for who asks later. Where there is no room for that, the trip itself tells it.

    Whether it is news: something moved, it went otherwise than the one before, or what no retry mends goes on for an hour."""
    now, before = clock.iso(clock.now()), last_trip(disk, data)
    why = str(trip.trouble) if trip.trouble else None
    last_ok = now if why is None else before and before.last_ok
    signs = now if trip.sent_signs else before and before.signs
    is_news = _is_news(trip, before)
    told = now if is_news or before is None else before.told
    kind = trip.trouble.code if trip.trouble else None
    lists = (list(trip.just_refused)[:_LISTED], trip.links[:_LISTED])
    try:
        keep(disk, data / _FILE, LastTrip(now, why, last_ok, counts_of(trip), signs, *lists, kind, told)._asdict())
    except OSError as error:
        full = CarryBroken(f"writing {data / _FILE}", str(error), "make room there: what was carried is carried")
        trip.troubles.append(full)
        return True
    return is_news


def _is_news(trip: Trip, before: Optional[LastTrip]) -> bool:
    """By the code of what went wrong: a PC that sleeps does not answer now in this way, now in that."""
    code = trip.trouble.code if trip.trouble else None
    if before is None or trip.sent or trip.brought or (before.code, before.refused) != (code, list(trip.just_refused)[:_LISTED]):
        return True
    moment = clock.moment_in(before.told)
    is_long_ago = moment is None or (clock.now() - moment).total_seconds() >= _TOLD_AGAIN
    return is_long_ago and trip.trouble is not None and not isinstance(trip.trouble, ThereAway)


def last_trip(disk: Disk, data: Path) -> Optional[LastTrip]:
    """The last one; None where there was none, or its note is torn."""
    with contextlib.suppress(OSError):
        return _understood(kept(disk, data / _FILE))
    return None


def is_time_for_signs(disk: Disk, data: Path, pace: float) -> bool:
    """Whether signs of life alone, or what was said before, are worth a sending."""
    before = last_trip(disk, data)
    moment = clock.moment_in(before.signs) if before else None
    return moment is None or not 0 <= (clock.now() - moment).total_seconds() < pace  # a clock that was set back keeps none


def _understood(said: Facts) -> Optional[LastTrip]:
    """Nothing of a note that somebody else wrote, or another version of ours, ends a sync."""
    at, counts = said.get("at"), said.get("counts")
    if not isinstance(at, str) or not isinstance(counts, dict):
        return None
    texts = {name: said[name] for name in ("why", "last_ok", "signs", "code", "told") if isinstance(said.get(name), str)}
    lists = {name: said[name] for name in ("refused", "links") if isinstance(said.get(name), list)}
    return LastTrip(**{"why": None, "last_ok": None, **texts, **lists, "at": at, "counts": counts})

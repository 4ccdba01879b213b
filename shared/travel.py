"""How the road between the two machines is: whether the other side can be reached, when a sync last worked, when it was heard.

It exists because two folders that nobody carries between look like two healthy queues.
"""

from __future__ import annotations

from typing import Dict, Optional

from shared import clock
from shared.carriers import FAILURES, Carrier, ThereAway, open_carrier
from shared.config import Settings
from shared.disk import Disk
from shared.errors import RelayError
from shared.found import BAD, OK, WARN, Found
from shared.last_trip import LastTrip, last_trip
from shared.other_side import names_there
from shared.sayings import say
from shared.text import Text

_LONG_AGO = 86_400.0
_SECONDS = 2.0


def carrier(disk: Disk, settings: Settings, who: str) -> Found:
    """Whether the other side can be reached: one that sleeps is a warning, one that refuses us is bad."""
    if not settings.there:
        return Found("carrier", OK, _nobody_asked(settings))
    quick = settings.model_copy(update={"carry_seconds": _SECONDS})  # what we start must not outlive us by much
    facts = {"carrier": settings.carrier, "there": settings.there}
    try:
        _look(disk, settings, open_carrier(quick, settings.there, who, disk))
    except FAILURES as error:
        return _unreached(error, facts)
    return Found("carrier", OK, say("carrier_ok", **facts))


def _look(disk: Disk, settings: Settings, way: Carrier) -> None:
    """As a sync does; where our own folder is not there, only whether the other side answers."""
    if disk.exists(settings.reports / "pending"):
        names_there(settings, disk, way)
    else:
        way.reach()


def sent(disk: Disk, settings: Settings, side: str) -> Found:
    """When this side's sync last worked, and why it did not."""
    if not settings.there:
        return Found("sent", OK, _nobody_asked(settings))
    return judged(last_trip(disk, settings.data), side)


def judged(trip: Optional[LastTrip], side: str) -> Found:
    """What the note of the last sync means."""
    fix = say("sync_fix", side=side)
    if trip is None:
        return Found("sent", WARN, say("sync_never"), fix)
    if not trip.ok:
        return Found("sent", WARN, say("sync_failed", age=_said(_age(trip.at)), why=trip.why), fix)
    worked = _age(trip.last_ok)
    if worked is None or worked > _LONG_AGO:
        return Found("sent", WARN, say("sync_old", age=_said(worked)), fix)
    facts = {name: trip.counts.get(name, 0) for name in ("sent", "brought")}
    return Found("sent", OK, say("sync_ok", age=_said(worked), **facts))


def received(settings: Settings, heard: Dict[str, Optional[float]]) -> Found:
    """When something of the other side last arrived here: `heard` are the seconds since then, by what it was."""
    if not settings.is_carried:
        return Found("received", OK, say("same_folder"))
    ages = {what: age for what, age in heard.items() if age is not None}
    if not ages:
        return Found("received", WARN, say("heard_never"))
    what = min(ages, key=lambda name: ages[name])
    return Found("received", OK, say("heard", age=clock.age(ages[what]), what=what))


def _nobody_asked(settings: Settings) -> Text:
    return say("theirs" if settings.is_carried else "same_folder")


def _unreached(error: RelayError, facts: Dict[str, str]) -> Found:
    verdict = WARN if isinstance(error, ThereAway) else BAD
    return Found("carrier", verdict, say("carrier_bad", why=error.why or error.what, **facts), say("as_told", text=error.fix))


def _age(moment: object) -> Optional[float]:
    """Both by this machine's clock: it wrote the note."""
    then = clock.moment_in(moment)
    return (clock.now() - then).total_seconds() if then else None


def _said(age: Optional[float]) -> str:
    return "?" if age is None else clock.age(age)

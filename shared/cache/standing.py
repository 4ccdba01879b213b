"""How old the prices of this machine are, whose they are, and what keeps them from being renewed.

It exists so that nobody takes last week's prices for today's because a cable is out.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple, Optional

from shared import clock
from shared.cache.failures import PricesDamaged
from shared.cache.looking import Looked, look
from shared.cache.notes import last_ride, listed, refusal
from shared.cache.origin import disputed, heard, own_side
from shared.cache.shelf import believed_index, read_index, shelf_of
from shared.config import Settings
from shared.disk import Disk
from shared.found import OK, WARN, Found
from shared.sayings import say

_OLD_SESSIONS = 5  # a week of trading: whoever fetches every day has not for a week
_OLD_DAYS = 11  # where the calendar does not reach: more than the exchange was ever closed, ten in a row


class PricesSeen(NamedTuple):
    """The version in use: its last day, how many days ago that was, which side fetched it and when. None where there is none.
    `why`: what keeps newer ones away; None where nothing does."""

    last: Optional[str]
    days: Optional[int]
    origin: Optional[str]
    made_at: Optional[str]
    why: Optional[str]


def prices_seen(disk: Disk, settings: Settings, side: str) -> Optional[PricesSeen]:
    """What is in use here; None where no prices were ever sealed or carried, and nothing is wrong with that."""
    shelf = shelf_of(disk, settings.data)
    try:
        index, why = read_index(shelf), _trouble(disk, settings, own_side(disk, settings, side))
    except PricesDamaged as damage:
        return PricesSeen(None, None, None, None, str(damage))
    if index is None:
        return PricesSeen(None, None, None, None, why) if why else None
    days = (clock.now().date() - date.fromisoformat(index.last)).days
    return PricesSeen(index.last, days, index.origin, index.made_at, why)


def too_old(last: date, wanted: date) -> bool:
    """Whether prices that end with that day are too old for the day wanted: more than five sessions lie after them, up to and
    with that day."""
    from shared.krx_calendar import DayUnknown, shipped_calendar  # a command that asks nothing of it starts without it

    try:
        return len(shipped_calendar().sessions(last + timedelta(days=1), wanted)) > _OLD_SESSIONS
    except DayUnknown:
        return (wanted - last).days > _OLD_DAYS


def prices_check(disk: Disk, settings: Settings, side: str) -> Found:
    """Doctor's line of it."""
    seen = prices_seen(disk, settings, side)
    if seen is None:
        return Found("prices", OK, say(_none_yet(settings)))
    if seen.why:
        said = say("prices_stuck" if seen.last else "prices_kept_away", last=seen.last, why=seen.why)
        return Found("prices", WARN, said, say("prices_fix"))
    looked = _looked(disk, settings)
    if looked.wrong:
        said = say("prices_rotten", last=seen.last or "-", why=listed(looked.wrong))
        return Found("prices", WARN, said, say("prices_rotten_fix", side=settings.prices_from))
    facts = {"last": seen.last, "days": seen.days, "origin": seen.origin, "read": looked.read, "files": looked.files}
    if seen.last and too_old(date.fromisoformat(seen.last), clock.now().date()):
        return Found("prices", WARN, say("prices_ok", **facts), say("prices_old_fix", side=settings.prices_from))
    return Found("prices", OK, say("prices_ok", **facts))


def _none_yet(settings: Settings) -> str:
    """What is said where there are none: made-up ones never travel, but others may be on their way."""
    made_up = settings.prices == "synthetic"
    return "prices_none" if not made_up else "prices_none_but_made_up" if settings.there_data else "prices_made_up"


def _looked(disk: Disk, settings: Settings) -> Looked:
    """A run looks at sizes and times only."""
    shelf = shelf_of(disk, settings.data)
    index = believed_index(shelf)
    return look(shelf, index, clock.now().toordinal()) if index else Looked({}, 0, 0)


def _trouble(disk: Disk, settings: Settings, side: str) -> Optional[str]:
    """Nothing where prices were never carried: then nobody waits for any."""
    lasting, ride = lasting_trouble(disk, settings, side), last_ride(disk, settings.data)
    return lasting or (ride.why if ride else None)


def lasting_trouble(disk: Disk, settings: Settings, side: str) -> Optional[str]:
    """What is wrong also while nothing is carried."""
    dispute, refused = disputed(settings, side, heard(disk, settings.data)), refusal(shelf_of(disk, settings.data))
    if dispute:
        return str(dispute)
    if refused.get("times") == 2:
        return f"prices up to {refused.get('last')} came damaged twice: {refused.get('why')}"
    return None

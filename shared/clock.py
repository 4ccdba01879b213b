"""Times as we write them: aware, UTC in ids, Korean time for people.

It exists so that no other module formats or parses a moment by itself (Python 3.8 has no zoneinfo; Korea has no DST).
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Optional

KST = timezone(timedelta(hours=9), "KST")
SKEW = 2.0  # so far two times of one share may be apart and mean the same moment
_SLACK = timedelta(minutes=10)
_LAST = 253_370_764_800.0  # the year 9999


def now() -> datetime:
    """This machine's idea of now; never compare it with a file's time on a share."""
    return datetime.now(KST)


def at(timestamp: float) -> datetime:
    """A file's mtime as an aware moment in Korean time; one set to before 1970 or after 9998 is shown as that edge."""
    return datetime.fromtimestamp(min(max(timestamp, 0.0), _LAST), KST)


def iso(moment: datetime) -> str:
    """`2026-11-20T18:12:03.123+09:00`, as every JSON file of ours carries it."""
    return moment.astimezone(KST).isoformat("T", "milliseconds")


def is_yet_to_come(moment: datetime, at: datetime) -> bool:
    """Whether it lies after that moment, and after this machine's now too, by minutes: a clock that was ahead noted it."""
    return moment > max(at, now()) + _SLACK


def stamp(moment: datetime) -> str:
    """`20261120t091203123`: the beginning of our ids, UTC, sorts by time."""
    utc = moment.astimezone(timezone.utc)
    return f"{utc:%Y%m%dt%H%M%S}{utc.microsecond // 1000:03d}"


def compact(moment: Optional[datetime]) -> str:
    """`20261120t091203` in UTC, or `0` for no moment: the second field of a pending name."""
    return f"{moment.astimezone(timezone.utc):%Y%m%dt%H%M%S}" if moment else "0"


def seconds_of(compacted: str) -> float:
    """The moment `compact` wrote, as a file's time; the beginning of time where it is no moment at all."""
    try:
        return datetime.strptime(compacted, "%Y%m%dt%H%M%S").replace(tzinfo=timezone.utc).timestamp()
    except ValueError:
        return 0.0


def for_people(moment: datetime) -> str:
    """`2026-11-20 18:12:03 KST`."""
    return f"{moment.astimezone(KST):%Y-%m-%d %H:%M:%S} KST"


def to_the_minute(moment: datetime) -> str:
    """`2026-11-20 18:12 KST`: for what was asked or answered, where seconds would only be noise."""
    return f"{moment.astimezone(KST):%Y-%m-%d %H:%M} KST"


def moment_in(text: object) -> Optional[datetime]:
    """The moment `iso` wrote, None where somebody else wrote something else."""
    try:
        moment = datetime.fromisoformat(str(text))
        return moment.astimezone(KST) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def age(seconds: float) -> str:
    """`12s`, `3m`, `5h`, `2d`: how old something is, in one word."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return f"{max(0, int(seconds))}s"


def age_of(moment: datetime, now: datetime) -> str:
    """The same of a moment; what is yet to come is `0s` old."""
    return age((now - moment).total_seconds())

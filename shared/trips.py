"""One sync, on either machine: what it did, how it is told, and what is kept of the last one.

It exists so that everything shown afterwards can say how old it is, and doctor why nothing comes.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from shared import clock
from shared.carriers import CarryBroken, CarryRefused, ThereAway
from shared.closing import SKIPPED, close, closing
from shared.disk import Disk
from shared.document import written
from shared.errors import RelayError
from shared.events import Log
from shared.masking import masked
from shared.outcome import FAILED, OK

_FILE = "sync.json"
_TOLD_AGAIN = 3600.0  # seconds; minute by minute the closing line says it
_SHORT = 100


class Trip:
    """A sync while it goes: what it moved, and what went wrong and did not end it."""

    def __init__(self) -> None:
        self.sent = self.brought = self.waiting = 0
        self.sent_signs = False  # of life
        self.links: List[str] = []  # in the place of answers: what they lead to is not carried
        self.all_refused = 0  # that still are: answers nobody can believe, set aside here, or not sent
        self.just_refused: Dict[str, str] = {}  # those of them this round stumbled over, and why
        self.troubles: List[RelayError] = []

    @contextlib.contextmanager
    def going_on(self, doing: str = "carrying files") -> Iterator[None]:
        """What fails in here is kept, and the rest of the round is done all the same."""
        try:
            yield
        except RelayError as error:
            self.troubles.append(error)
        except (
            OSError,
            ValueError,
            RecursionError,
        ) as error:  # of a folder here, or of names nobody foresaw
            self.troubles.append(CarryBroken(doing, str(error), "look at that file or folder, and for room and rights there"))

    @property
    def trouble(self) -> Optional[RelayError]:
        """What an operator must hear first: what no retry mends before what one does."""
        return next((one for one in self.troubles if not isinstance(one, ThereAway)), self.troubles[0] if self.troubles else None)

    @property
    def is_cut_off(self) -> bool:
        """Whether there is no use in trying further this time."""
        return any(isinstance(one, (ThereAway, CarryRefused)) for one in self.troubles)

    def exit_code(self) -> int:
        """As every command ends."""
        if self.trouble:
            return self.trouble.exit_code
        return FAILED if self.just_refused else OK


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
    note = LastTrip(now, why, last_ok, counts_of(trip), signs, list(trip.just_refused), trip.links, kind, told)
    try:
        disk.ensure_folder(data)
        disk.publish(data / _FILE, written(note._asdict()), replacing=True)
    except OSError as error:
        full = CarryBroken(f"writing {data / _FILE}", str(error), "make room there: what was carried is carried")
        trip.troubles.append(full)
        return True
    return is_news


def _is_news(trip: Trip, before: Optional[LastTrip]) -> bool:
    """By the code of what went wrong: a PC that sleeps does not answer now in this way, now in that."""
    code = trip.trouble.code if trip.trouble else None
    if before is None or trip.sent or trip.brought or (before.code, before.refused) != (code, list(trip.just_refused)):
        return True
    moment = clock.moment_in(before.told)
    is_long_ago = moment is None or (clock.now() - moment).total_seconds() >= _TOLD_AGAIN
    return is_long_ago and trip.trouble is not None and not isinstance(trip.trouble, ThereAway)


def last_trip(disk: Disk, data: Path) -> Optional[LastTrip]:
    """The last one; None where there was none, or its note is torn."""
    try:
        said: Dict[str, Any] = json.loads(disk.read(data / _FILE, 1 << 24).data)
        return LastTrip(**{name: said[name] for name in LastTrip._fields if name in said})
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def is_time_for_signs(disk: Disk, data: Path, pace: float) -> bool:
    """Whether signs of life alone, or what was said before, are worth a sending."""
    before = last_trip(disk, data)
    moment = clock.moment_in(before.signs) if before else None
    return moment is None or not 0 <= (clock.now() - moment).total_seconds() < pace  # a clock that was set back keeps none


def counts_of(trip: Trip) -> Dict[str, int]:
    """The four numbers of a sync."""
    return {"sent": trip.sent, "brought": trip.brought, "waiting": trip.waiting, "refused": trip.all_refused}


def tell_trip(trip: Trip, age: Optional[float], seconds: float, as_json: bool) -> int:
    """Its closing line, for programs the same as JSON; the exit code."""
    error = trip.trouble.as_dict() if trip.trouble else None
    document = {**counts_of(trip), "age": age, "elapsed": round(seconds, 3), "error": error}
    close(*_ended(trip, age), seconds, document if as_json else None)
    return trip.exit_code()


def tell_skipped(seconds: float, as_json: bool) -> int:
    """Another sync of this machine is at it: that one is enough."""
    why = "another sync is at work"
    close(SKIPPED, {"why": why}, seconds, {"skipped": why} if as_json else None)
    return OK


def closing_line(trip: Trip, age: Optional[float], seconds: float) -> str:
    """`OK sent=3 brought=5 waiting=1 refused=0 age=12s elapsed=812ms`; `age` is that of what this side knows of the other."""
    return closing(*_ended(trip, age), seconds)


def _ended(trip: Trip, age: Optional[float]) -> Tuple[str, Dict[str, object]]:
    word = {0: "OK", 1: "REFUSED", 2: "LATER"}.get(trip.exit_code(), "FAILED")
    why = masked(trip.trouble.why or trip.trouble.what)[:_SHORT] if trip.trouble else None
    return word, {**counts_of(trip), "age": "-" if age is None else f"{int(age)}s", "why": why}


def log_trip(log: Log, trip: Trip, seconds: float) -> None:
    """One line when it is over."""
    facts: Dict[str, object] = {**counts_of(trip), "rc": trip.exit_code(), "elapsed_ms": seconds * 1000}
    if trip.trouble is None:
        log.info("SYNC_ENDED", **facts)
    elif isinstance(trip.trouble, ThereAway):
        log.warning("SYNC_PUT_OFF", code=trip.trouble.code, why=trip.trouble, **facts)
    else:
        log.error("SYNC_FAILED", code=trip.trouble.code, why=trip.trouble, **facts)

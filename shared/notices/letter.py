"""A letter: one thing a notifier is to show, and what may come back instead of its having been shown.

It exists so that a notifier knows nothing of waiting, counting and patience, and whoever does knows no notifier.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Optional

from shared.notices.notice import Notice
from shared.notices.words import words_for
from shared.text import Text, same


class Letter(NamedTuple):
    """`mark` is where a message stands, in the notifier's own words."""

    notice: Notice
    name: str  # of the notice, its own for ever
    at: datetime  # when it was told; of an incident, when it was told last
    language: str
    # new · again (counted) · closed (edited: it is over) · over (one short line) · back (that line: it is not over any more) ·
    # day (a thread's beginning)
    kind: str = "new"
    times: int = 1  # an incident has happened
    since: Optional[datetime] = None  # when the incident began first
    flaps: int = 1  # how often it began
    call: str = ""  # whom to call: here, channel, a member's id
    edit: str = ""  # the mark of the message to change; empty: a new one
    under: str = ""  # the mark of the message to answer below; empty: in the channel
    seconds: float = 10.0  # to wait for an answer


class Later(Exception):
    """Not now. `seconds` until it is worth trying again; 0: as usual after a failure. `busy`: it only asked us to slow down."""

    def __init__(self, why: Text, seconds: float = 0.0, busy: bool = False) -> None:
        self.why, self.seconds, self.busy = why, seconds, busy
        super().__init__(why)


class Refused(Exception):
    """Who we say we are is not believed: nothing more is sent that way until that changes."""

    def __init__(self, why: Text) -> None:
        self.why = why
        super().__init__(why)


class Unfit(Exception):
    """This one letter is not taken, others are. `code` is what the other side calls it."""

    def __init__(self, code: str) -> None:
        self.why = same(code)
        super().__init__(code)


class Gone(Exception):
    """The message to be edited is no more. `code` is what the other side calls it."""

    def __init__(self, code: str) -> None:
        self.why = same(code)
        super().__init__(code)


def seconds_asked(header: Optional[str]) -> float:
    """What Retry-After says; five seconds where it is missing or is no number."""
    said = (header or "").strip()
    return min(max(float(said), 1.0), 86400.0) if said.isdigit() and said.isascii() else 5.0


def unreached(address: str, error: Exception) -> Later:
    """What to say where nobody answers: which host, why, and what to look at. Of the address no more: it may be a secret."""
    from urllib.parse import urlsplit

    found = getattr(error, "reason", error)
    why = (found.strerror or str(found)) if isinstance(found, OSError) else ""
    return Later(words_for("unreached", urlsplit(address).hostname, why or type(error).__name__))

"""A way out: one notifier with what is known of it from one sending to the next.

It exists so that a way that is closed, by an outage, a rate limit or a rejected token, keeps its notices and stops no other.
"""

from __future__ import annotations

import hashlib
import time
from datetime import datetime, timedelta
from typing import Any, List, Optional, Union

from shared import clock
from shared.catalog import Catalog
from shared.kept import Facts, keep, kept
from shared.notices.letter import Gone, Later, Letter, Refused, Unfit
from shared.notices.post import Post
from shared.notices.words import words_for
from shared.text import Text, same

CATALOG = "shared.notices.notifiers"
LONGEST_REST = 30.0  # so long we sit and wait when asked to slow down; what takes longer waits on the disk
_FIRST, _LONGEST_WAIT = 5.0, 600.0
_LONGEST_ASKED = 3600.0
_HANG = 10.0
_LEAST = 3.0  # what is begun with less time than that may arrive and not be known to have: it would be sent again


class Way:
    """`why` it is closed, where it is."""

    def __init__(self, post: Post, name: str, part: Any) -> None:
        self.post, self.name, self.part = post, name, part
        self._place = post.folder / "ways" / f"{name}.json"
        self._facts = kept(post.disk, self._place)
        self._has_shown, self._unfit = False, Text()
        self.is_gone = not part.is_on(post)  # it was used from here, and lacks what it needs: what waits for it waits on

    @property
    def why(self) -> Text:
        """Why nothing went this way the last time; empty where it did. Kept in both languages: who reads it may speak either."""
        if self.is_gone:
            return words_for("way_gone", self.name)
        found = self._facts.get("why", "")
        return Text(*map(str, found)) if isinstance(found, list) and len(found) == 2 else same(found)

    @property
    def is_refused(self) -> bool:
        """Whether who we say we are was not believed, and is the same still."""
        return not self.is_gone and bool(self._facts.get("refused")) and self._facts["refused"] == self._signature()

    @property
    def was_used(self) -> bool:
        """Whether anything was ever tried this way from here."""
        return bool(self._facts)

    @property
    def last_sent(self) -> Optional[str]:
        """When something went this way last."""
        return self._facts.get("last_sent")

    @property
    def rests_until(self) -> Optional[datetime]:
        """When it is worth trying again; None where it is now, or only something else can open it."""
        moment = clock.moment_in(self._facts.get("not_before"))
        if moment is None or self.is_gone or self.is_refused:
            return None
        wait = (moment - self.post.now()).total_seconds()
        return moment if 0.0 < wait <= _LONGEST_ASKED else None  # a clock that was set back closes nothing for years

    def is_open(self) -> bool:
        """Whether it is worth trying now."""
        return not self.is_gone and not self.is_refused and self.rests_until is None

    def reopen(self) -> None:
        """Try whatever was said before: a person asks."""
        self._keep(refused="", not_before="")

    def show(self, letter: Letter, deadline: float) -> Optional[str]:
        """The mark of the message that is there now; None where the way is closed: it was not shown."""
        rests = 0.0
        while self._has_time(deadline) and self.is_open():
            try:
                return self._shown(letter, deadline)
            except Refused as error:
                self._keep(refused=self._signature(), why=_kept(error.why))
            except Later as error:
                self._rest_or_put_off(error, min(LONGEST_REST - rests, deadline - time.monotonic()))
                rests += error.seconds
        return None

    def _has_time(self, deadline: float) -> bool:
        return deadline - time.monotonic() > (_LEAST if self._has_shown else 0.0)

    def _shown(self, letter: Letter, deadline: float) -> str:
        seconds = max(1.0, min(_HANG, deadline - time.monotonic()))
        mark = str(self.part.notify(letter._replace(seconds=seconds), self.post))
        self._has_shown = True
        return mark

    def _rest_or_put_off(self, error: Later, allowed: float) -> None:
        """Short requests to slow down are sat out, all of one letter together no longer than `LONGEST_REST`."""
        if error.busy and error.seconds <= allowed:
            self.post.rest(error.seconds)
        else:
            self._put_off(error)

    def rest(self) -> None:
        """Enough for now: where something was sent and nothing stopped us, all is well again."""
        if self._has_shown and self.is_open() and (self.part.OUTSIDE or any(self.why)):
            self._keep(last_sent=clock.iso(self.post.now()), why=_kept(self._unfit), refused="", not_before="", failures=0)

    def could_not_take(self, error: Union[Unfit, Gone]) -> None:
        """One notice was not taken as it is; it is kept aside."""
        self._unfit = words_for("not_taken", error)
        self._keep(why=_kept(self._unfit))

    def _put_off(self, error: Later) -> None:
        failures = int(self._facts.get("failures", 0)) + 1
        wait = min(error.seconds, _LONGEST_ASKED) or min(_LONGEST_WAIT, _FIRST * 2.0 ** min(failures - 1, 20))
        until = self.post.now() + timedelta(seconds=wait)
        self._keep(why=_kept(error.why), not_before=clock.iso(until), failures=failures)

    def _keep(self, **facts: object) -> None:
        fresh: Facts = {**self._facts, **facts}
        if fresh != self._facts:
            self._facts = fresh
            keep(self.post.disk, self._place, fresh)

    def _signature(self) -> str:
        """Of who we say we are and where it goes, told to nobody."""
        return hashlib.sha256(self.part.address(self.post).encode()).hexdigest()[:16]


def _kept(why: Text) -> object:
    """As it lies on the disk: empty where nothing is wrong."""
    return list(why) if any(why) else ""


def ways_of(post: Post) -> List[Way]:
    """The ways that are switched on and have what they need, or had it; what stays on this machine first."""
    catalog = Catalog(CATALOG)
    wanted = [name for name in catalog.names() if name == "alerts" or name in post.rules.notifiers]
    found = [Way(post, name, catalog.load(name)) for name in wanted]
    return sorted((way for way in found if way.was_used or not way.is_gone), key=lambda way: (way.part.OUTSIDE, way.name))

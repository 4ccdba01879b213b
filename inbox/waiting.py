"""The requests that wait to be taken, in the order of work, as far as the last look and the bell know: and which not now.

It exists because listing 100,000 names for every claim would cost more than the claim: the folder is listed once in a
while, what arrives in between is rung for by name, and what cannot be taken now is put off, with the reason.
"""

from __future__ import annotations

import heapq
from collections import deque
from enum import Enum
from pathlib import Path
from typing import Deque, Dict, Iterable, List, NamedTuple, Optional, Set

from inbox import names
from inbox.folders import Inbox, is_pending
from shared import clock

_LOOKED_AT_AGAIN = 60.0
_NEVER = float("inf")


class NotNow(Enum):
    """Why a request is put off. A drain waits for what mends by itself; a run that ends frees what was claimed."""

    LATER = "it asks for a later moment, or is no file at all"
    CLAIMED = "somebody has a claim on its id"
    HALF_WRITTEN = "the rest of it may be on its way"
    UNREADABLE = "the share does not show it"
    TROUBLE = "a step with it failed"


_MENDS = (NotNow.HALF_WRITTEN, NotNow.UNREADABLE, NotNow.TROUBLE)


class _PutOff(NamedTuple):
    until: float
    why: NotNow


class Waiting:
    """What lies in pending and what the dead left; nothing here is truth, every file is read again before anything is decided."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._heap: List[str] = []
        self._left_by_dead: Deque[Path] = deque()
        self._name_of: Dict[str, str] = {}  # of foreign names only: ours are their own key
        self._key_of: Dict[str, str] = {}
        self._put_off: Dict[str, _PutOff] = {}
        self._cancels: Set[str] = set()
        self.next_due = _NEVER  # the first moment at which something put off may be taken

    def look(self, now: float, left_by_dead: Iterable[Path] = ()) -> None:
        """List pending once, without asking about a single file; beside it stand the files that dead workers held."""
        found = self._inbox.disk.names(self._inbox.pending)
        left = {str(path): path for path in left_by_dead}
        not_now = self._still_put_off(found, left, now)
        self._left_by_dead = deque(path for name, path in left.items() if name not in not_now)
        plain = [name for name in found if names.is_plain(name)]
        others = [name for name in found if not names.is_plain(name)] if len(plain) < len(found) else []
        self._heap = [name for name in plain if name not in not_now] if not_now else plain
        self._look_at_others(others, now)
        heapq.heapify(self._heap)

    def rung(self, changed: Iterable[str], now: float) -> None:
        """The bell rang for names in pending that are new or changed."""
        for name in changed:
            if names.is_cancel(name):
                self._cancels.add(name)
            elif names.is_request(name):
                self._arrived(name, now)

    def next(self, now: float) -> Optional[Path]:
        """The next file that may be taken now, handed out once a look: what the dead held first, then the most urgent."""
        if self._left_by_dead:
            return self._left_by_dead.popleft()
        while self._heap:
            key = heapq.heappop(self._heap)
            name = self._name_of.get(key, key)
            if self._key_of.get(name, key) == key and not self._is_put_off(name, now):
                return self._inbox.pending / name
        return None

    def cancels(self) -> List[str]:
        """The cancel files, handed out once a look."""
        found, self._cancels = sorted(self._cancels), set()
        return found

    # ---- not now ----

    def put_off(self, path: Path, until: float, why: NotNow) -> None:
        """Do not hand it out before `until`, wherever it lies."""
        self._put_off_name(self._known_as(path), until, why)

    def has_waited(self, path: Path, why: NotNow, now: float) -> bool:
        """Whether it was put off for that reason and its time is over; said once, then it may begin anew."""
        name = self._known_as(path)
        one = self._put_off.get(name)
        is_over = one is not None and one.why is why and one.until <= now
        if is_over:
            del self._put_off[name]
        return is_over

    def is_worth_waiting_for(self, now: float) -> bool:
        """Whether something put off will mend by itself, so that a drain stays for it."""
        return any(one.until > now and one.why in _MENDS for one in self._put_off.values())

    def run_ended(self) -> bool:
        """Whatever stood behind a claim may stand behind it no longer; True if there was something."""
        claimed = [name for name, one in self._put_off.items() if one.why is NotNow.CLAIMED]
        for name in claimed:
            del self._put_off[name]
        return bool(claimed)

    # ---- foreign names, read for their priority ----

    def order(self, name: str, priority: int) -> None:
        """A foreign name, once read, stands where its content says."""
        self._key_of[name] = key = names.foreign_key(name, priority)
        if priority != names.DEFAULT_PRIORITY:
            self._name_of[key] = name
            heapq.heappush(self._heap, key)

    def unread(self, most: int) -> List[str]:
        """Some foreign names whose content has not been looked at yet, so that an urgent one does not wait its default turn."""
        found = [name for name in self._name_of.values() if name not in self._key_of and name not in self._put_off]
        return found[:most]

    def _arrived(self, name: str, now: float) -> None:
        put_off = self._put_off.get(name)
        if put_off and put_off.why is NotNow.TROUBLE:  # our own give-back rang: nothing about the share has changed
            return
        self._put_off.pop(name, None)
        self._key_of.pop(name, None)
        key = self._key_now(name, now)
        if key:
            heapq.heappush(self._heap, key)

    def _still_put_off(self, found: List[str], left: Iterable[str], now: float) -> Set[str]:
        """Forget what is gone; the rest whose moment has not come."""
        if self._put_off:
            here = {*found, *left}
            self._put_off = {name: one for name, one in self._put_off.items() if name in here}
        not_now = {name for name in self._put_off if self._is_put_off(name, now)}
        self.next_due = min((self._put_off[name].until for name in not_now), default=_NEVER)
        return not_now

    def _look_at_others(self, others: List[str], now: float) -> None:
        """The names that are not plain: wishes to cancel, foreign ones, those for later."""
        self._cancels = {name for name in others if names.is_cancel(name)}
        self._key_of = {name: self._key_of[name] for name in others if name in self._key_of}
        self._name_of = {}
        keys = (self._key_now(name, now) for name in others if names.is_request(name))
        self._heap += [key for key in keys if key]

    def _key_now(self, name: str, now: float) -> Optional[str]:
        """What orders the name, None while it may not be taken."""
        place = names.place_of(name)
        due = clock.seconds_of(place.not_before) if place.not_before else 0.0
        if due > now:
            # Not longer than a minute, renewed by every look: the name only orders, and no clock is trusted for long.
            self._put_off_name(name, min(due, now + _LOOKED_AT_AGAIN), NotNow.LATER)
        if self._is_put_off(name, now):
            return None
        key = self._key_of.get(name, place.key)
        if key != name:
            self._name_of[key] = name
        return key

    def _put_off_name(self, name: str, until: float, why: NotNow) -> None:
        """A later moment that was given before stands."""
        before = self._put_off.get(name)
        if until > (before.until if before else 0.0):
            self._put_off[name] = _PutOff(until, why)
            self.next_due = min(self.next_due, until)

    def _is_put_off(self, name: str, now: float) -> bool:
        one = self._put_off.get(name)
        return one is not None and one.until > now

    def _known_as(self, path: Path) -> str:
        """In pending a name is enough: the paths of 100,000 would cost more than their listing."""
        return path.name if is_pending(self._inbox, path) else str(path)

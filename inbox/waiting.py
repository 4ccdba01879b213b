"""The requests that wait in `pending`, in the order of work, as far as the last look and the bell told.

It exists because listing 100,000 names for every claim would cost more than the claim: the folder is listed once in a
while, what arrives in between is told by name, and a name that cannot be taken now is put off, not listed again.
"""

from __future__ import annotations

import heapq
from typing import Dict, Iterable, List, Optional, Set

from inbox import names
from inbox.folders import Inbox
from shared import clock

_LOOKED_AT_AGAIN = 60.0
_NEVER = float("inf")


class Waiting:
    """What lies in pending; nothing here is truth, every file is read again before anything is decided."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._heap: List[str] = []
        self._name_of: Dict[str, str] = {}  # of foreign names only: ours are their own key
        self._key_of: Dict[str, str] = {}
        self._put_off: Dict[str, float] = {}
        self._claimed: Set[str] = set()
        self._cancels: Set[str] = set()
        self.next_due = _NEVER
        self.awaited_until = 0.0  # until then something put off is worth waiting for

    def look(self, now: float) -> None:
        """List the folder once, without asking about a single file."""
        found = self._inbox.disk.names(self._inbox.pending)
        ours = [name for name in found if names.is_plain(name)]
        if self._put_off:
            ours = [name for name in ours if self._put_off.get(name, 0.0) <= now]
        self._heap = ours
        self.next_due = _NEVER
        if self._put_off or len(ours) < len(found):
            self._look_at_others(found, now)
        heapq.heapify(self._heap)

    def told(self, names_told: Iterable[str], now: float) -> None:
        """The bell named files that are new or changed."""
        for name in names_told:
            if names.is_cancel(name):
                self._cancels.add(name)
            elif names.is_request(name):
                self._put_off.pop(name, None)
                self._key_of.pop(name, None)
                key = self._key_now(name, now)
                if key:
                    heapq.heappush(self._heap, key)

    def next(self, now: float) -> Optional[str]:
        """The most urgent name that may be taken now, handed out once a look."""
        while self._heap:
            key = heapq.heappop(self._heap)
            name = self._name_of.get(key, key)
            if not self._put_off or self._put_off.get(name, 0.0) <= now:
                return name
        return None

    def cancels(self) -> List[str]:
        """The cancel files, handed out once a look."""
        found, self._cancels = sorted(self._cancels), set()
        return found

    def put_off(self, name: str, until: float) -> None:
        """Do not hand it out before `until`."""
        self._put_off[name] = until
        self.next_due = min(self.next_due, until)

    def claimed(self, name: str) -> None:
        """What was put off stands behind somebody's claim; worth another look once a run of ours ended."""
        self._claimed.add(name)

    def release_claimed(self) -> bool:
        """A run of ours ended: whatever stood behind it may be looked at; True if there was something."""
        claimed, self._claimed = self._claimed, set()
        for name in claimed:
            self._put_off.pop(name, None)
        return bool(claimed)

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

    def _look_at_others(self, found: List[str], now: float) -> None:
        here = set(found)
        self._cancels = {name for name in found if names.is_cancel(name)}
        self._put_off = {name: until for name, until in self._put_off.items() if name in here}
        self._key_of = {name: key for name, key in self._key_of.items() if name in here}
        self._name_of = {}
        self.next_due = min((until for until in self._put_off.values() if until > now), default=_NEVER)
        others = [name for name in found if not names.is_plain(name) and names.is_request(name)]
        self._heap += [key for key in (self._key_now(name, now) for name in others) if key]

    def _key_now(self, name: str, now: float) -> Optional[str]:
        """What orders the name, None while it may not be taken."""
        place = names.place_of(name)
        if place.not_before > clock.compact_at(now):
            # Not longer than a minute, renewed by every look: the name only orders, and no clock is trusted for long.
            until = min(clock.seconds_of(place.not_before), now + _LOOKED_AT_AGAIN)
            self.put_off(name, max(until, self._put_off.get(name, 0.0)))
        if self._put_off.get(name, 0.0) > now:
            return None
        key = self._key_of.get(name, place.key)
        if key != name:
            self._name_of[key] = name
        return key

"""Stories that only a power cut makes interesting: somebody was killed before his flush, and others go on from what they see.

It exists beside scenarios.py because killing and failing tell nothing new about them.
"""

from __future__ import annotations

import os
from typing import Any

import inbox
from tests.faults.scenarios import Expected, Place, Scenario, claim_all, stop_while_running


class _Killed(BaseException):
    """At this very operation."""


class _KilledAtTheFlushOf:
    """The same file operations, until that folder is to be flushed."""

    def __init__(self, calls: Any, folder: str) -> None:
        self._calls, self._folder, self._open = calls, folder, {0: ""}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._calls, name)

    def open(self, path: Any, flags: int, mode: int = 0o777) -> int:
        """As os.open."""
        fd = int(self._calls.open(path, flags, mode))
        self._open[fd] = os.fspath(path)
        return fd

    def fsync(self, fd: int) -> None:
        """As os.fsync, but for one folder."""
        if self._open[fd].endswith(self._folder):
            raise _Killed
        self._calls.fsync(fd)


def _one(place: Place) -> Expected:
    return {place.submit("a"): "SUCCEEDED"}


def _one_attempt_allowed(place: Place) -> Expected:
    return {place.submit("a", max_attempts=1): "SUCCEEDED or FAILED"}


def _perhaps_cancelled(place: Place) -> Expected:
    return {place.submit("a"): "SUCCEEDED or CANCELLED"}


def _cancelled_wish(place: Place) -> Expected:
    place.submit("a")
    inbox.cancel(place.road.inbox, "a", "a typo")
    return {"a": "CANCELLED"}


def _three(place: Place) -> Expected:
    return {place.submit(request_id): "SUCCEEDED" for request_id in ("a", "b", "c")}


def _take_all(place: Place, calls: Any) -> None:
    """Nothing but what a claim itself flushes: what a worker holds lasts no longer than the sign of its life."""
    claim_all(inbox.open_inbox(place.road.root, place.disk(calls, durable=True)))


def _wish(place: Place, calls: Any) -> None:
    inbox.cancel(inbox.open_inbox(place.road.root, place.disk(calls, durable=True)), "a", "a typo")


def _killed_before_the_flush_then_settled(place: Place, calls: Any) -> None:
    """The answer is to be seen and not yet on the platter; the next worker removes the request for it."""
    try:
        place.drain(_KilledAtTheFlushOf(calls, "/done"))
    except _Killed:
        place.an_hour_passes()
    place.drain(calls)


POWER_STORIES = (
    Scenario("seal, killed before the flush, settled by another", _one, _killed_before_the_flush_then_settled),
    Scenario("cancel, killed before the flush, carried out by another", _cancelled_wish, _killed_before_the_flush_then_settled),
    Scenario("take three, and answer none", _three, _take_all),
    Scenario("give back the only attempt", _one_attempt_allowed, stop_while_running, completed={"a": "SUCCEEDED"}),
    Scenario("a wish to cancel that was acknowledged", _perhaps_cancelled, _wish, completed={"a": "CANCELLED"}),
)

"""Runs happen in this very process, one after the other.

It exists for `pc run FILE` and for tests that follow every single file operation; a crash here is a crash of the worker.
"""

from __future__ import annotations

from typing import Any

from inbox import Claim, Progress
from pc.answer import perform
from pc.desk import Desk
from pc.launchers import Ending
from shared.errors import ShareUnreachable


class Here:
    """At most one run, finished before `start` returns."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ended: list[Ending] = []

    def warm(self) -> None:
        """Nothing to warm that the first run would not."""

    def free(self) -> int:
        """One, once the last ending was collected."""
        return 0 if self._ended else 1

    def start(self, claim: Claim) -> None:
        """Run it to its end."""
        try:
            self._ended.append(Ending(claim, perform(self._desk, claim, lambda phase, percent: None)))
        except ShareUnreachable as error:
            self._ended.append(Ending(claim, error))

    def collect(self) -> list[Ending]:
        """The one ending, once."""
        ended, self._ended = self._ended, []
        return ended

    def progress(self) -> list[Progress]:
        """Nothing runs while anybody could ask."""
        return []

    def stop(self, request_id: str) -> None:
        """Nothing runs that could be stopped."""

    def waitables(self) -> list[Any]:
        """Nothing to wait for."""
        return []

    def close(self) -> None:
        """Nothing to close."""


def open_launcher(desk: Desk) -> Here:
    """The launcher of this file."""
    return Here(desk)

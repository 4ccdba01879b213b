"""Patience with the share: how often it failed in a row, how long to wait, and what the operator is told.

It exists so that a share that is away, full or forbidden is one line when it goes and one when it returns.
"""

from __future__ import annotations

from pathlib import Path

from shared.disk import is_share_trouble
from shared.errors import RelayError
from shared.events import Log

_FIRST, _LONGEST = 0.05, 30.0


class Patience:
    """`failures`: turns that failed in a row. `fruitless`: requests that could not be answered since one was."""

    def __init__(self, reports: Path, log: Log) -> None:
        self._reports, self._log = reports, log
        self.failures = self.fruitless = 0
        self._told = False

    def failed(self, error: OSError | RelayError) -> None:
        """A turn failed; the operator is told once, until it works again."""
        self.failures += 1
        if not self._told:
            self._told = True
            why = is_share_trouble(error) if isinstance(error, OSError) else error.what
            fix = "work goes on by itself once that is mended"
            self._log.error("SHARE_TROUBLED", reports=self._reports, why=why, found=error, fix=fix, rc=3)

    def failed_request(self) -> float:
        """One request could not be answered; how long it should stand back."""
        self.fruitless += 1
        return self._backoff(self.fruitless)

    def answered(self) -> None:
        """A request was answered: whatever it was, it is over."""
        self.fruitless = 0

    def succeeded(self) -> None:
        """A turn went well. That proves nothing while no request gets its answer."""
        if self._told and not self.fruitless:
            self._log.info("SHARE_RETURNED", reports=self._reports)
            self._told = False
        self.failures = 0

    def seconds(self) -> float:
        """How long to wait before the next turn; 0 while all is well."""
        return self._backoff(self.failures) if self.failures else 0.0

    def _backoff(self, times: int) -> float:
        return min(_LONGEST, _FIRST * 2.0**times)

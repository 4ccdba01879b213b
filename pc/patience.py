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
    """Nothing while all is well; `first` is doubled with every failure in a row."""

    def __init__(self, reports: Path, log: Log, first: float = _FIRST) -> None:
        self._reports, self._log, self._first = reports, log, first
        self.failures = 0
        self._told = False

    def failed(self, error: OSError | RelayError) -> None:
        """It failed again; the first failures may pass by themselves, then it is told once."""
        self.failures += 1
        if not self._told:
            self._told = True
            why = is_share_trouble(error) if isinstance(error, OSError) else error.what
            fix = "work goes on by itself once that is mended"
            self._log.error("SHARE_TROUBLED", reports=self._reports, why=why, found=error, fix=fix, rc=3)

    def succeeded(self) -> None:
        """It works again."""
        if self._told:
            self._log.info("SHARE_RETURNED", reports=self._reports, failures=self.failures)
        self.failures, self._told = 0, False

    def seconds(self) -> float:
        """How long to wait before the next try; 0 while all is well."""
        return min(_LONGEST, self._first * 2.0**self.failures) if self.failures else 0.0

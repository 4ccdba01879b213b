"""Patience with the share: how often it failed in a row, how long to wait, and what the operator is told.

It exists so that a share that is away, full or forbidden is one line when it goes and one when it returns.
"""

from __future__ import annotations

import errno
from pathlib import Path

from shared.errors import RelayError
from shared.events import Log

MENDS_ITSELF = "work goes on by itself once that is mended"
_FIRST, _LONGEST = 0.05, 30.0


class Patience:
    """`failures`: turns that failed in a row. `fruitless`: requests that could not be answered since one was.

    `first` seconds are waited after the first failure, doubled with every further one."""

    def __init__(self, reports: Path, log: Log, first: float = _FIRST) -> None:
        self._reports, self._log, self._first = reports, log, first
        self.failures = 0
        self._told = False

    def failed(self, error: OSError | RelayError) -> None:
        """A turn failed; the operator is told once, until it works again."""
        self.failures += 1
        if not self._told:
            self._told = True
            self._log.error("SHARE_TROUBLED", reports=self._reports, **_told(error), rc=3)

    def succeeded(self, fruitless: int) -> None:
        """A turn went well. That proves nothing while no request gets its answer."""
        if self._told and not fruitless:
            self._log.info("SHARE_RETURNED", reports=self._reports)
            self._told = False
        self.failures = 0

    def seconds(self) -> float:
        """How long to wait before the next turn; 0 while all is well."""
        return self.backoff(self.failures) if self.failures else 0.0

    def backoff(self, times: int) -> float:
        """How long to wait after that many failures."""
        return min(_LONGEST, self._first * 2.0**times)


def _told(error: OSError | RelayError) -> dict[str, object]:
    if isinstance(error, RelayError):
        return {"why": error}
    return {"why": share_trouble(error), "found": error, "fix": MENDS_ITSELF}


def share_trouble(error: OSError) -> str:
    """What a person is told when the folder as a whole misbehaves: full, forbidden, away."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return "the disk is full"
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return "this user may not write there"
    return "the folder does not answer"

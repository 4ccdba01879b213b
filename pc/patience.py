"""Patience with the share: how often it failed in a row, how long to wait, when to give up, what the operator reads.

It exists so that a share that is away, full or forbidden is one line when it goes and one when it returns.
"""

from __future__ import annotations

import errno

from pc.desk import Desk
from shared.errors import RelayError

MENDS_ITSELF = "mend that: a worker that watches then goes on by itself, a drain is started again"
_FIRST, _LONGEST = 0.05, 30.0
_DOUBLED_OFTEN_ENOUGH = 64  # a share may be away for days, and no number is large without end
_RETRIES_OF_A_DRAIN = 5


class Patience:
    """`first` seconds are waited after the first failure, doubled with every further one."""

    def __init__(self, desk: Desk, first: float = _FIRST) -> None:
        self._reports, self._log, self._first = desk.inbox.root, desk.log, first
        self._failures = 0  # turns that failed in a row
        self._fruitless = 0  # requests that could not be answered since one was
        self.trouble: str | None = None  # what the log said is wrong, until it said that it is over

    def failed(self, error: OSError | RelayError) -> None:
        """A turn failed; one line until it works again."""
        self._failures += 1
        self.met(error)

    def met(self, error: OSError | RelayError) -> None:
        """Some requests failed, the turn did not: the rest goes on as if nothing were."""
        if not self.trouble:
            facts = _why(error)
            self.trouble = str(facts["why"])
            self._log.error("SHARE_TROUBLED", reports=self._reports, **facts, rc=3)

    def succeeded(self) -> None:
        """A turn went well. That proves nothing while no request gets its answer."""
        if self.trouble and not self._fruitless:
            self._log.info("SHARE_RETURNED", reports=self._reports)
            self.trouble = None
        self._failures = 0

    def could_not(self) -> float:
        """One request could not be answered; how many seconds to leave it alone."""
        self._fruitless += 1
        return self._backoff(self._fruitless)

    def answered(self) -> None:
        """One request got its answer."""
        self._fruitless = 0

    def seconds(self) -> float:
        """How long to wait before the next turn; 0 while all is well."""
        return self._backoff(self._failures) if self._failures else 0.0

    def has_failed(self) -> bool:
        """Whether the last turn failed."""
        return self._failures > 0

    def is_tried(self) -> bool:
        """Whether the share is in trouble just now: turns fail, or requests do."""
        return bool(self._failures or self._fruitless)

    def is_exhausted(self, while_running: bool) -> bool:
        """Whether a drain has tried often enough; what only some requests meet stops no run that goes on."""
        return self._failures > _RETRIES_OF_A_DRAIN or (self._fruitless > _RETRIES_OF_A_DRAIN and not while_running)

    def _backoff(self, times: int) -> float:
        return min(_LONGEST, self._first * 2.0 ** min(times, _DOUBLED_OFTEN_ENOUGH))


def _why(error: OSError | RelayError) -> dict[str, object]:
    if isinstance(error, RelayError):
        return {"code": error.code, "why": error.in_short, "fix": error.fix}
    return {"why": share_trouble(error), "found": error, "fix": MENDS_ITSELF}


def share_trouble(error: OSError) -> str:
    """What a person reads when the folder as a whole misbehaves: full, forbidden, away."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return "the disk is full"
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return "this user may not write there"
    return "the folder does not answer"

"""The answers this worker gave: one log line and one count each, and a notice where the PC is the one to send it.

It exists so that no way to an answer can forget any of them, nor to say that the share lets us answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from inbox import Claim
from pc.ending import Sealed
from pc.patience import Patience
from shared.events import Log
from shared.outcome import exit_code

_GUARDED = "[SKIP] external-data-unavailable (guarded)"  # as people have always looked for it
Tell = Callable[[str, Log], None]


def _silent(request_id: str, log: Log) -> None:
    pass


class Given:
    """`statuses`: how many of each. `tell` is handed the id of every answer once it is sealed, and its log."""

    def __init__(self, log: Log, patience: Patience, tell: Tell = _silent) -> None:
        self._log, self._patience, self._tell = log, patience, tell
        self.statuses: Counter[str] = Counter()

    def sealed(self, claim: Claim, sealed: Sealed, now: float) -> None:
        """One answer of ours, at the file server's time `now`."""
        self._count(sealed.status)
        log = self._log.about(**claim.facts)
        tell = {"FAILED": log.error, "REJECTED": log.warning}.get(sealed.status, log.info)
        tell(
            "RESULT_SEALED",
            status=sealed.status,
            code=sealed.error.code if sealed.error else None,
            why=f"{_GUARDED}: {sealed.error}" if sealed.status == "SKIPPED" else sealed.error,
            rc=exit_code([sealed.status]),
            elapsed_ms=(now - claim.claimed_at) * 1000,
        )
        self._tell(claim.request_id, log)

    def cancelled(self, request_id: str, run: str) -> None:
        """One request cancelled by us before anybody answered it; its answer's run is none that ran."""
        self._count("CANCELLED")
        log = self._log.about(request=request_id, run=run)
        log.info("REQUEST_CANCELLED")
        self._tell(request_id, log)

    def _count(self, status: str) -> None:
        self.statuses[status] += 1
        self._patience.answered()

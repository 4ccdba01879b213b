"""Which event the end of a backtest is, by the status of its answer.

It exists so that the log and the notices never call one answer by two names.
"""

from __future__ import annotations

COMPLETED, FAILED, SKIPPED = "BACKTEST_COMPLETED", "BACKTEST_FAILED", "BACKTEST_SKIPPED"
_EVENTS = {"SUCCEEDED": COMPLETED, "FAILED": FAILED, "REJECTED": FAILED}


def event_of(status: object) -> str:
    """The event of that status, as the log and the notices call it."""
    return _EVENTS.get(str(status), SKIPPED)

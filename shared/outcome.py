"""The exit codes every command ends with, and the word each answer's status maps to.

It exists so that cron sees the same five numbers from every command.
"""

from __future__ import annotations

from typing import Iterable

OK = 0
FAILED = 1
TRY_LATER = 2
OPERATIONAL = 3
USAGE = 64
INTERRUPTED = 130

STATUSES = ("SUCCEEDED", "SKIPPED", "FAILED", "REJECTED", "CANCELLED", "EXPIRED")
_BAD = frozenset(("FAILED", "REJECTED"))


def exit_code(statuses: Iterable[str]) -> int:
    """1 if any answer is FAILED or REJECTED, else 0: skipped, cancelled and expired are not failures."""
    return FAILED if any(status in _BAD for status in statuses) else OK

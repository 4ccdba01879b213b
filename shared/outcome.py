"""The exit codes every command ends with, the statuses an answer may have, and what people call them.

It exists so that cron sees the same six numbers from every command, and a reader the same word on both machines.
"""

from __future__ import annotations

from typing import Iterable

from shared.text import Table, wording

OK = 0
FAILED = 1
TRY_LATER = 2
OPERATIONAL = 3
USAGE = 64
INTERRUPTED = 130

_CALLED: Table = {
    "SUCCEEDED": ("성공", "succeeded"),
    "SKIPPED": ("건너뜀", "skipped"),
    "FAILED": ("실패", "failed"),
    "REJECTED": ("거절", "rejected"),
    "CANCELLED": ("취소", "cancelled"),
    "EXPIRED": ("만료", "expired"),
}
STATUSES = tuple(_CALLED)
_BAD = frozenset(("FAILED", "REJECTED"))


def exit_code(statuses: Iterable[str]) -> int:
    """1 if any answer is FAILED or REJECTED, else 0: skipped, cancelled and expired are not failures."""
    return FAILED if any(status in _BAD for status in statuses) else OK


def called(status: str, language: str) -> str:
    """The status as people say it in ko or en."""
    return wording(_CALLED, status).in_language(language)

"""Whether a series has come as far as it could have by now.

It exists so that what trades on another continent is not called old for a weekend and a night.
"""

from __future__ import annotations

from datetime import date, timedelta

_ABROAD = timedelta(days=5)  # a weekend, a holiday and the night in between, on another continent


def is_due(last: date, expected: date, is_korean: bool) -> bool:
    """Whether prices that end with that day lack something that could be there."""
    return last < (expected if is_korean else expected - _ABROAD)

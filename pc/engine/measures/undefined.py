"""A figure that has no value, and why: null in metrics.json, with the reason beside it.

It exists so that nothing that cannot be computed is ever shown as 0, NaN or infinity.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple


class Undefined(NamedTuple):
    """Stands where a figure would; `why` are stable words that a report translates."""

    why: str


Figure = float | Undefined

TOO_SHORT = Undefined("needs two days or more")
NO_FOUR = Undefined("needs four days or more")
NO_MONTH = Undefined("needs 20 days or more")
NO_QUARTER = Undefined("needs 60 days or more")
STILL = Undefined("the daily returns do not vary")
STILL_DRAWN = Undefined("a resample of the days does not vary")
ODD_SHAPE = Undefined("too few days for how skewed they are")
NO_LOSING_DAY = Undefined("no losing day")
NO_TRADE = Undefined("no trade was closed")
NO_GAIN = Undefined("no closed trade won")
NO_LOSS = Undefined("no closed trade lost")
NO_FALL = Undefined("never below a height reached before")
RUNNING = Undefined("still running")
WIPED_OUT = Undefined("the equity fell to 0")
UNSHARED = Undefined("fewer than two dates in common")
HARDLY_SHARED = Undefined("fewer than three dates in common")
STILL_THERE = Undefined("the benchmark does not vary")
SAME = Undefined("the difference from the benchmark does not vary")
NEVER_ROSE = Undefined("the benchmark never rose")
NEVER_FELL = Undefined("the benchmark never fell")
BEYOND = Undefined("the numbers leave the range of a float")
REASONS = tuple(one.why for one in list(globals().values()) if isinstance(one, Undefined))


def settled(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures as JSON can hold them; `reasons` says by dotted name why one is null. In a table a column has one name."""
    reasons: dict[str, str] = {}
    plain = _settled(figures, "", reasons)
    return {**plain, "reasons": reasons}


def _settled(value: Any, name: str, reasons: dict[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _settled(one, f"{name}.{key}" if name else key, reasons) for key, one in value.items()}
    if isinstance(value, list):
        return [_settled(one, name, reasons) for one in value]
    if isinstance(value, float):
        value = float(value) + 0.0 if math.isfinite(value) else BEYOND  # + 0.0: never a zero with a minus
    if isinstance(value, Undefined):
        reasons.setdefault(name, value.why)
        return None
    return value

"""How much of what could be struck is struck: all of it in a thorough check, a spread of it in the everyday one.

It exists because every fault at every operation takes an hour, and a check that long is not run.
"""

from __future__ import annotations

import os
from typing import List, Sequence, TypeVar

THOROUGH = os.environ.get("KRX_RELAY_THOROUGH", "") not in ("", "0")  # `scripts/check.py --thorough`

Item = TypeVar("Item")


def spread(items: Sequence[Item], most: int) -> List[Item]:
    """At most so many of them, evenly over all; all of them in a thorough check."""
    return list(items) if THOROUGH else list(items[:: 1 + (len(items) - 1) // most])


def in_turn(items: Sequence[Item], turn: int, count: int) -> List[Item]:
    """So many of them, others at each turn; all of them in a thorough check."""
    if THOROUGH or not items:
        return list(items)
    first = turn % len(items)
    return [*items[first:], *items[:first]][:count]

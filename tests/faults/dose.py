"""How much of what could be struck is struck: all of it in a thorough check, a spread of it in the everyday one.

It exists because every fault at every operation takes far longer than anybody waits for a check.
"""

from __future__ import annotations

import hashlib
import os
from typing import List, Sequence, TypeVar

from tests.harness.sources import PACKAGES, files_of

THOROUGH = os.environ.get("KRX_RELAY_THOROUGH", "") not in ("", "0")  # `scripts/check.py --thorough`

Item = TypeVar("Item")


def spread(items: Sequence[Item], most: int) -> List[Item]:
    """At most so many of them, evenly over all; all of them in a thorough check."""
    return list(items) if THOROUGH else list(items[:: -(-len(items) // most) or 1])


def in_turn(items: Sequence[Item], turn: int, count: int) -> List[Item]:
    """So many of them, others at each turn; all of them in a thorough check."""
    if THOROUGH or not items:
        return list(items)
    first = turn % len(items)
    return [*items[first:], *items[:first]][:count]


def one_in(count: int, items: Sequence[Item]) -> List[Item]:
    """One in so many, the same for the same code and others for other code; all of them in a thorough check."""
    if THOROUGH:
        return list(items)
    code = hashlib.sha256(b"".join(file.read_bytes() for file in files_of(*PACKAGES)))
    return list(items[int(code.hexdigest(), 16) % count :: count])

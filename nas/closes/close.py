"""A close and a session's closes, as values: what is odd about one, how far it moved, and where it jumped.

It exists so that a report knows a price from one that is old, halted, stood in for or missing, wherever it was read.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple, Optional, Tuple

from shared.codes import is_code

_TWICE = re.compile("레버리지|2X")
_LIMIT, _LIMIT_OF_TWICE = 0.301, 0.601  # of a day; a hair more, as prices have ticks
_LIMIT_ABROAD = 0.5  # nobody says how far, but half of it is a split or a slip mostly; as the quality of prices has it
_INDICES = ("KOSPI", "KOSDAQ")


class Close(NamedTuple):
    """One row. None is not known; `flag`: what is odd about it, as docs/data-sources.md has it."""

    code: str
    name: str
    close: Optional[float]
    before: Optional[float]
    flag: str = ""

    @property
    def change(self) -> Optional[float]:
        """Since the session before; None where either close is not that of its day, not known, or of another count of shares."""
        return None if self.jumps else self._step

    @property
    def jumps(self) -> bool:
        """Whether it is further from the close before than the exchange lets a price go in a day: most likely a split. No
        index goes further than its shares may."""
        return self._step is not None and abs(self._step) > self._limit

    @property
    def _limit(self) -> float:
        if not self.is_korean:
            return _LIMIT_ABROAD
        return _LIMIT_OF_TWICE if self.is_listed and _TWICE.search(self.name) else _LIMIT

    @property
    def _step(self) -> Optional[float]:
        return None if self.flag or self.close is None or self.before is None else self.close / self.before - 1

    @property
    def is_listed(self) -> bool:
        """Whether it is a code of the Korean exchange, and no index."""
        return is_code(self.code)

    @property
    def is_korean(self) -> bool:
        """Whether its session is the one reported: what trades abroad closes in our night."""
        return self.is_listed or self.code in _INDICES


class Regime(NamedTuple):
    """Whether the market is one to be invested in: its close against the mean of its last `window`."""

    symbol: str
    name: str
    window: int
    on: bool
    close: float
    mean: float


class Closes(NamedTuple):
    """A session. `before`: the one its changes are since, None where nobody says; `regime`: None where it is not known."""

    day: date
    rows: Tuple[Close, ...]
    before: Optional[date] = None
    regime: Optional[Regime] = None
    synthetic: bool = False

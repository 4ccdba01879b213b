"""The phases of a run: told as each begins, and how long each took.

It exists so that whoever waits sees how far a run is, and whoever wonders later where its time went.
"""

from __future__ import annotations

import time
from collections.abc import Callable

Tell = Callable[[str, int], None]


class Phases:
    """Tells each phase as it begins and how many milliseconds each took."""

    def __init__(self, tell: Tell) -> None:
        self._tell, self._marks = tell, list[tuple[str, float]]()

    def begin(self, name: str, percent: int) -> None:
        """The phase before this one is over."""
        self._tell(name, percent)
        self._marks.append((name, time.perf_counter()))

    def ended(self) -> dict[str, float]:
        """Milliseconds by phase; the last one is over now."""
        ends = [moment for _, moment in self._marks[1:]] + [time.perf_counter()]
        return {name: round((end - start) * 1000, 2) for (name, start), end in zip(self._marks, ends, strict=True)}

"""Somebody else acts exactly between two file operations of ours.

It exists so that a race is a test that always happens, not one that might.
"""

from __future__ import annotations

import os
from typing import Any, Callable, List, Tuple

from shared.calls import Calls
from shared.disk import Disk

Step = Tuple[str, str]


class Recorder:
    """The system's calls, each written down as (call, path) before it happens."""

    def __init__(self) -> None:
        self.steps: List[Step] = []
        self._paths: "dict[int, str]" = {}

    def __getattr__(self, name: str) -> Any:
        call = getattr(Calls, name)

        def recorded(*arguments: Any) -> Any:
            path = self._paths.get(arguments[0], "") if isinstance(arguments[0], int) else os.fspath(arguments[0])
            self.before(name, path)
            result = call(*arguments)
            if name == "open":
                self._paths[result] = path
            return result

        return recorded

    def before(self, name: str, path: str) -> None:
        """Written down; `Between` does more."""
        self.steps.append((name, path))


class Between(Recorder):
    """Before the first call `name` whose path contains `part`, `act` happens: once."""

    def __init__(self, name: str, part: str, act: Callable[[], Any]) -> None:
        super().__init__()
        self._name, self._part, self._act = name, part, act
        self.happened = False

    def before(self, name: str, path: str) -> None:
        """The other one's turn, where it is due."""
        super().before(name, path)
        if not self.happened and name == self._name and self._part in path:
            self.happened = True
            self._act()


def disk_with(calls: Recorder, durable: bool = False) -> Disk:
    """A disk over these calls."""
    return Disk(durable, calls=calls, patience=0.0)

"""What every launcher can do.

It exists so that the worker does not know where its runs happen.
"""

from __future__ import annotations

from typing import Any, Protocol

from inbox import Claim, Progress
from pc.ending import Ending


class Launcher(Protocol):
    """Where runs happen."""

    def warm(self) -> None:
        """Get ready ahead of the first run."""
        ...

    def free(self) -> int:
        """How many more runs may be started now."""
        ...

    def start(self, claim: Claim) -> None:
        """Begin the run of a claim; never more than `free()` allows."""
        ...

    def collect(self) -> list[Ending]:
        """The runs that ended since the last call, each once."""
        ...

    def progress(self) -> list[Progress]:
        """What runs now, and how far it is."""
        ...

    def stop(self, request_id: str) -> None:
        """End a run without an ending."""
        ...

    def waitables(self) -> list[Any]:
        """What to wait on besides the bell."""
        ...

    def close(self) -> None:
        """Let nothing of it live on."""
        ...

"""What every launcher reports, and what every launcher can do.

It exists so that the worker does not know where its runs happen.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from inbox import Claim, Progress
from pc.given import Sealed
from shared.errors import RelayError


class Ending(NamedTuple):
    """How a launched run ended: sealed (by us or, meanwhile, by somebody else), or not sealed because of `error`."""

    claim: Claim
    sealed: Sealed | None = None
    error: RelayError | None = None
    log: bytes = b""


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

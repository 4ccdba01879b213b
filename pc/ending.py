"""How a claim ends: what came of it, as a child, a launcher and the worker hand it on.

It exists so that all three say it with the same one value, which can neither say two things nor nothing.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from inbox import Claim
from shared.errors import RelayError


class Sealed(NamedTuple):
    """How an attempt to answer ended: our status is the answer, or the id was answered (or taken over) by somebody else."""

    ours: bool
    status: str
    error: RelayError | None = None


Came: TypeAlias = Sealed | RelayError  # an error: nothing was sealed because of it


class Ending(NamedTuple):
    """What came of a launched run; `log` is what it had printed, where no answer of its own keeps that."""

    claim: Claim
    came: Came
    log: bytes = b""

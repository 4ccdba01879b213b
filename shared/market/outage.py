"""What it is called when a provider of prices gives nothing that can be believed, and why.

It exists so that an outage is told by its type: words in an error decide nothing, and our own faults never pass for one.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from shared.errors import RelayError

Kind = Literal["rate_limit", "auth", "schema_drift", "empty", "network", "timeout", "disabled"]
PASSING: frozenset[Kind] = frozenset(("rate_limit", "network", "timeout"))  # what may be otherwise in a minute

_FIXES: dict[Kind, str] = {
    "rate_limit": "nothing: it is asked again later, and the next provider now",
    "auth": "look at the key or the login of this provider, and at which services it was given",
    "schema_drift": "its answers changed: update this program; until then the next provider is asked",
    "empty": "check the symbol and the days",
    "network": "look at the connection of this machine",
    "timeout": "nothing: it is asked again later, and the next provider now",
    "disabled": "let it ask: with ALLOW_NET_FETCH=1, and with the library it needs installed",
}


class ExternalDataUnavailable(RelayError):
    """A provider of prices gave nothing, or nothing that can be believed. `retry_after`: so many seconds it asked for."""

    code: ClassVar[str] = "E-DATA-UNAVAILABLE"
    status: ClassVar[str] = "SKIPPED"
    exit_code: ClassVar[int] = 2

    def __init__(self, what: str, why: str, kind: Kind, retry_after: float | None = None) -> None:
        super().__init__(what, f"{why} ({kind})", _FIXES[kind])
        self.kind, self.retry_after = kind, retry_after
        self.args = (what, why, kind, retry_after)  # so that it can be sent from one process to another


class OutOfTime(ExternalDataUnavailable):
    """There was no time left to ask: nobody was asked, and nobody is to blame for it."""

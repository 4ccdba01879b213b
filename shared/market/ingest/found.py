"""What became of one instrument in a round: whose series is used, how new that is, who had nothing and why.

It exists so that whatever comes after the asking (the panel, its findings, what people are told) reads facts that stand still.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from shared.market.cache import Series
from shared.market.ingest.sources import Step
from shared.market.outage import Kind

State = Literal["current", "old", "ended", "unavailable", "failed"]


class Silent(NamedTuple):
    """A provider that had nothing, or nothing new enough; `fault`: the code that asks it failed, and that is no outage."""

    provider: str
    kind: Kind | Literal["fault"]
    why: str


class Found(NamedTuple):
    """`ended`: everybody answers, and nobody has had a price of it for weeks. `unavailable`: there is nothing of it. `failed`:
    so it is, and nobody knows whether there would be, because our own code failed."""

    instrument: str
    is_korean: bool
    steps: tuple[Step, ...]
    state: State
    used: Step | None = None
    series: Series | None = None
    is_new: bool = False  # somebody was asked for it just now, and answered
    silent: tuple[Silent, ...] = ()
    revised: tuple[str, ...] = ()  # days whose prices are others than they were

    @property
    def why(self) -> str:
        """Who had nothing, and why: one clause for each reason."""
        whose: dict[str, list[str]] = {}
        for one in self.silent:
            whose.setdefault(one.why, []).append(one.provider)
        return "; ".join(f"{', '.join(dict.fromkeys(names))}: {why}" for why, names in whose.items())

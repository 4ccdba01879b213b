"""Equal parts of everything that may be held, brought back to equal at each rebalance.

It exists as the plainest way to spread, and as what cleverer weights must beat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Tuple

from pydantic import BaseModel, ConfigDict, Field, field_validator

from shared.strategies import Targets, words_in

if TYPE_CHECKING:
    from shared.market import Prices


class Params(BaseModel):
    """What a request may change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    min_liquidity: float = Field(0.0, ge=0, description="won traded a session, the mean of 20; 0: any")
    exclude: Tuple[str, ...] = Field((), description="words in names; LEVERAGED and INVERSE stand for Korean ones")
    rebalance: Literal["DAILY", "WEEKLY_FRI", "MONTHLY"] = Field("MONTHLY", description="the last session of each")

    _words = field_validator("exclude", mode="before")(words_in)


def lookback(params: Params) -> int:
    """Closes needed before the first decision."""
    return 20 if params.min_liquidity else 1


def decide(prices: Prices, params: Params) -> Targets:
    """At each rebalance 1/n in each of the n symbols eligible that day."""
    import numpy as np

    import shared.market.picking as pick

    sight = pick.sight_of(prices, params.rebalance, lookback(params))
    eligible = pick.eligible_at(sight, 0, params.min_liquidity, params.exclude)
    weights = eligible.mask / np.maximum(eligible.mask.sum(axis=1, keepdims=True), 1)
    return Targets(sight.rows, sight.back(weights), rebalance=True, notes=(*sight.notes, *eligible.notes))

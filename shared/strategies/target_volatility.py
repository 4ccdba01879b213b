"""Equal parts of everything, and of all of it only as much as moves by the wanted volatility; the rest is cash.

It exists as the plain form of that idea: `rules.volatility_target` does the same to any strategy.
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

    target: float = Field(0.12, gt=0, le=10, description="volatility wanted, yearly (252 sessions)")
    window: int = Field(60, ge=2, le=2000, description="sessions the volatility is taken from")
    min_liquidity: float = Field(0.0, ge=0, description="won traded a session, the mean of 20; 0: any")
    exclude: Tuple[str, ...] = Field((), description="words in names; LEVERAGED and INVERSE stand for Korean ones")
    rebalance: Literal["DAILY", "WEEKLY_FRI", "MONTHLY"] = Field("MONTHLY", description="the last session of each")

    _words = field_validator("exclude", mode="before")(words_in)


def lookback(params: Params) -> int:
    """Closes needed before the first decision."""
    return max(20, params.window + 1)


def decide(prices: Prices, params: Params) -> Targets:
    """At each rebalance equal parts of the eligible symbols, times target / their volatility together, never more than once."""
    import numpy as np

    import shared.market.picking as pick

    sight = pick.sight_of(prices, params.rebalance, lookback(params))
    eligible = pick.eligible_at(sight, params.window, params.min_liquidity, params.exclude)
    weights = eligible.mask / np.maximum(eligible.mask.sum(axis=1, keepdims=True), 1)
    moved = pick.volatility_together(sight, weights, params.window)
    share = np.divide(params.target, moved, out=np.ones(len(moved)), where=moved > params.target)
    return Targets(sight.rows, sight.back(weights * share[:, None]), rebalance=True, notes=(*sight.notes, *eligible.notes))

"""Parts by the inverse of how much each symbol moved: the calmer, the more.

It exists because equal parts of unequal risks are not equal.
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

    window: int = Field(60, ge=2, le=2000, description="sessions the volatility is taken from")
    min_liquidity: float = Field(0.0, ge=0, description="won traded a session, the mean of 20; 0: any")
    exclude: Tuple[str, ...] = Field((), description="words in names; LEVERAGED and INVERSE stand for Korean ones")
    rebalance: Literal["DAILY", "WEEKLY_FRI", "MONTHLY"] = Field("MONTHLY", description="the last session of each")

    _words = field_validator("exclude", mode="before")(words_in)


def lookback(params: Params) -> int:
    """Closes needed before the first decision."""
    return max(20, params.window + 1)


def decide(prices: Prices, params: Params) -> Targets:
    """At each rebalance in every eligible symbol that moved: 1 / its volatility, as a share of the sum of these."""
    import numpy as np

    import shared.market.picking as pick

    sight = pick.sight_of(prices, params.rebalance, lookback(params))
    eligible = pick.eligible_at(sight, params.window, params.min_liquidity, params.exclude)
    volatility = pick.volatility_of(sight, params.window)
    moved = eligible.mask & (volatility > 0)
    calm = np.divide(1.0, volatility, out=np.zeros(volatility.shape), where=moved)
    total = pick.total_of(calm)[:, None]
    weights = np.divide(calm, total, out=np.zeros(calm.shape), where=total > 0)
    still = int((eligible.mask & ~moved).any(axis=0).sum())
    note = f"{still} symbol(s) did not move for {params.window} sessions and were left out then: nothing divides by that"
    notes = (*sight.notes, *eligible.notes, *([note] if still else []))
    return Targets(sight.rows, sight.back(weights), rebalance=True, notes=notes)

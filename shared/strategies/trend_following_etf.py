"""The best by momentum among those above their own average, while the market is above its own; else cash.

It exists as the old systems' strategy for ETFs; docs/strategies.md says where their copies differed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Optional, Tuple

from pydantic import BaseModel, ConfigDict, Field, field_validator

from shared.strategies import Targets, words_in

if TYPE_CHECKING:
    from shared.market import Prices


class Params(BaseModel):
    """What a request may change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    trend: int = Field(200, ge=2, le=2000, description="closes in the average a symbol must be above")
    momentum: int = Field(126, ge=1, le=2000, description="sessions of the momentum they are ranked by")
    top: int = Field(5, ge=1, le=500, description="symbols held")
    min_liquidity: float = Field(0.0, ge=0, description="won traded a session, the mean of 20; 0: any")
    exclude: Tuple[str, ...] = Field((), description="words in names; LEVERAGED and INVERSE stand for Korean ones")
    regime_symbol: Optional[str] = Field("069500", description="nothing is held below its average; null: no filter")
    regime_window: int = Field(200, ge=2, le=2000, description="closes in that average")
    regime_unknown: Literal["on", "off"] = Field("on", description="what holds while it has fewer closes")
    rebalance: Literal["DAILY", "WEEKLY_FRI", "MONTHLY"] = Field("WEEKLY_FRI", description="the last session of each")

    _words = field_validator("exclude", mode="before")(words_in)


def lookback(params: Params) -> int:
    """Closes needed before the first decision."""
    return max(20, params.trend, params.momentum + 1, params.regime_window if params.regime_symbol else 0)


def reads(params: Params) -> tuple[str, ...]:
    """Symbols looked at, traded or not."""
    return (params.regime_symbol,) if params.regime_symbol else ()


def decide(prices: Prices, params: Params) -> Targets:
    """At each rebalance the best of that day among those strictly above their average, an equal part of each."""
    import shared.market.picking as pick

    sight = pick.sight_of(prices, params.rebalance, lookback(params))
    eligible = pick.eligible_at(sight, params.momentum, params.min_liquidity, params.exclude)
    regime = pick.regime_at(sight, params.regime_symbol, params.regime_window, params.regime_unknown)
    mask = pick.above_average(sight, params.trend, eligible.mask & regime.on[:, None])
    held = pick.best_anew(sight, pick.change_over(sight, params.momentum), mask, params.top)
    weights = pick.in_slots(held, pick.core_of(sight, ()), params.top, len(prices.symbols))
    notes = (*sight.notes, *eligible.notes, *regime.notes)
    return Targets(sight.rows, sight.back(weights), rebalance=True, notes=notes)

"""The best by one momentum, picked anew at each decision: `rank` takes them as they come, `score_abs` only those that rose.

It exists because the old one took either mode and looked at neither; docs/strategies.md says what each does here.
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

    mode: Literal["score_abs", "rank"] = Field(
        "score_abs", description="only what rose by more than threshold, or the best anyhow"
    )
    wl: int = Field(63, ge=1, le=2000, description="sessions of the momentum")
    top: int = Field(5, ge=1, le=500, description="symbols held")
    threshold: float = Field(0.005, ge=-1, le=10, description="score_abs: the least return, itself not included")
    min_liquidity: float = Field(0.0, ge=0, description="won traded a session, the mean of 20; 0: any")
    exclude: Tuple[str, ...] = Field((), description="words in names; LEVERAGED and INVERSE stand for Korean ones")
    regime_symbol: Optional[str] = Field(None, description="less is held below its average; null: no filter")
    regime_window: int = Field(200, ge=2, le=2000, description="closes in that average")
    regime_unknown: Literal["on", "off"] = Field("on", description="what holds while it has fewer closes")
    regime_off_share: float = Field(0.5, ge=0, le=1, description="share of each weight while the regime is off")
    rebalance: Literal["DAILY", "WEEKLY_FRI", "MONTHLY"] = Field("WEEKLY_FRI", description="the last session of each")

    _words = field_validator("exclude", mode="before")(words_in)


def lookback(params: Params) -> int:
    """Closes needed before the first decision."""
    return max(20, params.wl + 1, params.regime_window if params.regime_symbol else 0)


def reads(params: Params) -> tuple[str, ...]:
    """Symbols looked at, traded or not."""
    return (params.regime_symbol,) if params.regime_symbol else ()


def decide(prices: Prices, params: Params) -> Targets:
    """At each rebalance the best of that day, an equal part of each; where fewer are good enough the rest is cash."""
    import numpy as np

    import shared.market.picking as pick

    sight = pick.sight_of(prices, params.rebalance, lookback(params))
    eligible = pick.eligible_at(sight, params.wl, params.min_liquidity, params.exclude)
    regime = pick.regime_at(sight, params.regime_symbol, params.regime_window, params.regime_unknown)
    scores = pick.change_over(sight, params.wl)
    mask = eligible.mask & (scores > params.threshold) if params.mode == "score_abs" else eligible.mask
    held = pick.best_anew(sight, scores, mask, params.top)
    weights = pick.in_slots(held, pick.core_of(sight, ()), params.top, len(prices.symbols))
    weights *= np.where(regime.on, 1.0, params.regime_off_share)[:, None]
    notes = (*sight.notes, *eligible.notes, *regime.notes)
    return Targets(sight.rows, sight.back(weights), rebalance=True, notes=notes)

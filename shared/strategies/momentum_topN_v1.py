"""The best by momentum over several lookbacks, kept until they sink to the bottom; core holdings are never sold.

It exists as the house's main strategy: what docs/strategies.md says of it is what this file does.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Literal, Optional, Tuple

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from shared.strategies import Targets, refuse_odd_weights, words_in

if TYPE_CHECKING:
    from shared.market import Prices
    from shared.market.picking import Sight, Standing

UNIVERSE = "KOR_ETF_CORE"
BENCHMARKS = ("069500",)
RULES = {"position_cap": 0.25, "volatility_target": 0.12, "cooldown_days": 5}
COSTS = {"commission_bps": 3.0, "slippage_bps": 5.0}


class Params(BaseModel):
    """What a request may change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    lookbacks: Tuple[int, ...] = Field((21, 63, 126), min_length=1, max_length=12, description="sessions, each 1 to 2000")
    weights: Tuple[float, ...] = Field((0.5, 0.3, 0.2), description="one per lookback, adding up to 1")
    ranking: Literal["zscore_weighted_mom", "weighted_mom"] = Field("zscore_weighted_mom", description="what is weighted")
    top_n: int = Field(5, ge=1, le=500, description="symbols held besides the core")
    sell_rank: float = Field(0.8, gt=0, le=1, description="a held symbol ranked lower than this share is sold")
    min_liquidity: float = Field(3e8, ge=0, description="won traded a session, the mean of 20; 0: any")
    exclude: Tuple[str, ...] = Field(("LEVERAGED", "INVERSE"), description="words in names; these two stand for Korean ones")
    core_holdings: Tuple[str, ...] = Field((), description="HOLD_CORE: bought and never sold, above top_n")
    regime_symbol: Optional[str] = Field("069500", description="nothing but the core is held below its average; null: no filter")
    regime_window: int = Field(200, ge=2, le=2000, description="closes in that average")
    regime_unknown: Literal["on", "off"] = Field("on", description="what holds while it has fewer closes")
    rebalance: Literal["DAILY", "WEEKLY_FRI", "MONTHLY"] = Field("WEEKLY_FRI", description="the last session of each")

    _words = field_validator("exclude", "core_holdings", mode="before")(words_in)

    @model_validator(mode="after")
    def _one_weight_per_lookback(self) -> Params:
        refuse_odd_weights(self.lookbacks, self.weights)
        return self


def lookback(params: Params) -> int:
    """Closes needed before the first decision."""
    return max(20, max(params.lookbacks) + 1, params.regime_window if params.regime_symbol else 0)


def reads(params: Params) -> tuple[str, ...]:
    """Symbols looked at, traded or not."""
    return (params.regime_symbol,) if params.regime_symbol else ()


def decide(prices: Prices, params: Params) -> Targets:
    """At each rebalance: who is held and not ranked at the bottom stays, the best take the free places, equal parts of each."""
    from shared.market.picking import sight_of

    seen = standing(sight_of(prices, params.rebalance, lookback(params)), params)
    return Targets(seen.sight.rows, seen.weights(), rebalance=True, kept=params.core_holdings, notes=seen.notes)


def standing(sight: Sight, params: Params) -> Standing:
    """Scores, ranks, regime and core of these rows, whoever asks: `decide`, or a scanner of one day."""
    import shared.market.picking as pick

    eligible = pick.eligible_at(sight, max(params.lookbacks), params.min_liquidity, params.exclude)
    regime = pick.regime_at(sight, params.regime_symbol, params.regime_window, params.regime_unknown)
    changes = [pick.change_over(sight, one) for one in params.lookbacks]
    by_z = params.ranking == "zscore_weighted_mom"
    scores = pick.weighted_zscores(changes, params.weights, eligible) if by_z else pick.weighted_sum(changes, params.weights)
    core, leading = pick.core_of(sight, params.core_holdings), pick.leading(scores, eligible.mask, params.sell_rank)
    stays = leading & regime.on[:, None]
    # Who would be sold at once, or cannot be bought today, does not come in; at most top_n of the best are held already.
    fit = core.without(stays & sight.at(sight.prices.tradable))
    best = pick.best_of(scores, fit, 2 * params.top_n)
    shown = functools.partial(pick.shown_of_ranking, dict(zip(params.lookbacks, changes, strict=True)), regime, eligible, leading)
    held = functools.partial(pick.held_through, best, stays, params.top_n)
    return pick.Standing(sight, scores, eligible, regime, core, fit, held, params.top_n, shown)

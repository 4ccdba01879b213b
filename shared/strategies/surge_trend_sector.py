"""What surges in a trend, with strength, in the strongest sectors: the scanner's rules for buying and selling.

It exists so that what the scanner says each evening can be tried on years; docs/strategies.md has the rules in words.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Dict, Literal, Optional, Tuple

from pydantic import BaseModel, ConfigDict, Field, field_validator

from shared.strategies import Targets, words_in

if TYPE_CHECKING:
    from shared.market import Prices
    from shared.market.picking import Sight, Standing

COSTS = {"commission_bps": 5.0, "slippage_bps": 8.0}
BENCHMARKS = ("379800",)
_NOT_THESE = ("레버리지", "채권", "커버드콜", "인버스", "선물", "ETN")


class Params(BaseModel):
    """What a request may change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    mode: Literal["scanner", "backtest"] = Field("scanner", description="held until a sell rule, or picked anew each time")
    jump: float = Field(0.02, ge=0, le=0.3, description="the least return of the day")
    adx_min: float = Field(20, ge=0, le=100, description="the least ADX(14)")
    mfi_min: float = Field(50, ge=0, le=100, description="the least MFI(14)")
    mfi_max: float = Field(80, ge=0, le=100, description="the most MFI(14)")
    volz_min: float = Field(1.0, ge=-10, le=10, description="the least z-score of the traded value (20)")
    sectors: Dict[str, str] = Field({}, description="symbol: sector; who is not in it is a sector of its own")
    sector_top_k: int = Field(3, ge=1, le=500, description="only symbols of so many strongest sectors")
    per_sector_cap: int = Field(2, ge=1, le=500, description="symbols held of one sector")
    top_n: int = Field(5, ge=1, le=500, description="symbols held besides the core")
    min_liquidity: float = Field(5e8, ge=0, description="won traded a session, the mean of 20; 0: any")
    exclude: Tuple[str, ...] = Field(_NOT_THESE, description="words in names")
    core_holdings: Tuple[str, ...] = Field((), description="HOLD_CORE: bought and never sold, above top_n")
    regime_symbol: Optional[str] = Field("069500", description="nothing is bought below its average; null: no filter")
    regime_window: int = Field(200, ge=2, le=2000, description="closes in that average")
    regime_unknown: Literal["on", "off"] = Field("on", description="what holds while it has fewer closes")
    rebalance: Literal["DAILY", "WEEKLY_FRI", "MONTHLY"] = Field("WEEKLY_FRI", description="the last session of each")

    _words = field_validator("exclude", "core_holdings", mode="before")(words_in)


def lookback(params: Params) -> int:
    """Closes needed before the first decision."""
    return max(200, params.regime_window if params.regime_symbol else 0)


def reads(params: Params) -> tuple[str, ...]:
    """Symbols looked at, traded or not."""
    return (params.regime_symbol,) if params.regime_symbol else ()


def decide(prices: Prices, params: Params) -> Targets:
    """At each rebalance: who broke a sell rule goes, and the best of those that surge come in; an equal part of each place."""
    from shared.market.picking import sight_of

    seen = standing(sight_of(prices, params.rebalance, lookback(params)), params)
    return Targets(seen.sight.rows, seen.weights(), rebalance=True, kept=params.core_holdings, notes=seen.notes)


def standing(sight: Sight, params: Params) -> Standing:
    """Who surges, who broke a rule, regime and core of these rows, whoever asks: `decide`, or a scanner of one day."""
    import shared.market.picking as pick

    eligible = pick.eligible_at(sight, 60, params.min_liquidity, params.exclude)
    regime = pick.regime_at(sight, params.regime_symbol, params.regime_window, params.regime_unknown)
    sectors, core = pick.sectors_of(sight, params.sectors), pick.core_of(sight, params.core_holdings)
    seen = pick.surges_of(sight, sight.and_held(eligible.mask & (pick.change_over(sight, 1) >= params.jump)))
    surge = eligible.mask & regime.on[:, None] & seen.is_trend & (seen.day >= params.jump) & (seen.adx >= params.adx_min)
    surge &= (seen.mfi >= params.mfi_min) & (seen.mfi <= params.mfi_max) & (seen.volz >= params.volz_min)
    surge = core.without(surge & pick.in_strongest(sight, sectors, eligible.mask, params.sector_top_k))
    scores = pick.rank_sums([seen.day, seen.month, seen.quarter, seen.adx, seen.mfi, seen.volz], surge)
    alive = pick.eligible_at(sight, 60, 0.0).mask  # no sell rule asks for liquidity or a name
    broken = {**seen.broken, "ineligible": ~alive} if params.mode == "scanner" else {"anew": surge | True}
    places = pick.Places(params.top_n, params.per_sector_cap, sectors)
    held = functools.partial(pick.held_by_sector, pick.best_of(scores, surge, len(sight.symbols)), pick.none_of(broken), places)
    shown = functools.partial(pick.Shown, seen.figures, broken, params.sectors, "trend")
    return pick.Standing(sight, scores, eligible, regime, core, surge, held, params.top_n, shown, sectors.notes)

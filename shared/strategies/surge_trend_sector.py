"""What surges in a trend, with strength, in the strongest sectors: the scanner's rules for buying and selling.

It exists so that what the scanner says each evening can be tried on years; docs/strategies.md has the rules in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, Literal, Optional, Tuple

from pydantic import BaseModel, ConfigDict, Field, field_validator

from shared.strategies import Targets, words_in

if TYPE_CHECKING:
    from shared.market import Prices

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
    top_n: int = Field(5, ge=1, le=500, description="symbols held")
    min_liquidity: float = Field(5e8, ge=0, description="won traded a session, the mean of 20; 0: any")
    exclude: Tuple[str, ...] = Field(_NOT_THESE, description="words in names")
    regime_symbol: Optional[str] = Field("069500", description="nothing is bought below its average; null: no filter")
    regime_window: int = Field(200, ge=2, le=2000, description="closes in that average")
    regime_unknown: Literal["on", "off"] = Field("on", description="what holds while it has fewer closes")
    rebalance: Literal["DAILY", "WEEKLY_FRI", "MONTHLY"] = Field("WEEKLY_FRI", description="the last session of each")

    _words = field_validator("exclude", mode="before")(words_in)


def lookback(params: Params) -> int:
    """Closes needed before the first decision."""
    return max(200, params.regime_window if params.regime_symbol else 0)


def reads(params: Params) -> tuple[str, ...]:
    """Symbols looked at, traded or not."""
    return (params.regime_symbol,) if params.regime_symbol else ()


def decide(prices: Prices, params: Params) -> Targets:
    """At each rebalance: who broke a sell rule goes, and the best of those that surge come in; an equal part of each place."""
    import shared.market.picking as pick

    sight = pick.sight_of(prices, params.rebalance, lookback(params))
    eligible = pick.eligible_at(sight, 60, params.min_liquidity, params.exclude)
    regime = pick.regime_at(sight, params.regime_symbol, params.regime_window, params.regime_unknown)
    sectors, on, seen = pick.sectors_of(sight, params.sectors), regime.on[:, None], pick.surges_of(sight, eligible.mask)
    surge = eligible.mask & on & seen.is_trend & (seen.day >= params.jump) & (seen.adx >= params.adx_min)
    surge &= (seen.mfi >= params.mfi_min) & (seen.mfi <= params.mfi_max) & (seen.volz >= params.volz_min)
    surge &= pick.in_strongest(sight, sectors, eligible.mask, params.sector_top_k)
    scores = pick.rank_sums([seen.day, seen.month, seen.quarter, seen.adx, seen.mfi, seen.volz], surge)
    alive = pick.eligible_at(sight, 60, 0.0).mask  # no sell rule asks for liquidity or a name
    stays = alive & ~seen.is_broken if params.mode == "scanner" else surge & False
    ranked = pick.best_of(scores, surge, len(sight.symbols))
    held = pick.held_by_sector(ranked, stays, pick.Places(params.top_n, params.per_sector_cap, sectors))
    weights = pick.in_slots(held, pick.core_of(sight, ()), params.top_n, len(prices.symbols))
    notes = (*sight.notes, *eligible.notes, *regime.notes, *sectors.notes)
    return Targets(sight.rows, sight.back(weights), rebalance=True, notes=notes)

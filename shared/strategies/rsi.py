"""RSI: in once a symbol fell too much, out once it rose too much.

It exists as the first of the old web system's rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.strategies import Targets, by_signals

if TYPE_CHECKING:
    from shared.market import Prices

SYMBOLS = ("KOSPI",)


class Params(BaseModel):
    """What a request may change."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    period: int = Field(14, ge=2, le=500, description="changes of the close that the RSI counts")
    oversold: float = Field(30.0, ge=0, le=100, description="in below this")
    overbought: float = Field(70.0, ge=0, le=100, description="out above this")

    @model_validator(mode="after")
    def _in_order(self) -> Params:
        if self.oversold >= self.overbought:
            raise ValueError(f"oversold ({self.oversold:g}) must be below overbought ({self.overbought:g})")
        return self


def lookback(params: Params) -> int:
    """A change needs two closes."""
    return params.period + 1


def decide(prices: Prices, params: Params) -> Targets:
    """In below `oversold`, out above `overbought`, strictly; between them as before. The RSI is the one by plain sums."""
    from shared.market.indicators import simple_rsi, traded

    strength = simple_rsi(traded(prices).close, params.period)
    return by_signals(prices, strength < params.oversold, strength > params.overbought, strength)

"""RSI and MACD together: in where a symbol fell too much and already turns, out as soon as either says so.

It exists as one of the old web system's rules.
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
    oversold: float = Field(30.0, ge=0, le=100, description="in below this, where the MACD is above its signal")
    overbought: float = Field(70.0, ge=0, le=100, description="out above this")
    fast: int = Field(12, ge=1, le=500, description="closes of the MACD's fast average")
    slow: int = Field(26, ge=2, le=1000, description="closes of the slow one")
    signal: int = Field(9, ge=1, le=500, description="values of the average of their distance")

    @model_validator(mode="after")
    def _in_order(self) -> Params:
        for low, high in (("oversold", "overbought"), ("fast", "slow")):
            if getattr(self, low) >= getattr(self, high):
                raise ValueError(f"{low} ({getattr(self, low):g}) must be below {high} ({getattr(self, high):g})")
        return self


def lookback(params: Params) -> int:
    """Whichever of the two needs more."""
    return max(params.period + 1, params.slow + params.signal - 1)


def decide(prices: Prices, params: Params) -> Targets:
    """In where the RSI is below `oversold` and the MACD above its signal; out where it is above `overbought` or that below."""
    from shared.market.indicators import macd, simple_rsi, traded

    close = traded(prices).close
    strength, found = simple_rsi(close, params.period), macd(close, params.fast, params.slow, params.signal)
    buy = (strength < params.oversold) & (found.line > found.signal)
    sell = (strength > params.overbought) | (found.line < found.signal)
    return by_signals(prices, buy, sell, strength + found.signal)

"""MACD: in while the distance of two averages is above its own average.

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

    fast: int = Field(12, ge=1, le=500, description="closes of the fast average")
    slow: int = Field(26, ge=2, le=1000, description="closes of the slow one")
    signal: int = Field(9, ge=1, le=500, description="values of the average of their distance")

    @model_validator(mode="after")
    def _in_order(self) -> Params:
        if self.fast >= self.slow:
            raise ValueError(f"fast ({self.fast:g}) must be below slow ({self.slow:g})")
        return self


def lookback(params: Params) -> int:
    """The signal begins with its first whole window of distances."""
    return params.slow + params.signal - 1


def decide(prices: Prices, params: Params) -> Targets:
    """In above the signal line, out below it; on it as before."""
    from shared.market.indicators import macd, traded

    found = macd(traded(prices).close, params.fast, params.slow, params.signal)
    return by_signals(prices, found.line > found.signal, found.line < found.signal, found.signal)

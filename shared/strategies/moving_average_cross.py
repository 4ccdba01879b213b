"""Two moving averages: in while the fast one is above the slow one.

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

    fast: int = Field(20, ge=1, le=1000, description="closes of the fast average")
    slow: int = Field(50, ge=2, le=2000, description="closes of the slow one")

    @model_validator(mode="after")
    def _in_order(self) -> Params:
        if self.fast >= self.slow:
            raise ValueError(f"fast ({self.fast:g}) must be below slow ({self.slow:g})")
        return self


def lookback(params: Params) -> int:
    """The slow average needs its whole window."""
    return params.slow


def decide(prices: Prices, params: Params) -> Targets:
    """In above, out below; where both are the same as before."""
    from shared.market.indicators import sma, traded

    close = traded(prices).close
    fast, slow = sma(close, params.fast), sma(close, params.slow)
    return by_signals(prices, fast > slow, fast < slow, slow)

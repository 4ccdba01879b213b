"""Volatility: in while days are calm, out once they are wild.

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

    period: int = Field(14, ge=1, le=500, description="days that Wilder's average of the true range begins with")
    calm: float = Field(2.0, ge=0, le=100, description="in below this percentage of the close")
    wild: float = Field(5.0, gt=0, le=1000, description="out above this one")

    @model_validator(mode="after")
    def _in_order(self) -> Params:
        if self.calm >= self.wild:
            raise ValueError(f"calm ({self.calm:g}) must be below wild ({self.wild:g})")
        return self


def lookback(params: Params) -> int:
    """A range needs the close before."""
    return params.period + 1


def decide(prices: Prices, params: Params) -> Targets:
    """In where the average range is below `calm` percent of the close, out where it is above `wild`; between them as before."""
    from shared.market.indicators import atr, traded

    bars = traded(prices)
    swing = 100 * atr(bars, params.period) / bars.close
    return by_signals(prices, swing < params.calm, swing > params.wild, swing)

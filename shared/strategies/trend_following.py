"""Trend: in while the close is above three averages that lie in order.

It exists as one of the old web system's rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.strategies import Targets, by_signals

if TYPE_CHECKING:
    from shared.market import Prices

SYMBOLS = ("KOSPI",)


class Params(BaseModel):
    """What a request may change."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    short: int = Field(20, ge=2, le=1000, description="closes of the short average")
    middle: int = Field(50, ge=3, le=1500, description="closes of the middle one")
    long: int = Field(200, ge=4, le=2000, description="closes of the long one")
    leave: Literal["reversed", "broken"] = Field("reversed", description="out when the order is reversed, or when it is broken")

    @model_validator(mode="after")
    def _in_order(self) -> Params:
        if not self.short < self.middle < self.long:
            raise ValueError(f"short ({self.short}) must be below middle ({self.middle}), and that below long ({self.long})")
        return self


def lookback(params: Params) -> int:
    """The long average needs its whole window."""
    return params.long


def decide(prices: Prices, params: Params) -> Targets:
    """In where close > short > middle > long; out where all of it is the other way round, or as soon as it is not so."""
    from shared.market.indicators import sma, traded

    close = traded(prices).close
    short, middle, long = (sma(close, window) for window in (params.short, params.middle, params.long))
    rising = (close > short) & (short > middle) & (middle > long)
    falling = (close < short) & (short < middle) & (middle < long)
    broken = (close <= short) | (short <= middle) | (middle <= long)
    sell = falling if params.leave == "reversed" else broken
    return by_signals(prices, rising, sell, long)

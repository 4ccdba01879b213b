"""Bollinger's bands: in near the lower one, out near the upper one.

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

    window: int = Field(20, ge=2, le=1000, description="closes of the mean and its deviation")
    width: float = Field(2.0, gt=0, le=10, description="deviations from the mean to either band")
    enter_below: float = Field(0.1, ge=-1, le=2, description="in below this place between the bands: 0 lower, 1 upper")
    leave_above: float = Field(0.9, ge=-1, le=2, description="out above this place")

    @model_validator(mode="after")
    def _in_order(self) -> Params:
        if self.enter_below >= self.leave_above:
            raise ValueError(f"enter_below ({self.enter_below:g}) must be below leave_above ({self.leave_above:g})")
        return self


def lookback(params: Params) -> int:
    """The mean needs its whole window."""
    return params.window


def decide(prices: Prices, params: Params) -> Targets:
    """In below `enter_below`, out above `leave_above`; where the bands are one line as before."""
    from shared.market.indicators import bollinger, traded

    bands = bollinger(traded(prices).close, params.window, params.width)
    return by_signals(prices, bands.position < params.enter_below, bands.position > params.leave_above, bands.mid)

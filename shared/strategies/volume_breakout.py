"""Volume: in on a day of unusual volume on which the price rose, out on one on which it fell.

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

    window: int = Field(20, ge=2, le=1000, description="days of the mean volume, the day itself among them")
    multiple: float = Field(2.0, gt=0, le=1000, description="unusual is more than so many times the mean")

    @model_validator(mode="after")
    def _can_happen(self) -> Params:
        if self.multiple >= self.window:
            raise ValueError(f"multiple ({self.multiple:g}) must be below window ({self.window}): no day is more of its own mean")
        return self


def lookback(params: Params) -> int:
    """The mean needs its whole window."""
    return params.window


def decide(prices: Prices, params: Params) -> Targets:
    """Signals are days with more than `multiple` times the mean volume: in where the close rose, out where it fell."""
    from shared.market.indicators import momentum, rolling_sum, traded

    bars = traded(prices)
    total, change = rolling_sum(bars.volume, params.window), momentum(bars.close, 1)
    unusual = bars.volume * params.window > params.multiple * total
    return by_signals(prices, unusual & (change > 0), unusual & (change < 0), total + change)

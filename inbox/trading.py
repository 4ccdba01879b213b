"""On what terms a request trades: its costs, and the rules by which orders become fills.

It exists so that a number out of range is refused where the request is read, on the NAS too, and never in the middle of a run.
"""

from __future__ import annotations

from typing import Optional

from pydantic import BaseModel, ConfigDict, Field, StrictBool, field_validator


def no_flag(value: object) -> object:
    """Pydantic would read `true` as 1."""
    if isinstance(value, bool):
        raise ValueError("true and false are no numbers")
    return value


def no_number(value: object) -> object:
    """Pydantic would take 1 for one of true, false and a word."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise ValueError("a number is neither true nor false")
    return value


# Each model is built when first used (defer_build): `nas status` starts quicker for never using one.
class Costs(BaseModel):
    """What trading costs: basis points of the traded amount, each way, and the tax the law takes of a sale."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)

    commission_bps: float = Field(3.0, ge=0, le=1000)
    slippage_bps: float = Field(5.0, ge=0, le=1000)
    fee_mode: str = Field("cash", pattern="^(cash|embedded)$", description="costs on top of the amount, or out of it")
    sales_tax: StrictBool = Field(True, description="Korean securities transaction tax, by day and market")

    _numbers = field_validator("commission_bps", "slippage_bps", mode="before")(no_flag)


class Rules(BaseModel):
    """How orders become fills, and within which limits a strategy may want."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)

    lot: int = Field(1, ge=0, le=1_000_000, description="shares come in multiples of this; 0: fractional")
    size_at: str = Field("decision", pattern="^(decision|fill)$", description="prices the orders are counted out at")
    price_limits: StrictBool = Field(True, description="no buy at the upper limit of the day, no sale at the lower")
    position_cap: Optional[float] = Field(None, gt=0, le=1, description="largest share of equity in one symbol")
    volatility_target: Optional[float] = Field(None, gt=0, le=10, description="yearly; less of everything above it")
    volatility_days: int = Field(60, ge=2, le=1000, description="sessions the volatility is taken from")
    stop_loss: Optional[float] = Field(None, gt=0, lt=1, description="sold when a close is this far below what it cost")
    cooldown_days: int = Field(0, ge=0, le=1000, description="sessions a symbol is not bought again after it was left")
    cash_floor: float = Field(0.0, ge=0, lt=1, description="share of equity that stays cash")
    delisting_loss: float = Field(0.0, ge=0, le=1, description="lost of the last price when a listing ends")

    _numbers = field_validator(
        *("lot", "position_cap", "volatility_target", "volatility_days", "stop_loss"),
        *("cooldown_days", "cash_floor", "delisting_loss"),
        mode="before",
    )(no_flag)

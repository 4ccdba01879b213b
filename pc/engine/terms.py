"""What a run trades with: its capital, its costs and the rules by which its orders become fills.

It exists so that one place says on what terms a run was, and every other asks it; all of it stands in the manifest.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Terms:
    """Costs are basis points of the traded amount, each way; shares come in multiples of `lot` (0: any fraction).

    `fee_mode` cash: the wanted worth is bought and costs come out of cash on top; embedded: the amount set aside for a
    trade covers its costs too. `size_at` decision: orders are counted out at the decision's close; fill: at the prices
    they are filled at. What is None or 0 is not applied.
    """

    capital: float
    commission_bps: float = 0.0
    slippage_bps: float = 0.0
    fee_mode: str = "cash"
    sales_tax: bool = False
    lot: int = 1
    execution: str = "next_open"
    size_at: str = "decision"
    price_limits: bool = False
    position_cap: float | None = None
    volatility_target: float | None = None
    volatility_days: int = 60
    stop_loss: float | None = None
    cooldown_days: int = 0
    cash_floor: float = 0.0
    delisting_loss: float = 0.0

    @property
    def commission(self) -> float:
        """Commission per won traded."""
        return self.commission_bps / 10_000

    @property
    def slippage(self) -> float:
        """Slippage per won traded: paid from cash, the price of the fill stays the bar's."""
        return self.slippage_bps / 10_000

    @property
    def lag(self) -> int:
        """How many bars after its decision an order may first be filled."""
        return 0 if self.execution == "same_close" else 1

"""What a run trades with: its capital, its costs and how its orders become fills.

It exists so that one place says what a trade costs, and every other asks it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.market import Floats


@dataclass(frozen=True)
class Terms:
    """Costs are basis points of the traded amount, each way; shares come in multiples of `lot` (0: any fraction)."""

    capital: float
    commission_bps: float = 0.0
    slippage_bps: float = 0.0
    lot: int = 1
    execution: str = "next_open"

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


def whole_lots(shares: Floats, lot: int) -> Floats:
    """These shares rounded down to what can be traded."""
    return shares if lot == 0 else np.floor(shares / lot) * lot


def affordable(shares: Floats, price: Floats, cash: float, terms: Terms) -> Floats:
    """These buys, all cut by the same factor where cash does not reach for them and their costs."""
    needed = _total(shares, price, terms)
    if needed <= cash:
        return shares
    share = max(cash, 0.0) / needed
    # A hair more first, so that 5 shares which came out as 4.999999999999999 are 5; a hair less if that is too much.
    generous = whole_lots(shares * (share * (1 + 1e-12)), terms.lot)
    return generous if _total(generous, price, terms) <= cash else whole_lots(shares * (share * (1 - 1e-12)), terms.lot)


def _total(shares: Floats, price: Floats, terms: Terms) -> float:
    return float(shares @ price) * (1 + terms.commission + terms.slippage)

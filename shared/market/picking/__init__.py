"""The door of picking: from decision rows and what is known at them to the symbols a strategy holds."""

from shared.market.picking.eligible import Eligible, eligible_at
from shared.market.picking.holding import Core, Standing, best_anew, core_of, held_through, in_slots
from shared.market.picking.regime import Regime, regime_at
from shared.market.picking.scores import best_of, change_over, leading, positions, total_of, weighted_sum, weighted_zscores
from shared.market.picking.sight import SCHEDULES, Sight, sight_at, sight_of
from shared.market.picking.trend import above_average
from shared.market.picking.volatility import volatility_of, volatility_together

__all__ = [
    "SCHEDULES",
    "Core",
    "Eligible",
    "Regime",
    "Sight",
    "Standing",
    "above_average",
    "best_anew",
    "best_of",
    "change_over",
    "core_of",
    "eligible_at",
    "held_through",
    "in_slots",
    "leading",
    "positions",
    "regime_at",
    "sight_at",
    "sight_of",
    "total_of",
    "volatility_of",
    "volatility_together",
    "weighted_sum",
    "weighted_zscores",
]

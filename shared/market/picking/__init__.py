"""The door of picking: from decision rows and what is known at them to the symbols a strategy holds."""

from shared.market.picking.eligible import Eligible, eligible_at
from shared.market.picking.holding import Core, Shown, Standing, best_anew, core_of, held_through, in_slots, shown_of_ranking
from shared.market.picking.one_day import OneDay, Signal, one_day
from shared.market.picking.regime import Regime, regime_at
from shared.market.picking.scores import best_of, change_over, leading, positions, total_of, weighted_sum, weighted_zscores
from shared.market.picking.sectors import Places, Sectors, held_by_sector, in_strongest, rank_sums, sectors_of
from shared.market.picking.sight import SCHEDULES, Sight, sight_at, sight_of
from shared.market.picking.surges import Surges, none_of, surges_of
from shared.market.picking.trend import above_average
from shared.market.picking.volatility import volatility_of, volatility_together

__all__ = [
    "SCHEDULES",
    "Core",
    "Eligible",
    "OneDay",
    "Places",
    "Regime",
    "Sectors",
    "Shown",
    "Sight",
    "Signal",
    "Standing",
    "Surges",
    "above_average",
    "best_anew",
    "best_of",
    "change_over",
    "core_of",
    "eligible_at",
    "held_by_sector",
    "held_through",
    "in_slots",
    "in_strongest",
    "leading",
    "none_of",
    "one_day",
    "positions",
    "rank_sums",
    "regime_at",
    "sectors_of",
    "shown_of_ranking",
    "sight_at",
    "sight_of",
    "surges_of",
    "total_of",
    "volatility_of",
    "volatility_together",
    "weighted_sum",
    "weighted_zscores",
]

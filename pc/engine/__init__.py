"""The door of the engine: targets in, fills, equity and their measures out."""

from pc.engine.costs import Terms
from pc.engine.measure import FORMULAS, closed_trades, daily_returns, drawdown, measure, reconcile
from pc.engine.simulate import FILL, Fills, Simulation, Trade, accepted, simulate, trades_of

__all__ = [
    "FILL",
    "FORMULAS",
    "Fills",
    "Simulation",
    "Terms",
    "Trade",
    "accepted",
    "closed_trades",
    "daily_returns",
    "drawdown",
    "measure",
    "reconcile",
    "simulate",
    "trades_of",
]

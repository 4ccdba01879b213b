"""The door of the engine: targets in, fills, equity and their measures out."""

from pc.engine.fills import FILL, REASONS, Fills, Trade, trades_of
from pc.engine.lookahead import look_ahead, warm_up
from pc.engine.measure import FORMULAS, closed_trades, daily_returns, drawdown, measure
from pc.engine.reconcile import reconcile
from pc.engine.simulate import Simulation, simulate
from pc.engine.terms import Terms
from pc.engine.wishes import accepted, tempered

__all__ = [
    "FILL",
    "FORMULAS",
    "REASONS",
    "Fills",
    "Simulation",
    "Terms",
    "Trade",
    "accepted",
    "closed_trades",
    "daily_returns",
    "drawdown",
    "look_ahead",
    "measure",
    "reconcile",
    "simulate",
    "tempered",
    "trades_of",
    "warm_up",
]

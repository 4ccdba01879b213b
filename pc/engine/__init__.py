"""The door of the engine: targets in, fills, equity and their measures out."""

from pc.engine.belonging import belonging
from pc.engine.beyond_volume import beyond_volume
from pc.engine.fills import FILL, REASONS, Fills, Trade, trades_of
from pc.engine.lookahead import look_ahead, warm_up
from pc.engine.measures import FORMULAS, TABLES, Span, closed_trips, daily_returns, measure
from pc.engine.reconcile import reconcile
from pc.engine.simulate import Simulation, simulate
from pc.engine.terms import Terms
from pc.engine.wishes import accepted, tempered

__all__ = [
    "FILL",
    "FORMULAS",
    "REASONS",
    "TABLES",
    "Fills",
    "Simulation",
    "Span",
    "Terms",
    "Trade",
    "accepted",
    "belonging",
    "beyond_volume",
    "closed_trips",
    "daily_returns",
    "look_ahead",
    "measure",
    "reconcile",
    "simulate",
    "tempered",
    "trades_of",
    "warm_up",
]

"""The door of the measures: the numbers a run is judged by, each with its formula and its unit."""

from pc.engine.measures.formulas import FORMULAS, TABLES
from pc.engine.measures.measure import Span, measure
from pc.engine.measures.returns import daily_returns
from pc.engine.measures.trips import closed_trips
from pc.engine.measures.undefined import REASONS

__all__ = ["FORMULAS", "REASONS", "TABLES", "Span", "closed_trips", "daily_returns", "measure"]

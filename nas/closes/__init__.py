"""The door of a session's closes: which day's, believed only whole, who of them moved, and why they are not there."""

from nas.closes.checklist import cause_in, checklist, fix_of
from nas.closes.close import Close, Closes, Regime
from nas.closes.day import Chosen, Wish, chosen, session_for
from nas.closes.movers import MARKET, Movers, market_of, movers, odd_ones
from nas.closes.table import closes_of, days_there

__all__ = [
    "MARKET",
    "Chosen",
    "Close",
    "Closes",
    "Movers",
    "Regime",
    "Wish",
    "cause_in",
    "checklist",
    "chosen",
    "closes_of",
    "days_there",
    "fix_of",
    "market_of",
    "movers",
    "odd_ones",
    "session_for",
]

"""The door of the reports people read: the evening's and the watchlist's, both from `data/eod/<date>.csv` alone."""

from nas.eod.day import Wish, day_asked
from nas.eod.evening import report_evening
from nas.eod.watching import report_watched

__all__ = ["Wish", "day_asked", "report_evening", "report_watched"]

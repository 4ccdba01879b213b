"""The door of the reports people read: the evening's and the watchlist's, both of a session's closes alone."""

from nas.reporting.evening import report_evening
from nas.reporting.watchlist import report_watched

__all__ = ["report_evening", "report_watched"]

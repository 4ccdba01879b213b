"""The door of the watchlist's report: the same closes, of the codes somebody watches."""

from nas.reporting.watchlist.report import report_watched

__all__ = ["report_watched"]

"""The door of the evening's report: the market, who moved most, what to act on, the day's backtests."""

from nas.reporting.evening.report import report_evening

__all__ = ["report_evening"]

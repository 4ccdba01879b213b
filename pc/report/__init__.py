"""The door of the report: sentences, tables and the picture of a finished run (the picture loads matplotlib)."""

from pc.report.no_trade import no_trade_warning, why_no_trade
from pc.report.text import Facts, Head, curves_csv, report, trades_csv, verdict

__all__ = ["Facts", "Head", "curves_csv", "no_trade_warning", "report", "trades_csv", "verdict", "why_no_trade"]

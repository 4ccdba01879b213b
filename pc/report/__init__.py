"""The door of the report: sentences, tables and the picture of a finished run (the picture loads matplotlib)."""

from pc.report.facts import Earlier, Facts, Head
from pc.report.no_trade import no_trade_warning, why_no_trade
from pc.report.numbers import told_anew
from pc.report.tables import curves_csv, trades_csv
from pc.report.text import report, verdict

__all__ = [
    "Earlier",
    "Facts",
    "Head",
    "curves_csv",
    "no_trade_warning",
    "report",
    "told_anew",
    "trades_csv",
    "verdict",
    "why_no_trade",
]

"""The door of the report: sentences, tables and the picture of a finished run (the picture loads matplotlib)."""

from pc.report.text import Facts, Head, curves_csv, report, trades_csv, verdict

__all__ = ["Facts", "Head", "curves_csv", "report", "trades_csv", "verdict"]

"""The report of a session: everything it says, as figures, before anybody writes it down.

It exists so that text, Slack and JSON are made from one value, and two starts on the same day can be compared.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Dict, List, NamedTuple, Optional, Sequence

from nas.eod.closes import Close, Closes
from nas.eod.limits import Limits
from nas.eod.movers import MARKET, Movers, market_of, movers, odd_ones
from nas.eod.runs import Runs
from nas.eod.signals import Signals

SCHEMA = "relay.eod-report/1"


class Report(NamedTuple):
    """`signals`: None where nobody scanned that day; `runs`: None where they cannot be known."""

    closes: Closes
    at: datetime
    expected: date
    limits: Limits
    movers: Movers
    market: Optional[Close]
    signals: Optional[Signals]
    runs: Optional[Runs]

    @property
    def has_own_index(self) -> bool:
        """Whether the market is told by the index itself."""
        return self.market is None or self.market.code == MARKET[0]


def report_of(closes: Closes, at: datetime, expected: date, limits: Limits) -> Report:
    """Of these closes; who wants signals and backtests in it adds them."""
    listed = [row for row in closes.rows if row.is_listed]
    moved = movers(listed, limits.top_n, limits.min_abs_ret)
    everybody = moved._replace(odd=odd_ones([row for row in closes.rows if row.is_korean]))
    return Report(closes, at, expected, limits, everybody, market_of(closes.rows), None, None)


def document_of(report: Report) -> Dict[str, Any]:
    """All of it, for programs; no number is a word there."""
    closes, moved = report.closes, report.movers
    return {
        "schema": SCHEMA,
        "day": str(closes.day),
        "before": str(closes.before) if closes.before else None,
        "at": report.at.isoformat("T", "seconds"),
        "expected": str(report.expected),
        "stale": closes.day < report.expected,
        "synthetic": closes.synthetic,
        "market": row_of(report.market) if report.market else None,
        "regime": closes.regime._asdict() if closes.regime else None,
        "coverage": len(moved.covered),
        **report.limits._asdict(),
        "up": rows_of(moved.up),
        "down": rows_of(moved.down),
        "odd": {kind: rows_of(those) for kind, those in moved.odd.items()},
        "signals": _signals(report.signals),
        "backtests": {"counts": report.runs.counts, "runs": [one._asdict() for one in report.runs.shown]}
        if report.runs
        else None,
    }


def rows_of(rows: Sequence[Close]) -> List[Dict[str, Any]]:
    """Each as JSON has it."""
    return [row_of(row) for row in rows]


def row_of(row: Close) -> Dict[str, Any]:
    """`change` is a rate, not a percentage; null is not known."""
    change = None if row.change is None else round(row.change, 6)
    told = {"code": row.code, "name": row.name, "close": row.close, "previous_close": row.before}
    return {**told, "change": change, "flags": row.flag}


def _signals(signals: Optional[Signals]) -> Optional[Dict[str, Any]]:
    if signals is None:
        return None
    sides = {side: [one._asdict() for one in getattr(signals, side)] for side in ("buy", "sell", "hold")}
    return {"at": signals.at or None, "why": signals.why or None, **sides}

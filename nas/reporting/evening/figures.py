"""The evening's report as figures: everything it says, before anybody writes it down.

It exists so that text, Slack and JSON are made from one value, and two starts on the same day can be compared.
"""

from __future__ import annotations

from typing import Any, Dict, NamedTuple, Optional

from nas.closes import MARKET, Close, Movers, market_of, movers, odd_ones
from nas.old_files import Limits
from nas.reporting.edition import Edition, head_of
from nas.reporting.evening.runs import Runs
from nas.reporting.evening.signals import Signals
from nas.reporting.rows import row_of, rows_by_kind, rows_of

SCHEMA = "relay.eod-report/1"


class Evening(NamedTuple):
    """`signals`: None where nobody scanned that day; `runs`: None where they cannot be known."""

    edition: Edition
    movers: Movers
    market: Optional[Close]
    signals: Optional[Signals] = None
    runs: Optional[Runs] = None

    @property
    def has_own_index(self) -> bool:
        """Whether the market is told by the index itself."""
        return self.market is None or self.market.code == MARKET[0]


def evening_of(edition: Edition, limits: Limits) -> Evening:
    """Of these closes; who wants signals and backtests in it adds them."""
    rows = edition.closes.rows
    moved = movers([row for row in rows if row.is_listed], limits.top_n, limits.min_abs_ret)
    everybody = moved._replace(odd=odd_ones([row for row in rows if row.is_korean]))
    return Evening(edition, everybody, market_of(rows))


def document_of(evening: Evening) -> Dict[str, Any]:
    """All of it, for programs; no number is a word there."""
    regime, moved, runs = evening.edition.closes.regime, evening.movers, evening.runs
    return {
        **head_of(evening.edition, SCHEMA),
        "market": row_of(evening.market) if evening.market else None,
        "regime": regime._asdict() if regime else None,
        "coverage": len(moved.covered),
        "top_n": moved.top_n,
        "min_abs_ret": moved.least,
        "up": rows_of(moved.up),
        "down": rows_of(moved.down),
        "odd": rows_by_kind(moved.odd),
        "signals": _signals(evening.signals),
        "backtests": {"counts": runs.counts, "runs": [one._asdict() for one in runs.shown]} if runs else None,
    }


def _signals(signals: Optional[Signals]) -> Optional[Dict[str, Any]]:
    if signals is None:
        return None
    sides = {side: [one._asdict() for one in getattr(signals, side)] for side in ("buy", "sell", "hold")}
    return {"at": signals.at or None, "why": signals.why or None, **sides}

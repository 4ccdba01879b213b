"""The facts of a report made by hand: a curve, no fills, and whatever a test changes.

It exists so that a test of what a report says needs no run, and names only what is special about it.
"""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import numpy as np

from pc.engine import FILL, Span, Terms, measure
from pc.report import Earlier, Facts, Head

DAYS = np.array(["2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"], dtype="datetime64[D]")
CHECKS = {"reconciled": True, "look_ahead": {"rows": 8, "equal": True}, "warm_up": {"lookback": 200, "sessions_without": 0}}


def told_with(growth: Any = (1.0, 1.0, 1.0, 1.0), earlier: Earlier | None = None, **changes: Any) -> Facts:
    """Of 1,000 won that grew so, never traded, and of benchmarks that did not move; with these changes of the figures."""
    equity, theirs = np.array(growth) * 1_000.0, changes.get("benchmarks", {})
    days = DAYS[: len(equity)]
    books = SimpleNamespace(fills=np.zeros(0, dtype=FILL), cash=equity, equity=equity)
    span = Span(days, ("KOSPI",), 0, 1_000.0, {name: np.ones(len(equity)) for name in theirs})
    used = {"start": str(days[0]), "end": str(days[-1]), "n_days": len(days)}
    head = {"strategy": "krx_ma200", "period": used, "benchmarks": {}}
    metrics = {**head, **measure(books, span), "trades": 1, **changes}
    period = {"asked": {"start": None, "end": None}, "used": used}
    named = Head("krx_ma200", {}, period, ["KOSPI"], Terms(1_000.0), False, "mine", "krx-relay 1")
    return Facts(named, metrics, [], [], checks=CHECKS, earlier=earlier)


def unwrapped(report: bytes | str) -> str:
    """With what went on below itself in one line again."""
    text = report.decode() if isinstance(report, bytes) else report
    return re.sub(r"\n {4,}", " ", text)

"""What a report is made of: what was run, on which terms, and what came of it.

It exists so that every section of a report reads the same names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from outbox import Comparison
from pc.engine import Terms, Trade


@dataclass(frozen=True)
class Head:
    """What was run; `universe` is its name where it has one, and whether it also knows who was delisted since."""

    strategy: str
    params: dict[str, Any]
    period: dict[str, Any]
    symbols: list[str]
    terms: Terms
    synthetic: bool
    request_id: str | None
    code: str
    days_old: int = 0  # the prices, where the newest were wanted
    universe: tuple[str | None, bool | None] = (None, None)


@dataclass(frozen=True)
class Earlier:
    """The run before: its id, and how this one stands to it."""

    request_id: str
    found: Comparison


@dataclass(frozen=True)
class Facts:
    """Everything a report says; `no_trade` is why_no_trade()'s word where nothing was traded."""

    head: Head
    metrics: dict[str, Any]
    last_trades: list[Trade]
    warnings: list[str]
    no_trade: str = ""
    checks: Mapping[str, Any] = field(default_factory=dict)
    earlier: Earlier | None = None
    findings: Sequence[Mapping[str, Any]] = ()  # what was odd about the prices

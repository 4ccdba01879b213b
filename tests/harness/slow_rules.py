"""A second opinion on the eight rules: one day and one symbol at a time, in plain Python, written from the rules' text.

It exists so that what a strategy says about whole panels is held against what its rule says about one day.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from shared.market import Prices
from shared.strategies import Targets

Day = dict[str, float]
Verdict = bool | None  # buy, sell, or neither
Rule = Callable[[list[Day], Any], Verdict]
FIELDS = ("open", "high", "low", "close", "volume")


class TooEarly(Exception):
    """The rule has not seen enough days yet."""


def slow_rsi(days: list[Day], params: Any) -> Verdict:
    """Below oversold buy, above overbought sell; of the last `period` changes the gains as a percentage of all."""
    strength = _rsi(days, params.period)
    return True if strength < Fraction(params.oversold) else False if strength > Fraction(params.overbought) else None


def _rsi(days: list[Day], period: int) -> Fraction:
    closes = [Fraction(day["close"]) for day in _last(days, period + 1)]
    changes = [later - earlier for earlier, later in zip(closes, closes[1:], strict=False)]
    gains, losses = sum(max(one, Fraction(0)) for one in changes), sum(max(-one, Fraction(0)) for one in changes)
    return Fraction(100 * gains, 1) / (gains + losses) if gains + losses else Fraction(50)


SLOW: dict[str, Rule] = {"rsi": slow_rsi}


def slow_weights(prices: Prices, rule: Rule, params: Any) -> list[list[float] | None]:
    """What stands after every row; None before any symbol has had its first verdict."""
    held, begun, told = [False] * len(prices.symbols), False, []
    for row in range(len(prices.dates)):
        for column in range(len(held)):
            days = _days(prices, row, column)
            try:
                verdict = rule(days, params) if days and days[-1]["row"] == row else None
                begun = begun or bool(days and days[-1]["row"] == row)
            except TooEarly:
                verdict = None
            held[column] = held[column] if verdict is None else verdict
        told.append([float(one) / len(held) for one in held] if begun else None)
    return told


def standing(targets: Targets, rows: int) -> list[list[float] | None]:
    """The same of a strategy's own targets."""
    told: list[list[float] | None] = [None] * rows
    ends = [*targets.rows.tolist(), rows][1:]
    for row, end, weights in zip(targets.rows.tolist(), ends, targets.weights.tolist(), strict=True):
        told[row:end] = [weights] * (end - row)
    return told


def _days(prices: Prices, row: int, column: int) -> list[Day]:
    """The days up to this row on which this symbol was traded."""
    found = [{name: float(getattr(prices, name)[day, column]) for name in FIELDS} | {"row": day} for day in range(row + 1)]
    return [day for day in found if day["close"] > 0 and not any(day[name] <= 0 for name in FIELDS)]


def _last(days: list[Day], count: int) -> list[Day]:
    if len(days) < count or any(math.isnan(day["close"]) for day in days[-count:]):
        raise TooEarly
    return days[-count:]

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
    """Below oversold buy, above overbought sell."""
    strength = _rsi(days, params.period)
    return _verdict(strength < Fraction(params.oversold), strength > Fraction(params.overbought))


def slow_macd(days: list[Day], params: Any) -> Verdict:
    """Above the signal buy, below it sell."""
    line, signal = _macd(days, params)
    return _verdict(line > signal, line < signal)


def slow_rsi_macd(days: list[Day], params: Any) -> Verdict:
    """Buy when both say so, sell when either does."""
    strength, (line, signal) = _rsi(days, params.period), _macd(days, params)
    buy = strength < Fraction(params.oversold) and line > signal
    return _verdict(buy, strength > Fraction(params.overbought) or line < signal)


def slow_cross(days: list[Day], params: Any) -> Verdict:
    """The fast average above the slow one buy, below it sell."""
    fast, slow = (_mean([day["close"] for day in _last(days, count)]) for count in (params.fast, params.slow))
    return _verdict(fast > slow, fast < slow)


def slow_bollinger(days: list[Day], params: Any) -> Verdict:
    """By where the close lies between mean - width · deviation and mean + width · deviation."""
    closes = [day["close"] for day in _last(days, params.window)]
    mean = math.fsum(closes) / len(closes)
    reach = params.width * math.sqrt(math.fsum((one - mean) ** 2 for one in closes) / len(closes))
    if not any(one != closes[0] for one in closes):
        return None
    place = (closes[-1] - (mean - reach)) / (2 * reach)
    return _verdict(place < params.enter_below, place > params.leave_above)


def slow_volume(days: list[Day], params: Any) -> Verdict:
    """More than so many times the mean volume: by the sign of the price change."""
    volumes, before = [day["volume"] for day in _last(days, params.window)], _last(days, 2)[0]
    if not Fraction(volumes[-1]) > Fraction(params.multiple) * _mean(volumes):
        return None
    return _verdict(days[-1]["close"] > before["close"], days[-1]["close"] < before["close"])


def slow_trend(days: list[Day], params: Any) -> Verdict:
    """Close above the short average above the middle one above the long one."""
    counts = (1, params.short, params.middle, params.long)
    steps = [_mean([day["close"] for day in _last(days, count)]) for count in counts]
    pairs = list(zip(steps, steps[1:], strict=False))
    rising = all(one > other for one, other in pairs)
    return _verdict(rising, not rising if params.leave == "broken" else all(one < other for one, other in pairs))


def slow_atr(days: list[Day], params: Any) -> Verdict:
    """Wilder's average of the true range, as a percentage of the close: small buy, large sell."""
    _last(days, params.period + 1)
    ranges = []
    for before, day in zip(days, days[1:], strict=False):
        highest, lowest = max(day["high"], before["close"]), min(day["low"], before["close"])
        ranges.append(Fraction(highest) - Fraction(lowest))
    average = _mean(ranges[: params.period])
    for one in ranges[params.period :]:
        average = (average * (params.period - 1) + one) / params.period
    swing = 100 * average / Fraction(days[-1]["close"])
    return _verdict(swing < Fraction(params.calm), swing > Fraction(params.wild))


SLOW: dict[str, Rule] = {
    "rsi": slow_rsi,
    "macd": slow_macd,
    "rsi_macd": slow_rsi_macd,
    "moving_average_cross": slow_cross,
    "bollinger_bands": slow_bollinger,
    "volume_breakout": slow_volume,
    "trend_following": slow_trend,
    "atr_volatility": slow_atr,
}


def slow_weights(prices: Prices, rule: Rule, params: Any) -> list[list[float] | None]:
    """What stands after every row; None before any symbol has had its first verdict."""
    held, begun, told = [False] * len(prices.symbols), False, []
    for row in range(len(prices.dates)):
        for column in range(len(held)):
            days = _days(prices, row, column)
            if not days or days[-1]["row"] != row:
                continue
            try:
                verdict, begun = rule(days, params), True
            except TooEarly:
                continue
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


def _verdict(buy: bool, sell: bool) -> Verdict:
    return True if buy else False if sell else None


def _rsi(days: list[Day], period: int) -> Fraction:
    """Of the last `period` changes the gains, as a percentage of all movement; 50 without any."""
    closes = [Fraction(day["close"]) for day in _last(days, period + 1)]
    changes = [later - earlier for earlier, later in zip(closes, closes[1:], strict=False)]
    gains, losses = sum(max(one, Fraction(0)) for one in changes), sum(max(-one, Fraction(0)) for one in changes)
    return Fraction(100 * gains) / (gains + losses) if gains + losses else Fraction(50)


def _macd(days: list[Day], params: Any) -> tuple[Fraction, Fraction]:
    """The line and its signal of the last day."""
    _last(days, params.slow + params.signal - 1)
    closes = [Fraction(day["close"]) for day in days]
    fast, slow = _averages(closes[params.slow - params.fast :], params.fast), _averages(closes, params.slow)
    lines = [one - other for one, other in zip(fast, slow, strict=True)]
    return lines[-1], _averages(lines, params.signal)[-1]


def _averages(values: list[Fraction], count: int) -> list[Fraction]:
    """Exponential, from the mean of the first `count` on."""
    found = [_mean(values[:count])]
    for value in values[count:]:
        found.append((2 * value + (count - 1) * found[-1]) / (count + 1))
    return found


def _mean(values: list[Any]) -> Fraction:
    return sum((Fraction(one) for one in values), Fraction(0)) / len(values)


def _days(prices: Prices, row: int, column: int) -> list[Day]:
    """The days up to this row on which this symbol was traded."""
    found = [{name: float(getattr(prices, name)[day, column]) for name in FIELDS} | {"row": day} for day in range(row + 1)]
    return [day for day in found if day["close"] > 0 and not any(day[name] <= 0 for name in FIELDS)]


def _last(days: list[Day], count: int) -> list[Day]:
    if len(days) < count:
        raise TooEarly
    return days[-count:]

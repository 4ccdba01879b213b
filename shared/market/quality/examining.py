"""A panel looked at before it is used: what cannot be is masked, who cannot be read is left out, and all of it is told.

It exists so that a wrong number becomes a sentence in the result, and never a trade, whichever way it came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from shared.krx_calendar import Calendar
from shared.market.panel import fingerprint_of
from shared.market.prices import NUMBERS, Flags, Floats, Prices
from shared.market.quality import ends, looks
from shared.market.quality.finding import Finding, by_symbol, finding, named, notes_of


def examined(prices: Prices, expected: date, calendar: Calendar, leaves_out: bool = True) -> tuple[Prices, tuple[Finding, ...]]:
    """The same prices with 0 (no trade) where a bar cannot be, and what was found. They should reach `expected`.

    Without `leaves_out` every symbol stays: the files of a person are theirs. What was found of one that was left out is told
    all the same."""
    said = _Said(prices)
    numbers: dict[str, Any] = _masked(prices, said)
    masked = replace(prices, **numbers) if numbers else prices
    _kept(masked, said, calendar)
    found = [*_of_all(prices, calendar), *ends.stale_as_a_whole(prices, expected, calendar), *said.findings]
    found += _after_the_end(prices)
    found += ends.endings(masked)
    gone = list(ends.left_out(masked, said.impossible)) if leaves_out else []
    symbols = {one.symbol for one in gone}
    rest = masked.pick([symbol for symbol in masked.symbols if symbol not in symbols]) if symbols else masked
    findings = tuple(sorted([*found, *gone], key=lambda one: one.symbol))
    return told(replace(rest, fingerprint=fingerprint_of(rest)), findings), findings


def told(prices: Prices, findings: Sequence[Finding]) -> Prices:
    """The same prices, and these findings as facts about them: also as notes, where one is to be looked at twice."""
    notes = dict(prices.notes)
    for symbol, note in notes_of(findings).items():
        before = notes.get(symbol, "")
        notes[symbol] = note if before in note else before if note in before else f"{before}; {note}"
    return prices.telling(findings=by_symbol(findings), notes=notes)


class _Said:
    """What was found odd so far, and which bars cannot be."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices
        self.findings = list[Finding]()
        self.impossible: Flags = np.zeros(prices.close.shape, dtype=bool)

    def add(self, odd: Flags, code: str, what: str, **other: Any) -> None:
        """On these bars."""
        for column in np.flatnonzero(odd.any(axis=0)):
            days = self._prices.dates[odd[:, column]]
            told = finding(code, self._prices.symbols[column], days, f"{what} on {named(days)}")
            self.findings.append(replace(told, **other))

    def add_impossible(self, odd: Flags, code: str, what: str) -> None:
        """The same of bars that were never so."""
        self.add(odd, code, what)
        self.impossible |= odd


def _masked(prices: Prices, said: _Said) -> dict[str, Floats]:
    """Those of the numbers in which something was masked."""
    numbers = dict[str, Floats]()
    for name in NUMBERS:
        below = getattr(prices, name) < 0
        if below.any():
            said.add_impossible(below, "Q-NO-PRICE", f"{name} below 0")
            numbers[name] = np.where(below, 0.0, getattr(prices, name))
    high, low = (numbers.get(name, getattr(prices, name)) for name in ("high", "low"))
    upside_down = high < low
    if upside_down.any():
        said.add_impossible(upside_down, "Q-UPSIDE-DOWN", "high below low")
        numbers |= {"high": np.where(upside_down, 0.0, high), "low": np.where(upside_down, 0.0, low)}
    return numbers


def _kept(prices: Prices, said: _Said, calendar: Calendar) -> None:
    """What is odd and stays as it is: nobody here knows what it was."""
    said.add_impossible(looks.outside({name: getattr(prices, name) for name in NUMBERS}), "Q-OUTSIDE", _OUTSIDE)
    limit = looks.limits(prices)
    jumps = looks.jumps(prices, prices.close, limit)
    for part in np.unique(limit[jumps]).tolist():
        said.add_impossible(jumps & (limit == part), "Q-JUMP", f"close moved more than {part:.0%}")
    said.add(looks.zeros(prices) & ~said.impossible, "Q-NO-PRICE", "a price of 0", severity="INFO")
    said.add(looks.moves_without_volume(prices), "Q-VOLUME", "close moved, and nothing was traded")
    said.add(looks.gaps(prices, ~looks.not_sessions(prices.dates, calendar)), "Q-GAP", "no bar")


_OUTSIDE = "open or close outside low to high"


def _after_the_end(prices: Prices) -> list[Finding]:
    """Bars after the day a symbol is said to have ended on: the day, or the symbol, is another one's."""
    said = _Said(prices)
    last = [np.datetime64(prices.delisted.get(symbol, date.max), "D") for symbol in prices.symbols]
    said.add((prices.close > 0) & (prices.dates[:, None] > np.array(last)), "Q-AFTER-END", "said to be delisted, and has bars")
    return said.findings


def _of_all(prices: Prices, calendar: Calendar) -> list[Finding]:
    if not looks.korean(prices.symbols).any():
        return []
    closed = prices.dates[looks.not_sessions(prices.dates, calendar)]
    missing = looks.sessions_without_a_row(prices.dates, calendar)
    rows = f"rows on {len(closed)} day(s) without a session ({named(closed)})"
    none = f"no row at all on {len(missing)} session(s) ({named(missing)})"
    return [
        *([finding("Q-NO-SESSION", "", closed, rows)] if len(closed) else []),
        *([finding("Q-GAP", "", missing, none)] if len(missing) else []),
    ]

"""What is in use already and nobody asks for now: its bars, what was found of it, and what nobody had.

It exists so that asking for one symbol changes nothing of the others, whatever became of the cache meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from shared.errors import DataMissing
from shared.market.bars import Bars
from shared.market.prices import NUMBERS, Days, Prices
from shared.market.quality import Finding, finding_in
from shared.market.sealed import open_prices

_OF_FETCHING = ("Q-OLD", "Q-STANDS-IN", "Q-SWITCHED")  # of whoever is not asked for now nothing newer is known
_OF_A_DAY = ("Q-REVISED", "Q-DISAGREE")  # found once a day, and no less true at its second ingest


class Before(NamedTuple):
    """The prices in use when an ingest begins, and what it asks for."""

    prices: Prices | None
    asked: frozenset[str]

    @property
    def symbols(self) -> list[str]:
        """Those that are carried over."""
        return [name for name in self.prices.symbols if name not in self.asked] if self.prices else []

    @property
    def unavailable(self) -> dict[str, str]:
        """What nobody had, and why, of what nobody asks for now."""
        told = self.prices.unavailable if self.prices else {}
        return {name: why for name, why in told.items() if name not in self.asked}

    def bars(self, symbol: str) -> Bars:
        """Its bars, as the panel has them."""
        assert self.prices is not None
        column = self.prices.column(symbol)
        there = self.prices.close[:, column] > 0
        numbers = {name: getattr(self.prices, name)[there, column] for name in NUMBERS}
        return Bars(symbol, self.prices.dates[there], numbers, self.prices.adjusted, self.prices.names.get(symbol, ""))

    def findings(self, dates: Days) -> Iterator[Finding]:
        """What stays true of them, and of everybody on the same last day."""
        told = self.prices.findings if self.prices else {}
        is_same_day = self.prices is not None and bool(len(dates)) and self.prices.dates[-1] == dates[-1]
        for one in (finding_in(one) for of_one in told.values() for one in of_one):
            of_the_day = is_same_day and one.code in _OF_A_DAY
            if of_the_day or (one.code in _OF_FETCHING and one.symbol in self.symbols):
                yield one


def in_use(folder: Path) -> Prices | None:
    """The prices before; what cannot be opened is replaced."""
    with suppress(DataMissing):
        return open_prices(folder)
    return None


def once_each(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The first of those of one code and symbol."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        known = found.setdefault((one.code, one.symbol), [])
        if one.code not in (*_OF_FETCHING, *_OF_A_DAY) or not known:
            known.append(one)
    return tuple(one for ones in found.values() for one in ones)

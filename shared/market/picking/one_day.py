"""One day as a strategy sees it that somebody already follows: who is bought, who is sold, who is kept, and why.

It exists so that a scanner says on the day itself what a backtest of the same file would have done, and has no rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import numpy as np

from shared.market.picking.holding import Shown, Standing
from shared.market.picking.sight import sight_at
from shared.market.prices import Prices
from shared.strategies import Strategy, decided, standing_of


class Signal(NamedTuple):
    """What becomes of one symbol; `reasons` are names of rules, `figures` what was measured of it."""

    symbol: str
    name: str
    reasons: tuple[str, ...]
    sector: str = ""
    score: float | None = None
    figures: dict[str, float] = {}
    is_core: bool = False


class OneDay(NamedTuple):
    """The last day of the prices. `regime`: None where the strategy has none; `fit`: who met every condition."""

    day: date
    regime: bool | None
    universe: int
    fit: int
    slots: int
    buy: tuple[Signal, ...]
    sell: tuple[Signal, ...]
    hold: tuple[Signal, ...]
    notes: tuple[str, ...] = ()


def one_day(strategy: Strategy, prices: Prices, held: tuple[str, ...]) -> OneDay:
    """Of the last row, for somebody who holds these; whoever of them is not among the prices is nobody's to judge."""
    mine = tuple(symbol for symbol in dict.fromkeys(held) if symbol in prices.symbols)
    seen = standing_of(strategy, sight_at(prices, len(prices.dates) - 1, mine))
    return _by_targets(strategy, prices, mine) if seen is None else _by_standing(seen, mine)


def _by_standing(seen: Standing, mine: tuple[str, ...]) -> OneDay:
    """The next step of the same rules, from these holdings instead of from those of the day before."""
    core = [column for column, is_held in zip(seen.core.columns, seen.core.held[0].tolist(), strict=True) if is_held]
    before = [column for column in map(seen.sight.column, mine) if column not in core]
    after = seen.held(before)[0]
    told = _Telling(seen, seen.shown())
    own = [column for column in core if seen.sight.symbols[column] in mine]
    return OneDay(
        _last_day(seen.sight.prices),
        bool(seen.regime.on[0]),
        int(seen.eligible.mask.sum()),
        int(seen.fit.sum()),
        seen.slots,
        buy=(*told.core([one for one in core if one not in own], "core"), *told.of(_without(after, before), "top")),
        sell=told.of(_without(before, after)),
        hold=(*told.of([one for one in before if one in after], told.shown.stays_by), *told.core(own, "core_kept")),
        notes=seen.notes,
    )


class _Telling(NamedTuple):
    """What is told of a column."""

    seen: Standing
    shown: Shown

    def of(self, columns: Iterable[int], reason: str = "") -> tuple[Signal, ...]:
        """With that reason; none given, the rules it broke."""
        return tuple(self._signal(one, (reason,) if reason else self._broken(one)) for one in columns)

    def core(self, columns: Iterable[int], reason: str) -> tuple[Signal, ...]:
        """What the rules say of it is told, and nobody heeds it."""
        broken = self._broken if reason != "core" else lambda column: ()
        return tuple(self._signal(one, (reason, *broken(one)))._replace(is_core=True) for one in columns)

    def _signal(self, column: int, reasons: tuple[str, ...]) -> Signal:
        symbol, score = self.seen.sight.symbols[column], float(self.seen.scores[0, column])
        figures = {name: float(values[0, column]) for name, values in self.shown.figures.items()}
        return Signal(
            symbol,
            self.seen.sight.prices.names.get(symbol, ""),
            reasons,
            self.shown.sectors.get(symbol, ""),
            score if np.isfinite(score) else None,
            {name: value for name, value in figures.items() if np.isfinite(value)},
        )

    def _broken(self, column: int) -> tuple[str, ...]:
        return tuple(name for name, is_so in self.shown.broken.items() if is_so[0, column])


def _by_targets(strategy: Strategy, prices: Prices, mine: tuple[str, ...]) -> OneDay:
    """Of a strategy that only says what it wants: its last decision beside what is held."""
    targets = decided(strategy, prices)
    weights = targets.weights[-1].tolist() if len(targets.rows) else [0.0] * len(prices.symbols)
    wanted = [symbol for symbol, weight in zip(prices.symbols, weights, strict=True) if weight > 0]

    def of(symbols: Iterable[str], reason: str) -> tuple[Signal, ...]:
        return tuple(Signal(one, prices.names.get(one, ""), (reason,), is_core=one in targets.kept) for one in symbols)

    return OneDay(
        _last_day(prices),
        None,
        len(prices.symbols),
        len(wanted),
        len(wanted),
        buy=of([one for one in wanted if one not in mine], "wanted"),
        sell=of([one for one in mine if one not in wanted], "unwanted"),
        hold=of([one for one in mine if one in wanted], "wanted"),
        notes=targets.notes,
    )


def _without(columns: list[int], others: list[int]) -> list[int]:
    return [column for column in columns if column not in others]


def _last_day(prices: Prices) -> date:
    day: date = prices.dates[-1].astype("datetime64[D]").item()
    return day

"""What can be seen at each decision: chosen rows of a panel, its symbols in the order of their names.

It exists so that ties and sums never depend on where a symbol's column is, and only decision rows are ever computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.market.prices import Days, Flags, Floats, Prices
from shared.market.sessions import first_unverified, month_ends, week_ends

SCHEDULES = ("DAILY", "WEEKLY_FRI", "MONTHLY")


@dataclass(frozen=True, eq=False)
class Sight:
    """Decision rows × symbols by name; every array that comes out of it, or goes `back`, has this shape."""

    prices: Prices
    rows: NDArray[np.int64]
    order: NDArray[np.int64] | None  # the panel's columns by name; None where they are so already
    symbols: tuple[str, ...]
    notes: tuple[str, ...] = ()
    held: tuple[str, ...] = ()  # whom somebody holds already, whatever was decided here

    def at(self, panel: NDArray[Any], back: int = 0) -> NDArray[Any]:
        """The panel's rows `back` rows before each decision."""
        return self.by_name(panel[self.rows - back if back else self.rows])

    def by_name(self, found: NDArray[Any]) -> NDArray[Any]:
        """Decisions × the panel's columns, in the order of the names."""
        return found if self.order is None else found.take(self.order, axis=1)

    def narrow(self, columns: NDArray[np.int64]) -> Sight:
        """The same decisions with only these columns: what is costly need not be computed for all."""
        symbols = tuple(self.symbols[column] for column in columns.tolist())
        return Sight(self.prices.pick(list(symbols)), self.rows, None, symbols)

    def over(self, panel: NDArray[Any], sessions: int, together: np.ufunc) -> NDArray[Any]:
        """Those of the last `sessions` rows taken together, the newest first; where there are fewer, the first again."""
        found = self.at(panel)
        for back in range(1, sessions):
            together(found, self.by_name(panel[np.maximum(self.rows - back, 0)]), out=found)
        return found

    def column(self, symbol: str) -> int:
        """Where this symbol is in here; -1 where it is not."""
        return self.symbols.index(symbol) if symbol in self.symbols else -1

    def and_held(self, mask: Flags) -> Flags:
        """The same flags, and one for each who is held."""
        found = mask.copy()
        found[:, [self.column(symbol) for symbol in self.held]] = True
        return found

    def back(self, weights: Floats) -> Floats:
        """The same weights in the panel's own order of columns."""
        if self.order is None:
            return weights
        found = np.empty_like(weights)
        found[:, self.order] = weights
        return found


def sight_of(prices: Prices, schedule: str, lookback: int) -> Sight:
    """The rows at which a strategy of this schedule decides, from the first that has `lookback` closes on."""
    rows = np.flatnonzero(_on(schedule, prices.dates)[lookback - 1 :]) + (lookback - 1)
    return Sight(prices, rows, _by_name(prices.symbols), tuple(sorted(prices.symbols)), _doubts(schedule, prices.dates))


def sight_at(prices: Prices, row: int, held: tuple[str, ...] = ()) -> Sight:
    """The sight of one single row, for somebody who holds these."""
    return Sight(prices, np.array([row]), _by_name(prices.symbols), tuple(sorted(prices.symbols)), held=held)


def _by_name(symbols: tuple[str, ...]) -> NDArray[np.int64] | None:
    order = sorted(range(len(symbols)), key=symbols.__getitem__)
    return None if order == list(range(len(symbols))) else np.array(order, dtype=np.int64)


def _on(schedule: str, dates: Days) -> Flags:
    if schedule == "DAILY":
        return np.ones(len(dates), dtype=bool)
    return week_ends(dates) if schedule == "WEEKLY_FRI" else month_ends(dates)


def _doubts(schedule: str, dates: Days) -> tuple[str, ...]:
    day = first_unverified(dates) if schedule != "DAILY" else None
    return (f"the calendar does not reach {day}: decision days there are told by weekdays, without holidays",) if day else ()

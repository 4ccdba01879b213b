"""From targets to fills and equity: what the market would have given, bar by bar.

It exists so that every strategy is filled by the same rules, and none fills itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pc.engine.costs import Terms, affordable, whole_lots
from shared.errors import StrategyFailed
from shared.market import Flags, Floats, Prices, last_known
from shared.strategies import Targets

_AMOUNTS = ("shares", "price", "commission", "slippage", "held")
FILL = np.dtype([("row", "i8"), ("symbol", "i8"), *((name, "f8") for name in _AMOUNTS)])
Fills = NDArray[np.void]


class Trade(NamedTuple):
    """One fill as people read it; money in won."""

    date: str
    symbol: str
    name: str
    side: str
    shares: float
    price: float
    amount: float
    commission: float
    slippage: float


@dataclass(frozen=True, eq=False)
class Simulation:
    """What happened, in rows of the prices: every fill, and cash, holdings and equity at every close.

    In a fill, `shares` is negative for a sale and `held` is what was held right after it. `waiting` orders had found
    no tradable bar by the end; `unpriced` counts decisions for symbols that had no price yet: those stayed cash.
    """

    fills: Fills
    cash: Floats
    holdings: Floats
    equity: Floats
    waiting: int
    unpriced: int

    def warnings(self, prices: Prices) -> list[str]:
        """What a reader of the result should know about its fills and its last day."""
        last_rows = [int(np.flatnonzero(prices.close[:, column] > 0)[-1]) for column in np.flatnonzero(self.holdings[-1])]
        ended = [row for row in last_rows if row < len(prices.dates) - 1]
        said = [f"{len(ended)} held symbol(s) without a price at the end, valued at their last one"] if ended else []
        said += [f"{self.unpriced} decision(s) for symbols that had no price yet stayed cash"] if self.unpriced else []
        return said


def simulate(prices: Prices, targets: Targets, terms: Terms) -> Simulation:
    """Trade `targets`: orders only where the wanted weights change, sized at the decision's close, sells before buys.

    A bar without a positive price and close, or with volume 0, fills nothing: the order waits for the next one, until
    a newer decision replaces it. Buys are cut to the cash there is; what was cut is given up unless a sale still waits.
    """
    book = _Book(prices, terms)
    rows, weights = _changes(targets)
    ends = [*rows, len(prices.dates)][1:]
    for row, wanted, end in zip(rows, weights, ends, strict=True):
        book.decide(row, wanted)
        _fill(book, range(row + terms.lag, min(end + terms.lag, len(prices.dates))))
    return book.closed()


def _fill(book: _Book, bars: range) -> None:
    """Until nothing is left to fill."""
    for bar in bars:
        book.fill(bar)
        if not book.orders.any():
            return


def accepted(targets: Targets, shape: tuple[int, ...], first: int, lag: int = 1) -> Targets:
    """The decisions that fill from row `first` on; StrategyFailed when they do not fit this shape.

    Of those before it only the one that still stands counts: it moves to the last row whose orders fill from `first` on.
    """
    rows, weights = np.asarray(targets.rows), np.asarray(targets.weights)
    why = _refusal(rows, weights, shape)
    if why:
        fix = "rows ascend; weights are rows × symbols, each ≥ 0, a row adds up to at most 1"
        raise StrategyFailed("checking what the strategy decided", f"decide() returned {why}", fix)
    begin = int(np.searchsorted(rows, first))
    replaced = lag == 0 and first in rows[begin : begin + 1]
    begin = begin if replaced else max(0, begin - 1)
    return Targets(np.maximum(rows[begin:], first - lag), weights[begin:].reshape(-1, shape[1]).astype(np.float64))


def tradable(prices: Prices, terms: Terms) -> tuple[Flags, Floats]:
    """Which bars fill an order, and at what price (0 where none does). Unknown volume fills, volume 0 does not."""
    price = prices.open if terms.execution == "next_open" else prices.close
    able = (price > 0) & (prices.close > 0) & ~(prices.volume <= 0)
    return able, np.where(able, price, 0.0)


def trades_of(prices: Prices, fills: Fills) -> list[Trade]:
    """The fills in people's words: days, codes and names instead of rows and columns; amounts without their sign."""
    days = np.datetime_as_string(prices.dates[fills["row"]]).tolist()
    codes = [prices.symbols[column] for column in fills["symbol"].tolist()]
    names = [prices.names.get(code, "") for code in codes]
    sides = np.where(fills["shares"] > 0, "BUY", "SELL").tolist()
    shares = np.abs(fills["shares"])
    money = (shares, fills["price"], shares * fills["price"], fills["commission"], fills["slippage"])
    return [Trade(*row) for row in zip(days, codes, names, sides, *(part.tolist() for part in money), strict=True)]


def _changes(targets: Targets) -> tuple[list[int], Floats]:
    """The decisions that differ from the one before: a strategy may repeat itself every day without trading."""
    rows, weights = targets.rows, targets.weights
    new = np.ones(len(rows), dtype=bool)
    new[1:] = (weights[1:] != weights[:-1]).any(axis=1)
    return [int(row) for row in rows[new]], weights[new]


def _refusal(rows: NDArray[Any], weights: NDArray[Any], shape: tuple[int, ...]) -> str:
    if rows.ndim != 1 or (rows.size and rows.dtype.kind not in "iu"):
        return f"rows of shape {rows.shape} and type {rows.dtype}, not a list of row numbers"
    if rows.size and (rows[0] < 0 or rows[-1] >= shape[0] or (np.diff(rows) <= 0).any()):
        return f"rows that do not ascend within 0 to {shape[0] - 1}"
    if rows.size and (weights.shape != (rows.size, shape[1]) or weights.dtype.kind not in "fiub"):
        return f"weights of shape {weights.shape} and type {weights.dtype}, not numbers of shape {(rows.size, shape[1])}"
    if rows.size and not np.isfinite(weights).all():
        return "weights that are not finite"
    if not rows.size:
        return ""
    lowest, fullest = float(weights.min()), float(weights.sum(axis=1).max())
    return f"weights from {lowest:g}, adding up to {fullest:g}" if lowest < 0 or fullest > 1 + 1e-9 else ""


class _Book:
    """Cash, holdings and open orders while the bars go by."""

    def __init__(self, prices: Prices, terms: Terms) -> None:
        self._terms, self._days = terms, len(prices.dates)
        marks = last_known(prices.close)
        self._priced, self._marks = marks > 0, np.nan_to_num(marks, nan=0.0)
        self._able, self._price = tradable(prices, terms)
        self._cash, self._held = float(terms.capital), np.zeros(len(prices.symbols))
        self._fills: list[tuple[Any, ...]] = []
        self._pages: list[tuple[int, float, Floats]] = [(0, self._cash, self._held.copy())]
        self._unpriced = 0
        self.orders = np.zeros(len(prices.symbols))

    def decide(self, row: int, weights: Floats) -> None:
        """Replace the open orders by what these weights ask for at this row's close."""
        mark, priced = self._marks[row], self._priced[row]
        equity = self._cash + float(self._held @ mark)
        with np.errstate(divide="ignore", invalid="ignore"):
            # A hair more, so that 100 shares which came out as 99.99999999999999 are 100.
            wanted = whole_lots(weights * equity / mark * (1 + 1e-12), self._terms.lot)
        self.orders = np.where(priced, wanted - self._held, 0.0)
        self._unpriced += int(np.count_nonzero(weights[~priced]))

    def fill(self, bar: int) -> None:
        """Fill every open order this bar can: first the sales, then the buys with the cash there is by then."""
        able, orders = self._able[bar], self.orders
        selling, buying = orders < 0, able & (orders > 0)
        if (able & selling).any():
            self._trade(bar, np.where(able & selling, orders, 0.0))
        left = np.where(able, 0.0, orders)
        if buying.any():
            asked = np.where(buying, orders, 0.0)
            bought = affordable(asked, self._price[bar], self._cash, self._terms)
            self._trade(bar, bought)
            if (left < 0).any():
                left = left + asked - bought
        self.orders = left

    def _trade(self, bar: int, shares: Floats) -> None:
        which = np.flatnonzero(shares)
        traded, price = shares[which], self._price[bar, which]
        amount = traded * price
        commission, slippage = np.abs(amount) * self._terms.commission, np.abs(amount) * self._terms.slippage
        self._cash -= float(amount.sum() + commission.sum() + slippage.sum())
        self._held[which] += traded
        self._fills.append((np.full(len(which), bar), which, traded, price, commission, slippage, self._held[which]))
        self._pages.append((bar, self._cash, self._held.copy()))

    def closed(self) -> Simulation:
        """Everything that happened, day by day."""
        rows = np.array([page[0] for page in self._pages] + [self._days])
        days = np.diff(rows)
        cash = np.repeat(np.array([page[1] for page in self._pages]), days)
        holdings = np.repeat(np.array([page[2] for page in self._pages]), days, axis=0)
        equity = cash + np.einsum("ij,ij->i", holdings, self._marks)
        fills = np.empty(sum(len(one[0]) for one in self._fills), dtype=FILL)
        for place, name in enumerate(FILL.names or ()):
            fills[name] = np.concatenate([one[place] for one in self._fills]) if self._fills else 0
        return Simulation(fills, cash, holdings, equity, int(np.count_nonzero(self.orders)), self._unpriced)

"""From targets to fills and equity: what the market would have given, decision by decision.

It exists so that every strategy is filled by the same rules, and none fills itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pc.engine.book import Book, Page
from pc.engine.fills import Fills, fills_of
from pc.engine.market import Market
from pc.engine.terms import Terms
from shared.market import Floats, Prices
from shared.strategies import Targets


@dataclass(frozen=True, eq=False)
class Simulation:
    """What happened, in rows of the prices: every fill, and cash and the worth of the holdings at every close.

    In a fill, `shares` is negative for a sale and `held` is what was held right after it; `held` here is what was left at
    the end, by column. `waiting` orders had found no bar to be filled at by the end; `unpriced` counts decisions for
    symbols that had no price: those stayed cash.
    """

    fills: Fills
    cash: Floats
    invested: Floats
    held: dict[int, float]
    waiting: int
    unpriced: int

    @property
    def equity(self) -> Floats:
        """Cash and holdings."""
        return self.cash + self.invested

    def warnings(self, prices: Prices) -> list[str]:
        """What a reader of the result should know about its fills and its last day."""
        ended = [column for column in self.held if not prices.close[-1, column] > 0]
        said = [f"{len(ended)} held symbol(s) without a price at the end, valued at their last one"] if ended else []
        said += [f"{self.unpriced} decision(s) for symbols that had no price yet stayed cash"] if self.unpriced else []
        return said


def simulate(prices: Prices, targets: Targets, terms: Terms) -> Simulation:
    """Trade `targets`: orders only where the wanted weights change, unless every decision is to rebalance; sells before buys.

    A bar that is not tradable, or at whose limit the order would stand alone, fills nothing: the order waits for the next
    one, until a newer decision replaces it. Buys are cut to the cash there is.
    """
    market = Market(prices, terms)
    kept = frozenset(column for column, symbol in enumerate(prices.symbols) if symbol in targets.kept)
    book, days = Book(market, terms, kept), len(prices.dates)
    wishes = list(_wishes(targets, prices.symbols))
    ends = [*(row for row, _ in wishes), days][1:]
    for (row, wish), end in zip(wishes, ends, strict=True):
        if terms.stop_loss:
            book.stop(row)
        book.decide(row, wish)
        _live(book, market, range(row, end), terms)
    cash, invested = _curves(book.pages, market.marks, days)
    return Simulation(fills_of(book.records), cash, invested, dict(book.held), len(book.orders), book.unpriced)


def _live(book: Book, market: Market, closes: range, terms: Terms) -> None:
    """What happens after a decision at the first of these closes, until the next one."""
    close, days = closes.start, len(market.marks)
    while close < closes.stop and close + terms.lag < days:
        if terms.stop_loss and close > closes.start:
            book.stop(close)
        book.fill(close + terms.lag)
        close = close + 1 if book.orders else _next_event(book, market, range(close + 1, closes.stop), terms)


def _next_event(book: Book, market: Market, closes: range, terms: Terms) -> int:
    """The first of these closes at which a holding reaches its stop, or before whose fills its listing ends; else their end."""
    if not closes or not book.held:
        return closes.stop
    first = min(max(closes.start, book.next_end - terms.lag), closes.stop)
    if not terms.stop_loss:
        return first
    levels = np.array([book.stop_level(column) for column in book.held])
    hit = (market.marks[closes.start : first][:, list(book.held)] <= levels).any(axis=1)
    return closes.start + int(hit.argmax()) if hit.any() else first


def _wishes(targets: Targets, symbols: tuple[str, ...]) -> Iterator[tuple[int, dict[int, float]]]:
    """The decisions that differ from the one before, or all of them where they rebalance: weights by column.

    In each the symbols come in the order of their names: in which column one stands changes no digit of the result."""
    rows, weights = targets.rows, targets.weights
    new = np.ones(len(rows), dtype=bool)
    if not targets.rebalance:
        new[1:] = (weights[1:] != weights[:-1]).any(axis=1)
    by_name = np.array(sorted(range(len(symbols)), key=symbols.__getitem__), dtype=np.int64)
    rows, weights = rows[new], weights[new][:, by_name]
    places, columns = np.nonzero(weights)
    wanted, wished = weights[places, columns].tolist(), by_name[columns].tolist()
    bounds = np.searchsorted(places, np.arange(len(rows) + 1)).tolist()
    for row, start, stop in zip(rows.tolist(), bounds, bounds[1:], strict=False):
        yield row, dict(zip(wished[start:stop], wanted[start:stop], strict=True))


def _curves(pages: list[Page], marks: Floats, days: int) -> tuple[Floats, Floats]:
    """Cash and the worth of what was held at every close, symbol by symbol in the order of the pages."""
    lengths = np.diff(np.array([page.row for page in pages] + [days]))
    sizes = np.array([len(page.columns) for page in pages])
    of_row = np.repeat(np.arange(len(pages)), lengths)
    starts = np.concatenate([[0], np.cumsum(sizes)])[of_row]
    rows = np.repeat(np.arange(days), sizes[of_row])
    first = np.concatenate([[0], np.cumsum(sizes[of_row])])[:-1]
    places = np.arange(len(rows)) - np.repeat(first - starts, sizes[of_row])
    columns = np.array([column for page in pages for column in page.columns], dtype=np.int64)[places]
    shares = np.array([one for page in pages for one in page.shares])[places]
    worth: Floats = np.bincount(rows, weights=marks[rows, columns] * shares, minlength=days).astype(np.float64)
    return np.repeat(np.array([page.cash for page in pages]), lengths), worth

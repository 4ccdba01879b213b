"""The book: cash, holdings and open orders while the bars go by.

It exists so that how an order is counted out, filled, cut to the cash there is and charged stands on one page. It is
written in plain numbers and not in arrays: a decision touches a few symbols, however many there are.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import repeat
from operator import mul
from typing import Any, NamedTuple

from pc.engine.fills import REASONS
from pc.engine.market import Market
from pc.engine.terms import Terms

_HAIR = 1e-12  # a hair more, so that 100 shares which came out as 99.99999999999999 are 100
TARGET, STOP, DELISTED = range(len(REASONS))


class Page(NamedTuple):
    """What was in the book from this row on, until the next page."""

    row: int
    cash: float
    columns: list[int]
    shares: list[float]


class Book:
    """Everything that happens happens here; symbols take turns in the order in which they are wished for."""

    def __init__(self, market: Market, terms: Terms, kept: frozenset[int] = frozenset()) -> None:
        self._market, self._terms, self._kept = market, terms, kept  # what is kept no stop sells
        self._bars = terms.stop_loss is not None or terms.cooldown_days > 0
        self._commission, self._slippage = terms.commission, terms.slippage
        self._fees = self._commission + self._slippage
        self._lag, self._in_cash = terms.lag, terms.fee_mode == "cash"
        self._cash, self._floor = float(terms.capital), 0.0
        self.held: dict[int, float] = {}
        self.orders: dict[int, float] = {}  # so many shares more, or fewer
        self._decided, self._stops = 0, dict[int, int]()  # the row the orders are of, but for those of stops
        self._paid: dict[int, float] = {}  # what a share of a holding cost on average, without costs
        self._barred: dict[int, int] = {}  # until which row a symbol is not wanted again
        self.next_end = len(market.marks)  # before it no listing of a holding ends
        self.records: list[tuple[Any, ...]] = []
        self.pages = [Page(0, self._cash, [], [])]
        self.unpriced, self._paged = 0, 0

    def decide(self, row: int, wish: dict[int, float]) -> None:
        """Replace the open orders by what these weights ask for at this row's close."""
        self._write_off(row)
        worth_of = self._counting_with(row)
        equity = self._cash
        for column, shares in self.held.items():
            equity += shares * worth_of(column)
        self.orders, self._decided, self._floor = {}, row, self._terms.cash_floor * equity
        if self._stops:
            self._stops = {column: at for column, at in self._stops.items() if self._barred[column] >= row}
        left = [column for column in self.held if column not in wish]
        for column, weight in (*wish.items(), *zip(left, repeat(0.0))):
            price = worth_of(column)
            if not price > 0 or row >= self._market.listing(column).ends:
                self.unpriced += weight > 0
                continue
            allowed = self._allowed(row, column, weight) if self._bars else weight
            missing = self._missing(column, allowed * equity, price)
            if missing:
                self.orders[column] = missing

    def fill(self, bar: int) -> None:
        """Fill every open order this bar can: first the sales, then the buys with the cash there is by then."""
        self._write_off(bar)
        if self.orders:
            self._sell(bar)
            self._buy(bar)
        if len(self.records) > self._paged:
            self._paged = len(self.records)
            self.pages.append(Page(bar, self._cash, list(self.held), list(self.held.values())))

    def stop(self, row: int) -> None:
        """Order out every holding whose close fell too far below what it cost."""
        for column, held in self.held.items():
            is_leaving = self.orders.get(column, 0.0) <= -held
            if not is_leaving and self._market.mark(row, column) <= self.stop_level(column):
                self.orders[column] = -held
                self._stops[column] = row
                self._barred[column] = row + self._terms.cooldown_days

    def stop_level(self, column: int) -> float:
        """The close at which this holding is sold; 0 where it never is."""
        return 0.0 if column in self._kept else self._paid[column] * (1 - (self._terms.stop_loss or 1.0))

    def _counting_with(self, row: int) -> Callable[[int], float]:
        """What a share of each symbol is taken to be worth: its close, or what the next bar fills it at."""
        bar, price = row + self._lag, self._market.price
        close = partial(self._market.mark, row)
        if self._terms.size_at == "decision" or bar >= len(self._market.marks):
            return close
        return lambda column: price(bar, column, column not in self.held) or close(column)

    def _allowed(self, row: int, column: int, weight: float) -> float:
        """The weight, or none while the symbol is barred; who is sold altogether is barred for the cooldown."""
        if weight and self._barred.get(column, -1) >= row:
            return 0.0
        if not weight and self._terms.cooldown_days and column in self.held:
            self._barred[column] = row + self._terms.cooldown_days
        return weight

    def _missing(self, column: int, worth: float, price: float) -> float:
        """How many shares more, or fewer, make this holding worth so much."""
        held = self.held.get(column, 0.0)
        if worth == 0.0 or self._in_cash:
            return self._lots(worth / price) - held
        missing = worth - held * price
        if missing >= 0:
            return self._lots(missing / (price * (1 + self._fees)))
        bar = min(self._decided + self._lag, len(self._market.marks) - 1)
        return -self._lots(-missing / (price * (1 - self._fees - self._market.tax(bar, column))))

    def _lots(self, shares: float) -> float:
        lot = self._terms.lot
        return math.floor(shares * (1 + _HAIR) / lot) * float(lot) if lot else shares

    def _write_off(self, bar: int) -> None:
        """What is listed no more is paid out at its last price, less the loss the request names."""
        if bar < self.next_end:
            return
        for column in [one for one in self.held if self._market.ends(one) <= bar]:
            self.orders.pop(column, None)
            price = self._market.last_price(column) * (1 - self._terms.delisting_loss)
            self._enter(bar, column, (-self.held[column], price), DELISTED)
        self.next_end = min(map(self._market.ends, self.held), default=len(self._market.marks))

    def _sell(self, bar: int) -> None:
        for column, shares in [order for order in self.orders.items() if order[1] < 0]:
            price = self._market.price(bar, column, False)
            if price:
                del self.orders[column]
                self._enter(bar, column, (shares, price), STOP if column in self._stops else TARGET)

    def _buy(self, bar: int) -> None:
        """All cut by the same factor where cash does not reach; what was cut is given up unless a sale still waits."""
        priced = [(column, shares, self._market.price(bar, column, True)) for column, shares in self.orders.items() if shares > 0]
        buys = [one for one in priced if one[2]]
        if not buys:
            return
        a_sale_waits = len(priced) < len(self.orders)
        for (column, asked, price), bought in zip(buys, self._affordable(buys), strict=True):
            del self.orders[column]
            if bought:
                self._enter(bar, column, (bought, price), TARGET)
            if a_sale_waits and asked > bought:
                self.orders[column] = asked - bought

    def _affordable(self, buys: list[tuple[int, float, float]]) -> list[float]:
        money = max(self._cash - self._floor, 0.0)
        wanted, prices = [one[1] for one in buys], [one[2] for one in buys]
        needed = sum(map(mul, wanted, prices)) * (1 + self._fees)
        if needed <= money:
            return wanted
        # A hair more first, so that 5 shares which came out as 4.999999999999999 are 5; a hair less if that is too much.
        share = money / needed
        generous = [self._lots(shares * share) for shares in wanted]
        if sum(map(mul, generous, prices)) * (1 + self._fees) <= money:
            return generous
        return [self._lots(shares * share * (1 - 2 * _HAIR)) for shares in wanted]

    def _enter(self, bar: int, column: int, traded: tuple[float, float], reason: int) -> None:
        shares, price = traded
        amount, held = abs(shares * price), self.held.get(column, 0.0) + shares
        commission = slippage = tax = 0.0
        if reason != DELISTED:
            commission, slippage = amount * self._commission, amount * self._slippage
            tax = amount * self._market.tax(bar, column) if shares < 0 else 0.0
        self._cash -= shares * price + commission + slippage + tax
        decided = bar if reason == DELISTED else self._stops.get(column, self._decided)
        self.records.append((bar, decided, column, reason, shares, price, commission, slippage, tax, held))
        if held <= 0:
            del self.held[column], self._paid[column]
            return
        if shares > 0:
            self._paid[column] = (self._paid.get(column, 0.0) * (held - shares) + shares * price) / held
            self.next_end = min(self.next_end, self._market.ends(column))
        self.held[column] = held

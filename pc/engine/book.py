"""The book: cash, holdings and open orders while the bars go by.

It exists so that how an order is counted out, filled, cut to the cash there is and charged stands on one page. It is
written in plain numbers and not in arrays: a decision touches a few symbols, however many there are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
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


class Order(NamedTuple):
    """So many shares wanted more (or fewer) at the close of row `decided`, and why."""

    shares: float
    decided: int
    reason: int


class Book:
    """Everything that happens happens here; symbols take turns in the order of their names, wherever their columns are."""

    def __init__(self, market: Market, symbols: tuple[str, ...], terms: Terms) -> None:
        self._market, self._terms, self._name_of = market, terms, symbols.__getitem__
        self._cash, self._floor = float(terms.capital), 0.0
        self._held: dict[int, float] = {}
        self._paid: dict[int, float] = {}  # what a share of a holding cost on average, without costs
        self._barred: dict[int, int] = {}  # until which row a symbol is not wanted again
        self.orders: dict[int, Order] = {}
        self.records: list[tuple[Any, ...]] = []
        self.pages = [Page(0, self._cash, [], [])]
        self.unpriced, self._paged = 0, 0
        self._fees = terms.commission + terms.slippage

    @property
    def held(self) -> dict[int, float]:
        """Shares by column."""
        return self._held

    def decide(self, row: int, wish: dict[int, float]) -> None:
        """Replace the open orders by what these weights ask for at this row's close."""
        self._write_off(row)
        columns = sorted({*self._held, *wish}, key=self._name_of)
        prices = self._prices_to_count_with(row, columns)
        equity = self._cash + sum(self._held[column] * prices[column] for column in columns if column in self._held)
        self.orders, self._floor = {}, self._terms.cash_floor * equity
        for column in columns:
            weight = self._allowed(row, column, wish.get(column, 0.0))
            if prices[column] > 0 and self._market.ends(column) > row:
                self._order(row, column, self._missing(row, column, (weight * equity, prices[column])))
            else:
                self.unpriced += weight > 0

    def fill(self, bar: int) -> None:
        """Fill every open order this bar can: first the sales, then the buys with the cash there is by then."""
        self._write_off(bar)
        if self.orders:
            self._sell(bar)
            self._buy(bar)
        if len(self.records) > self._paged:
            self._paged = len(self.records)
            columns = sorted(self._held, key=self._name_of)
            self.pages.append(Page(bar, self._cash, columns, [self._held[column] for column in columns]))

    def stop(self, row: int) -> None:
        """Order out every holding whose close fell too far below what it cost."""
        for column in self._held:
            if self._market.marks.item(row, column) <= self.stop_level(column) and not self._is_leaving(column):
                self.orders[column] = Order(-self._held[column], row, STOP)
                self._barred[column] = row + self._terms.cooldown_days

    def stop_level(self, column: int) -> float:
        """The close at which this holding is sold."""
        return self._paid[column] * (1 - (self._terms.stop_loss or 1.0))

    def _is_leaving(self, column: int) -> bool:
        return column in self.orders and self.orders[column].shares <= -self._held[column]

    def _prices_to_count_with(self, row: int, columns: list[int]) -> dict[int, float]:
        """What a share of each symbol is taken to be worth: its close, or what the next bar fills it at."""
        marks, bar = self._market.marks, row + self._terms.lag
        closes: dict[int, float] = {column: marks.item(row, column) for column in columns}
        if self._terms.size_at == "decision" or bar >= len(marks):
            return closes
        return {column: self._market.price(bar, column, buying=column not in self._held) or closes[column] for column in columns}

    def _allowed(self, row: int, column: int, weight: float) -> float:
        """The weight, or none while the symbol is barred; who is sold altogether is barred for the cooldown."""
        if weight and self._barred.get(column, -1) >= row:
            return 0.0
        if not weight and self._terms.cooldown_days and column in self._held:
            self._barred[column] = row + self._terms.cooldown_days
        return weight

    def _missing(self, row: int, column: int, wanted: tuple[float, float]) -> float:
        """How many shares more, or fewer, make this holding worth the wanted money at the wanted price."""
        worth, price = wanted
        held = self._held.get(column, 0.0)
        if self._terms.fee_mode == "cash" or worth == 0.0:
            return self._lots(worth / price) - held
        missing = worth - held * price
        if missing >= 0:
            return self._lots(missing / (price * (1 + self._fees)))
        bar = min(row + self._terms.lag, len(self._market.marks) - 1)
        return -self._lots(-missing / (price * (1 - self._fees - self._market.tax(bar, column))))

    def _lots(self, shares: float) -> float:
        lot = self._terms.lot
        return math.floor(shares * (1 + _HAIR) / lot) * float(lot) if lot else shares

    def _order(self, row: int, column: int, shares: float) -> None:
        if shares:
            self.orders[column] = Order(shares, row, TARGET)

    def _write_off(self, bar: int) -> None:
        """What is listed no more is paid out at its last price, less the loss the request names."""
        for column in [one for one in self._held if self._market.ends(one) <= bar]:
            self.orders.pop(column, None)
            price = self._market.last_price(column) * (1 - self._terms.delisting_loss)
            self._enter(bar, column, (-self._held[column], price), Order(0.0, bar, DELISTED))

    def _sell(self, bar: int) -> None:
        for column, order in list(self.orders.items()):
            price = self._market.price(bar, column, buying=False) if order.shares < 0 else 0.0
            if price:
                self._enter(bar, column, (order.shares, price), self.orders.pop(column))

    def _buy(self, bar: int) -> None:
        """All cut by the same factor where cash does not reach; what was cut is given up unless a sale still waits."""
        wanted = [(column, one.shares) for column, one in self.orders.items() if one.shares > 0]
        priced = [(column, shares, self._market.price(bar, column, buying=True)) for column, shares in wanted]
        buys = [one for one in priced if one[2]]
        if not buys:
            return
        a_sale_waits = any(order.shares < 0 for order in self.orders.values())
        for (column, asked, price), bought in zip(buys, self._affordable(buys), strict=True):
            order = self.orders.pop(column)
            if bought:
                self._enter(bar, column, (bought, price), order)
            if a_sale_waits and asked > bought:
                self.orders[column] = order._replace(shares=asked - bought)

    def _affordable(self, buys: list[tuple[int, float, float]]) -> list[float]:
        money = max(self._cash - self._floor, 0.0)
        needed = self._total((shares, price) for _, shares, price in buys)
        if needed <= money:
            return [shares for _, shares, _ in buys]
        generous, strict = (
            [self._lots_within(one[1] * (money / needed) * hair) for one in buys] for hair in (1 + _HAIR, 1 - _HAIR)
        )
        prices = [price for _, _, price in buys]
        return generous if self._total(zip(generous, prices, strict=True)) <= money else strict

    def _lots_within(self, shares: float) -> float:
        lot = self._terms.lot
        return math.floor(shares / lot) * float(lot) if lot else shares

    def _total(self, buys: Iterable[tuple[float, float]]) -> float:
        return sum(shares * price for shares, price in buys) * (1 + self._fees)

    def _enter(self, bar: int, column: int, traded: tuple[float, float], order: Order) -> None:
        shares, price = traded
        amount = abs(shares * price)
        free = order.reason == DELISTED
        commission, slippage = (0.0, 0.0) if free else (amount * self._terms.commission, amount * self._terms.slippage)
        tax = amount * self._market.tax(bar, column) if shares < 0 and not free else 0.0
        self._cash -= shares * price + commission + slippage + tax
        held = self._held.get(column, 0.0) + shares
        self._hold(column, held, traded)
        self.records.append((bar, order.decided, column, order.reason, shares, price, commission, slippage, tax, held))

    def _hold(self, column: int, held: float, traded: tuple[float, float]) -> None:
        if held <= 0:
            del self._held[column], self._paid[column]
            return
        shares, price = traded
        if shares > 0:
            self._paid[column] = (self._paid.get(column, 0.0) * (held - shares) + shares * price) / held
        self._held[column] = held

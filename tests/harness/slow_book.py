"""A second opinion on the engine: one day and one symbol at a time, in exact fractions, written from the rules alone.

It exists so that what the engine does quickly is held against what it should do, with every rule switched on at once.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from pc.engine import Terms
from shared.market import Prices
from shared.strategies import Targets

TAX = [("2000-01-01", 30), ("2019-05-30", 25), ("2020-12-29", 23), ("2022-12-28", 20), ("2023-12-27", 18)]
NOTHING = Fraction(0)


def slow_equity(prices: Prices, wanted: Targets, terms: Terms) -> list[Fraction]:
    """What the account was worth at every close."""
    book, curve = SlowBook(prices, terms), []
    wishes = {int(row): [Fraction(w) for w in weights] for row, weights in zip(wanted.rows, wanted.weights, strict=True)}
    for day in range(len(prices.dates)):
        book.write_off(day)
        if terms.execution != "same_close":
            book.trade(day)
        book.mark(day)
        book.stop(day)
        if day in wishes:
            book.decide(day, wishes[day], wanted.rebalance)
        if terms.execution == "same_close":
            book.trade(day)
        curve.append(book.worth())
    return curve


class SlowBook:
    """Cash, holdings and orders of every symbol, listed by column."""

    def __init__(self, prices: Prices, terms: Terms) -> None:
        self.prices, self.terms, self.cash = prices, terms, Fraction(terms.capital)
        self.places = range(len(prices.symbols))
        self.held, self.orders, self.paid = ([NOTHING for _ in self.places] for _ in range(3))
        self.last: list[Fraction | None] = [None for _ in self.places]
        self.before: list[Fraction | None] = [None for _ in self.places]
        self.barred = [-1 for _ in self.places]
        self.previous: list[Fraction] | None = None
        self.floor, self.decided_at = NOTHING, -1
        self.rate = (Fraction(terms.commission_bps) + Fraction(terms.slippage_bps)) / 10_000

    def worth(self) -> Fraction:
        return self.cash + sum((h * m for h, m in zip(self.held, self.last, strict=True) if m is not None), NOTHING)

    def mark(self, day: int) -> None:
        for i in self.places:
            self.before[i] = self.last[i]
            if self.prices.close[day, i] > 0 and not self.gone(day, i):
                self.last[i] = Fraction(float(self.prices.close[day, i]))

    def stop(self, day: int) -> None:
        for i in self.places:
            mark = self.last[i]
            if not self.terms.stop_loss or not self.held[i] or mark is None or self.orders[i] <= -self.held[i]:
                continue
            if float(mark) <= float(self.paid[i]) * (1 - self.terms.stop_loss):
                self.orders[i] = -self.held[i]
                self.barred[i] = day + self.terms.cooldown_days

    def decide(self, day: int, wish: list[Fraction], always: bool) -> None:
        if wish == self.previous and not always:
            return
        self.previous, total = wish, self.worth()
        self.floor = Fraction(self.terms.cash_floor) * total
        for i in self.places:
            weight, mark = wish[i], self.last[i]
            if weight and self.barred[i] >= day:
                weight = NOTHING
            elif not weight and self.held[i] and self.terms.cooldown_days:
                self.barred[i] = day + self.terms.cooldown_days
            self.orders[i] = self.wanted(day, i, weight * total) if mark is not None and not self.gone(day, i) else NOTHING

    def wanted(self, day: int, i: int, worth: Fraction) -> Fraction:
        mark = self.last[i]
        assert mark is not None
        if self.terms.fee_mode == "cash" or not worth:
            return self.lots(worth / mark) - self.held[i]
        missing = worth - self.held[i] * mark
        if missing >= 0:
            return self.lots(missing / (mark * (1 + self.rate)))
        day = min(day + self.terms.lag, len(self.prices.dates) - 1)
        return -self.lots(-missing / (mark * (1 - self.rate - self.tax(day, i))))

    def lots(self, shares: Fraction) -> Fraction:
        return shares if self.terms.lot == 0 else Fraction(math.floor(shares / self.terms.lot) * self.terms.lot)

    def trade(self, day: int) -> None:
        self.sell(day)
        self.buy(day)

    def write_off(self, day: int) -> None:
        for i in self.places:
            mark = self.last[i]
            if self.gone(day, i) and self.held[i] and mark is not None:
                self.cash += self.held[i] * mark * (1 - Fraction(self.terms.delisting_loss))
                self.held[i] = self.orders[i] = NOTHING

    def gone(self, day: int, i: int) -> bool:
        last = self.prices.delisted.get(self.prices.symbols[i])
        return last is not None and self.prices.dates[day].astype(object) > last

    def price(self, day: int, i: int, buying: bool) -> Fraction:
        bar: dict[str, Any] = {name: getattr(self.prices, name)[day, i] for name in ("open", "high", "low", "close", "volume")}
        price = float(bar["open" if self.terms.execution == "next_open" else "close"])
        if self.gone(day, i) or any(value <= 0 for value in bar.values()) or not bar["close"] > 0 or not price > 0:
            return NOTHING
        before = self.before[i] if self.terms.execution == "same_close" else self.last[i]
        if self.terms.price_limits and before is not None:
            moved = price / float(before) - 1
            if (moved >= 0.3 - 0.005) if buying else (moved <= 0.005 - 0.3):
                return NOTHING
        return Fraction(price)

    def tax(self, day: int, i: int) -> Fraction:
        if not self.terms.sales_tax or self.prices.kinds.get(self.prices.symbols[i]) != "KOSPI":
            return NOTHING
        return Fraction([rate for begins, rate in TAX if str(self.prices.dates[day]) >= begins][-1], 10_000)

    def sell(self, day: int) -> None:
        for i in self.places:
            price = self.price(day, i, False)
            if self.orders[i] < 0 and price:
                self.cash += -self.orders[i] * price * (1 - self.rate - self.tax(day, i))
                self.held[i] += self.orders[i]
                self.orders[i] = NOTHING

    def buy(self, day: int) -> None:
        buys = {i: self.price(day, i, True) for i in self.places if self.orders[i] > 0 and self.price(day, i, True)}
        needed = sum((self.orders[i] * price * (1 + self.rate) for i, price in buys.items()), NOTHING)
        money, somebody_waits = max(self.cash - self.floor, NOTHING), any(order < 0 for order in self.orders)
        for i, price in buys.items():
            bought = self.orders[i] if needed <= money else self.lots(self.orders[i] * money / needed)
            self.cash -= bought * price * (1 + self.rate)
            if bought:
                self.paid[i] = (self.paid[i] * self.held[i] + bought * price) / (self.held[i] + bought)
            self.held[i] += bought
            self.orders[i] = self.orders[i] - bought if somebody_waits else NOTHING

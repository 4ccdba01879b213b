"""The audit of a run refuses fills that the market would not have given, whatever the book says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pc.engine import Terms, reconcile, simulate
from shared.errors import ResultWrong
from tests.harness.panels import panel, targets

RISING = panel([[100], [100], [131], [131], [131]], kinds={"A": "KOSPI"})
FALLING = panel([[100], [100], [69], [69], [69]], kinds={"A": "KOSPI"})
LAX = Terms(10_000)


def test_a_purchase_at_the_upper_limit_and_a_sale_at_the_lower_one_are_refused() -> None:
    bought = simulate(RISING, targets([1], [[1.0]]), LAX)
    sold = simulate(FALLING, targets([0, 1], [[1.0], [0.0]]), LAX)
    assert [fill["row"] for fill in bought.fills] == [2]
    assert [fill["row"] for fill in sold.fills] == [1, 2]
    for prices, got in ((RISING, bought), (FALLING, sold)):
        assert reconcile(prices, got, LAX)["reconciled"]
        with pytest.raises(ResultWrong, match="fills_on_tradable_bars"):
            reconcile(prices, got, replace(LAX, price_limits=True))


def test_the_limit_is_that_of_the_side() -> None:
    """Who sells into a rise and buys into a fall meets somebody."""
    strict = replace(LAX, price_limits=True)
    sold = simulate(RISING, targets([0, 1], [[1.0], [0.0]]), strict)
    bought = simulate(FALLING, targets([1], [[1.0]]), strict)
    assert [fill["row"] for fill in sold.fills] == [1, 2]
    assert [fill["row"] for fill in bought.fills] == [2]
    assert reconcile(RISING, sold, strict)["fills_on_tradable_bars"]
    assert reconcile(FALLING, bought, strict)["fills_on_tradable_bars"]


def test_a_sale_that_paid_no_tax_or_the_tax_of_another_market_is_refused() -> None:
    wanted = targets([0, 1], [[1.0], [0.0]])
    untaxed = simulate(FALLING, wanted, LAX)
    taxed = simulate(FALLING, wanted, replace(LAX, sales_tax=True))
    assert reconcile(FALLING, taxed, replace(LAX, sales_tax=True))["costs_as_agreed"]
    with pytest.raises(ResultWrong, match="costs_as_agreed"):
        reconcile(FALLING, untaxed, replace(LAX, sales_tax=True))
    with pytest.raises(ResultWrong, match="costs_as_agreed"):
        reconcile(replace(FALLING, kinds={"A": "ETF"}), taxed, replace(LAX, sales_tax=True))


def test_a_fill_after_the_end_of_its_listing_is_refused() -> None:
    flat = panel([[100]] * 5)
    got = simulate(flat, targets([2], [[1.0]]), LAX)
    assert [fill["row"] for fill in got.fills] == [3]
    with pytest.raises(ResultWrong, match="fills_on_tradable_bars"):
        reconcile(replace(flat, delisted={"A": date(2024, 1, 3)}), got, LAX)

"""The engine gives what the market would have given: by hand, and against a slow second opinion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pc.engine import Terms, accepted, reconcile, simulate
from shared.errors import ResultWrong, StrategyFailed
from shared.market import Prices
from shared.strategies import Targets
from tests.harness.panels import NAN, fills, panel, targets
from tests.harness.slow_book import slow_equity


def test_a_decision_is_filled_at_the_next_open_and_cut_to_the_cash_there_is() -> None:
    prices = panel([[10], [12], [13]], open_=[[9], [11], [12]])
    got = simulate(prices, targets([0], [[1.0]]), Terms(1_000))
    # 1,000 / 10 = 100 wanted; the open of 11 makes them cost 1,100, so 90 for 990.
    assert fills(got) == [(1, 0, 90.0, 11.0)]
    assert got.cash.tolist() == [1_000, 10, 10]
    assert got.equity.tolist() == [1_000, 90 * 12 + 10, 90 * 13 + 10]


def test_commission_and_slippage_are_paid_from_cash_and_the_price_stays_the_bars() -> None:
    prices = panel([[10], [12]], open_=[[9], [11]])
    got = simulate(prices, targets([0], [[1.0]]), Terms(1_000, commission_bps=100, slippage_bps=200))
    # 100 × 11 × 1.03 = 1,133; 1,000 / 1,133 × 100 = 88.26 → 88 for 968 + 9.68 + 19.36.
    (fill,) = got.fills
    assert (fill["shares"], fill["price"], fill["held"]) == (88, 11, 88)
    assert fill["commission"] == pytest.approx(9.68)
    assert fill["slippage"] == pytest.approx(19.36)
    assert got.cash[-1] == pytest.approx(1_000 - 968 - 9.68 - 19.36)


def test_next_close_and_same_close_fill_at_those_closes() -> None:
    prices = panel([[10], [20], [40]], open_=[[9], [11], [12]])
    wanted = targets([0, 1], [[0.5], [0.0]])
    assert fills(simulate(prices, wanted, Terms(1_000, execution="next_close"))) == [(1, 0, 50.0, 20.0), (2, 0, -50.0, 40.0)]
    assert fills(simulate(prices, wanted, Terms(1_000, execution="same_close"))) == [(0, 0, 50.0, 10.0), (1, 0, -50.0, 20.0)]


def test_the_same_wish_repeated_every_day_trades_once() -> None:
    prices = panel([[10], [20], [5], [7]])
    got = simulate(prices, targets([0, 1, 2, 3], [[0.5]] * 4), Terms(1_000))
    assert len(got.fills) == 1


def test_a_decision_on_the_last_day_is_never_filled() -> None:
    got = simulate(panel([[10], [10]]), targets([1], [[1.0]]), Terms(1_000))
    assert not len(got.fills)
    assert got.waiting == 1


def test_sales_come_before_buys_on_the_same_bar() -> None:
    prices = panel([[10, 10]] * 4)
    got = simulate(prices, targets([0, 1], [[0.0, 1.0], [1.0, 0.0]]), Terms(1_000))
    assert fills(got) == [(1, 1, 100.0, 10.0), (2, 1, -100.0, 10.0), (2, 0, 100.0, 10.0)]


def test_a_bar_without_volume_or_price_is_never_a_fill_and_the_order_waits() -> None:
    prices = panel([[10], [10], [10], [10], [10]], open_=[[10], [10], [0], [NAN], [10]], volume=[[1], [0], [1], [1], [1]])
    assert fills(simulate(prices, targets([0], [[1.0]]), Terms(1_000))) == [(4, 0, 100.0, 10.0)]


def test_a_newer_decision_replaces_an_order_that_waits() -> None:
    prices = panel([[10]] * 4, volume=[[1], [0], [1], [1]])
    assert fills(simulate(prices, targets([0, 1], [[1.0], [0.5]]), Terms(1_000))) == [(2, 0, 50.0, 10.0)]


def test_a_buy_waits_for_the_money_of_a_halted_sale() -> None:
    prices = panel([[10, 10]] * 6, volume=[[1, 1], [1, 1], [0, 1], [0, 1], [1, 1], [1, 1]])
    got = simulate(prices, targets([0, 1], [[1.0, 0.0], [0.0, 1.0]]), Terms(1_000))
    assert fills(got) == [(1, 0, 100.0, 10.0), (4, 0, -100.0, 10.0), (4, 1, 100.0, 10.0)]


def test_a_holding_without_a_price_is_worth_its_last_close() -> None:
    got = simulate(panel([[10], [10], [NAN], [0]]), targets([0], [[1.0]]), Terms(1_000))
    assert got.equity.tolist() == [1_000] * 4
    assert got.warnings(panel([[10], [10], [NAN], [0]])) == [
        "1 held symbol(s) without a price at the end, valued at their last one"
    ]


def test_a_wish_for_a_symbol_without_any_price_stays_cash_and_is_told() -> None:
    prices = panel([[10, NAN], [10, 5], [10, 5]])
    got = simulate(prices, targets([0], [[0.5, 0.5]]), Terms(1_000))
    assert fills(got) == [(1, 0, 50.0, 10.0)]
    assert got.warnings(prices) == ["1 decision(s) for symbols that had no price yet stayed cash"]


def test_shares_come_in_lots_and_lot_0_means_any_fraction() -> None:
    prices = panel([[30], [30]])
    assert fills(simulate(prices, targets([0], [[1.0]]), Terms(1_000, lot=10)))[0][2] == 30
    assert fills(simulate(prices, targets([0], [[1.0]]), Terms(1_000, lot=0)))[0][2] == pytest.approx(1_000 / 30)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Prices, Targets, Terms]:
    days, width = draw(st.integers(2, 9)), draw(st.integers(1, 3))
    price = st.one_of(st.integers(5, 60).map(float), st.integers(36, 44).map(float), st.sampled_from([NAN, 0.0]))
    grid = st.lists(st.lists(price, min_size=width, max_size=width), min_size=days, max_size=days)
    crowd = st.sampled_from([0.0, 1.0, 1.0, 5.0, NAN])
    volume = draw(st.lists(st.lists(crowd, min_size=width, max_size=width), min_size=days, max_size=days))
    rows = sorted(draw(st.sets(st.integers(0, days - 1), min_size=1)))
    eighth = st.integers(0, 8 // width).map(lambda n: n / 8)
    weights = [draw(st.lists(eighth, min_size=width, max_size=width)) for _ in rows]
    terms = Terms(
        capital=draw(st.integers(100, 10_000)),
        commission_bps=draw(st.sampled_from([0.0, 3.0, 50.0])),
        slippage_bps=draw(st.sampled_from([0.0, 5.0, 100.0])),
        fee_mode=draw(st.sampled_from(["cash", "embedded"])),
        sales_tax=draw(st.booleans()),
        lot=draw(st.sampled_from([0, 1, 10])),
        execution=draw(st.sampled_from(["next_open", "next_close", "same_close"])),
        price_limits=draw(st.booleans()),
        stop_loss=draw(st.sampled_from([None, None, 0.1, 0.5])),
        cooldown_days=draw(st.sampled_from([0, 0, 1, 3])),
        cash_floor=draw(st.sampled_from([0.0, 0.25])),
        delisting_loss=draw(st.sampled_from([0.0, 0.5])),
    )
    prices = replace(panel(draw(grid), draw(grid), volume), kinds=dict(zip("ABC", ("KOSPI", "ETF", "KOSPI"), strict=True)))
    dies = draw(st.one_of(st.none(), st.integers(0, days - 1)))
    prices = prices if dies is None else replace(prices, delisted={"A": prices.dates[dies].astype(object)})
    return prices, replace(targets(rows, weights), rebalance=draw(st.booleans())), terms


@settings(max_examples=600, deadline=None)
@given(cases())
def test_the_engine_agrees_with_a_slow_second_opinion_on_any_panel(case: tuple[Prices, Targets, Terms]) -> None:
    prices, wanted, terms = case
    got = simulate(prices, wanted, terms)
    assert got.equity.tolist() == pytest.approx([float(value) for value in slow_equity(*case)], rel=1e-9)
    assert got.cash.min() >= -1e-6
    assert reconcile(prices, got, terms)["reconciled"]


@settings(max_examples=150, deadline=None)
@given(cases(), st.integers(0, 7))
def test_prices_of_tomorrow_never_change_the_equity_of_today(case: tuple[Prices, Targets, Terms], day: int) -> None:
    prices, wanted, terms = case
    later = {name: getattr(prices, name).copy() for name in ("open", "high", "low", "close", "volume")}
    for array in later.values():
        array[day + 1 :] = array[day + 1 :] * 3 + 7
    before, after = simulate(prices, wanted, terms), simulate(replace(prices, **later), wanted, terms)
    assert before.equity[: day + 1].tolist() == after.equity[: day + 1].tolist()


def test_books_that_do_not_add_up_are_never_published() -> None:
    prices, terms = panel([[10], [11], [12]]), Terms(1_000, 3, 5)
    got = simulate(prices, targets([0], [[1.0]]), terms)
    assert reconcile(prices, got, terms)["largest_difference_won"] < 1e-6
    dearer = got.fills.copy()
    dearer["price"] += 1
    wrong = [
        replace(got, invested=got.invested + np.array([0, 0, 0.6])),
        replace(got, cash=got.cash - 0.6),
        replace(got, invested=got.invested + 1),
        replace(got, fills=got.fills[:0]),
        replace(got, fills=dearer),
        replace(got, cash=got.cash * NAN),
    ]
    for one in wrong:
        with pytest.raises(ResultWrong, match="not true"):
            reconcile(prices, one, terms)


@pytest.mark.parametrize(
    ("rows", "weights", "found"),
    [
        ([0, 0], [[1.0], [1.0]], "do not ascend"),
        ([3], [[1.0]], "do not ascend within 0 to 2"),
        ([-1], [[1.0]], "do not ascend"),
        ([0.5], [[1.0]], "not a list of row numbers"),
        ([0], [[NAN]], "not finite"),
        ([0], [[-0.1]], "weights from -0.1"),
        ([0], [[1.01]], "adding up to 1.01"),
        ([0], [[0.5, 0.5]], r"weights of shape \(1, 2\)"),
        ([0], [["much"]], "not numbers"),
    ],
)
def test_targets_that_are_none_are_refused_with_what_was_found(rows: list[float], weights: list[list[float]], found: str) -> None:
    with pytest.raises(StrategyFailed, match=found):
        accepted(Targets(np.array(rows), np.array(weights)), (3, 1), 0)

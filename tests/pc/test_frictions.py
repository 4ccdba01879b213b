"""What stands between a wish and its worth: tax, limits, halts, the end of a listing, stops, caps; each worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from pc.engine import Terms, reconcile, simulate, tempered
from pc.engine.market import Market
from shared.errors import SettingInvalid
from shared.market.rules import RULES, kind_of, sales_tax_bps
from tests.harness.panels import NAN, fills, panel, reasons, targets

SHARE = {"A": "KOSPI"}
IN_AND_OUT = targets([0, 1], [[1.0], [0.0]])
FLAT = [[100.0]] * 4


# ---- the tax on sales ----


def test_a_sale_pays_the_tax_of_its_market_and_a_purchase_pays_none() -> None:
    prices = panel(FLAT, kinds=SHARE)  # January 2024: 18 bps
    got = simulate(prices, IN_AND_OUT, Terms(1_000_000, sales_tax=True))
    assert got.fills["tax"].tolist() == pytest.approx([0.0, 1_000_000 * 0.0018])
    assert got.cash[-1] == pytest.approx(1_000_000 - 1_800)


@pytest.mark.parametrize("kind", ["ETF", "INDEX", "FOREIGN"])
def test_what_the_law_exempts_pays_no_tax(kind: str) -> None:
    got = simulate(panel(FLAT, kinds={"A": kind}), IN_AND_OUT, Terms(1_000_000, sales_tax=True))
    assert got.fills["tax"].tolist() == [0.0, 0.0]


def test_the_tax_is_that_of_the_day_of_the_trade() -> None:
    """The cut of 2025-01-01 was first paid on 2024-12-27, whose trades were settled on 2025-01-02."""
    for first, bps in (("2024-12-25", 18), ("2024-12-26", 15), ("2019-05-29", 25), ("2019-05-28", 30), ("2026-06-01", 20)):
        sold = simulate(
            panel([[100.0]] * 2, first=first, kinds=SHARE), IN_AND_OUT, Terms(10_000, sales_tax=True, execution="same_close")
        )
        assert sold.fills["tax"][-1] == pytest.approx(10_000 * bps / 10_000), first


def test_a_korean_code_nobody_said_more_of_is_taxed_like_a_share() -> None:
    prices = replace(panel([[100.0, 100.0]] * 2), symbols=("0000Y0", "SPY"))
    market = Market(prices, Terms(1, sales_tax=True))
    assert [kind_of(prices, "0000Y0"), kind_of(prices, "SPY")] == ["KOSPI", "FOREIGN"]
    assert [market.tax(1, 0), market.tax(1, 1)] == [0.0018, 0.0]


@pytest.mark.parametrize("text", ["a: 1", "sales_tax_bps: 3", "sales_tax_bps: [{from: 5, KOSPI: 1}]", "sales_tax_bps: []"])
def test_a_table_of_rates_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingInvalid, match="rules.yaml.*sales_tax_bps"):
        sales_tax_bps(tmp_path / "rules.yaml")


def test_days_of_a_table_that_do_not_ascend_are_refused(tmp_path: Path) -> None:
    lines = "sales_tax_bps: [{from: 2020-01-02, KOSPI: 1}, {from: 2020-01-01, KOSPI: 2}]"
    (tmp_path / "rules.yaml").write_text(lines, encoding="utf-8")
    with pytest.raises(SettingInvalid, match="do not ascend"):
        sales_tax_bps(tmp_path / "rules.yaml")
    with pytest.raises(SettingInvalid, match="nowhere.yaml"):
        sales_tax_bps(tmp_path / "nowhere.yaml")
    assert sales_tax_bps(RULES)[0][0] == date(2000, 1, 1)


# ---- limits, halts, the end of a listing ----


@pytest.mark.parametrize(("first", "limit"), [("2024-01-01", 0.3), ("2015-06-01", 0.15)])
def test_nobody_buys_at_the_upper_limit_or_sells_at_the_lower_one(first: str, limit: float) -> None:
    up, down = 100 * (1 + limit), 100 * (1 - limit)
    terms = Terms(1_000, execution="next_close", price_limits=True)
    bought = simulate(panel([[100], [up], [up + 5]], first=first, kinds=SHARE), targets([0], [[1.0]]), terms)
    assert [fill[0] for fill in fills(bought)] == [2]
    falling = panel([[100], [100], [down], [down - 5]], first=first, kinds=SHARE)
    assert [fill[0] for fill in fills(simulate(falling, targets([0, 1], [[1.0], [0.0]]), terms))] == [1, 3]
    # The other side is served: who wants to sell at the upper limit finds buyers.
    rising = panel([[100], [100], [up]], first=first, kinds=SHARE)
    assert [fill[0] for fill in fills(simulate(rising, targets([0, 1], [[1.0], [0.0]]), terms))] == [1, 2]


def test_a_fund_that_moves_twice_the_market_has_twice_the_limit_and_an_index_none() -> None:
    jump = [[100.0], [140.0]]
    terms = Terms(1_000, execution="next_close", price_limits=True)
    names = {"A": "KODEX 레버리지"}
    assert len(simulate(panel(jump, kinds={"A": "ETF"}, names=names), targets([0], [[1.0]]), terms).fills) == 1
    assert len(simulate(panel(jump, kinds={"A": "ETF"}), targets([0], [[1.0]]), terms).fills) == 0
    assert len(simulate(panel(jump, kinds={"A": "INDEX"}), targets([0], [[1.0]]), terms).fills) == 1
    assert len(simulate(panel(jump, kinds={"A": "ETF"}), targets([0], [[1.0]]), replace(terms, price_limits=False)).fills) == 1


def test_a_carried_close_without_a_bar_is_no_trade() -> None:
    edges = np.array([[100.0], [0], [0], [100]])
    prices = replace(panel([[100]] * 4, edges.tolist(), volume=[[9], [0], [0], [9]]), high=edges, low=edges)
    for execution in ("next_open", "next_close"):
        assert [fill[0] for fill in fills(simulate(prices, targets([0], [[1.0]]), Terms(1_000, execution=execution)))] == [3]


def test_a_listing_that_ends_pays_its_last_close_out_less_the_loss_that_was_named() -> None:
    prices = panel([[100, 100], [110, 100], [NAN, 100], [NAN, 100]], delisted={"A": date(2024, 1, 2)})
    for loss, price in ((0.0, 110.0), (0.4, 66.0)):
        terms = Terms(1_000, commission_bps=10, delisting_loss=loss)
        got = simulate(prices, targets([0], [[0.5, 0.0]]), terms)
        assert reasons(got) == ["target", "delisted"]
        assert fills(got)[-1][:3] == (2, 0, -5.0)
        assert fills(got)[-1][3] == pytest.approx(price)
        assert got.fills[-1]["commission"] == 0
        assert reconcile(prices, got, terms)["reconciled"]


def test_a_symbol_without_a_bar_for_a_month_is_taken_for_gone_and_one_missing_for_days_is_not() -> None:
    month = [[100.0, 100.0]] * 3 + [[NAN, 100.0]] * 25
    assert reasons(simulate(panel(month), targets([0], [[0.5, 0.0]]), Terms(1_000))) == ["target", "delisted"]
    days = [[100.0, 100.0]] * 23 + [[NAN, 100.0]] * 5
    assert reasons(simulate(panel(days), targets([0], [[0.5, 0.0]]), Terms(1_000))) == ["target"]


def test_the_money_of_a_listing_that_ended_is_spent_by_the_next_decision() -> None:
    prices = panel([[100.0, 100.0]] * 2 + [[NAN, 100.0]] * 4, delisted={"A": date(2024, 1, 2)})
    got = simulate(prices, targets([0, 3], [[1.0, 0.0], [0.0, 1.0]]), Terms(1_000))
    assert fills(got) == [(1, 0, 10.0, 100.0), (2, 0, -10.0, 100.0), (4, 1, 10.0, 100.0)]


# ---- stops and cooldown ----


def test_a_stop_is_told_by_the_close_and_filled_at_the_next_open() -> None:
    prices = panel([[100], [100], [91], [90], [95]], open_=[[100], [100], [80], [85], [89]])
    got = simulate(prices, targets([0], [[1.0]]), Terms(1_000, stop_loss=0.1))
    assert fills(got) == [(1, 0, 10.0, 100.0), (4, 0, -10.0, 89.0)]  # the open of 80 was no close
    assert reasons(got) == ["target", "stop"]
    assert got.fills["decided"].tolist() == [0, 3]


def test_what_was_stopped_is_not_bought_back_by_a_wish_that_was_there_before() -> None:
    prices = panel([[100], [100], [80], [80], [120], [120], [120]])
    every = targets(list(range(7)), [[1.0]] * 7)
    assert len(simulate(prices, every, Terms(1_000, stop_loss=0.1)).fills) == 2
    again = replace(every, rebalance=True)  # but by a strategy that says: every day anew
    assert [one[0] for one in fills(simulate(prices, again, Terms(1_000, stop_loss=0.1)))] == [1, 3, 4]
    rested = simulate(prices, again, Terms(1_000, stop_loss=0.1, cooldown_days=2))
    assert [one[0] for one in fills(rested)] == [1, 3, 6]  # stopped at row 2: wanted again at row 5, filled at 6


def test_a_stop_on_the_day_of_a_decision_is_still_called_one() -> None:
    prices = panel([[100], [100], [80], [80], [80]])
    for again in ([[1.0], [1.0]], [[1.0], [0.5]]):
        got = simulate(prices, targets([0, 2], again, rebalance=True), Terms(1_000, stop_loss=0.1))
        assert (reasons(got), got.fills["decided"].tolist()) == (["target", "stop"], [0, 2])


def test_a_stop_that_finds_no_bar_waits_for_one() -> None:
    prices = panel([[100], [100], [80], [80], [80]], volume=[[1], [1], [1], [0], [1]])
    got = simulate(prices, targets([0], [[1.0]]), Terms(1_000, stop_loss=0.1))
    assert [(one[0], reason) for one, reason in zip(fills(got), reasons(got), strict=True)] == [(1, "target"), (4, "stop")]


def test_the_stop_follows_what_a_share_cost_on_average() -> None:
    prices = panel([[100], [100], [200], [200], [134], [134]])
    got = simulate(prices, targets([0, 2], [[0.5], [0.75]]), Terms(1_000, lot=0, stop_loss=0.1))
    # 5 at 100, then 0.625 more at 200: 111.1 each on average. 134 stays above 100.
    assert reasons(got) == ["target", "target"]
    assert reasons(simulate(prices, targets([0, 2], [[0.25], [1.0]]), Terms(1_000, lot=0, stop_loss=0.1)))[-1] == "stop"


def test_a_symbol_that_was_left_is_not_wanted_again_during_the_cooldown() -> None:
    prices = panel([[100]] * 6)
    flips = targets([0, 1, 2, 4], [[1.0], [0.0], [1.0], [1.0]], rebalance=True)
    assert [one[0] for one in fills(simulate(prices, flips, Terms(1_000)))] == [1, 2, 3]
    assert [one[0] for one in fills(simulate(prices, flips, Terms(1_000, cooldown_days=2)))] == [1, 2, 5]


# ---- money ----


def test_the_fee_mode_says_whether_costs_come_on_top_or_out_of_the_amount() -> None:
    prices = panel([[100], [100], [100], [100]])
    terms = Terms(10_000, commission_bps=100, lot=0, execution="same_close")
    wishes = targets([0, 1, 2], [[0.5], [0.25], [0.0]])
    from_cash = simulate(prices, wishes, terms)
    assert from_cash.fills["shares"][0] == pytest.approx(50)
    embedded = simulate(prices, wishes, replace(terms, fee_mode="embedded"))
    bought = 5_000 / (100 * 1.01)
    assert embedded.fills["shares"][0] == pytest.approx(bought)
    equity = 5_000 + bought * 100
    assert embedded.fills["shares"][1] == pytest.approx(-(bought * 100 - 0.25 * equity) / (100 * 0.99))
    assert embedded.held == {}


def test_orders_can_be_counted_out_at_the_prices_they_are_filled_at() -> None:
    prices = panel([[100], [100], [100]], open_=[[100], [125], [100]])
    assert fills(simulate(prices, targets([0], [[0.5]]), Terms(1_000))) == [(1, 0, 5.0, 125.0)]
    assert fills(simulate(prices, targets([0], [[0.5]]), Terms(1_000, size_at="fill"))) == [(1, 0, 4.0, 125.0)]


def test_a_floor_of_cash_is_never_spent_whatever_the_next_open_costs() -> None:
    prices = panel([[100], [100]], open_=[[100], [150]])
    terms = Terms(1_000, cash_floor=0.2)
    got = simulate(prices, tempered(targets([0], [[1.0]]), prices, terms), terms)
    assert fills(got) == [(1, 0, 5.0, 150.0)]
    assert got.cash[-1] == 250


def test_a_cap_cuts_one_symbol_and_leaves_the_rest_cash() -> None:
    prices = panel([[100, 100]] * 2)
    cut = tempered(targets([0], [[0.7, 0.2]]), prices, Terms(1, position_cap=0.25))
    assert cut.weights.tolist() == [[0.25, 0.2]]


def test_a_target_of_volatility_makes_everything_smaller_and_nothing_larger() -> None:
    moves = np.array([0.01, -0.01] * 5)
    close = 100 * np.cumprod(np.concatenate([[1.0], 1 + moves]))
    prices = panel(np.column_stack([close, close]).tolist())
    yearly = np.std(moves, ddof=1) * np.sqrt(252)
    wished = targets([5, 10], [[0.5, 0.5], [0.5, 0.5]])
    cut = tempered(wished, prices, Terms(1, volatility_target=yearly / 2, volatility_days=10))
    assert cut.weights.tolist() == [[0.5, 0.5], pytest.approx([0.25, 0.25])]  # too few sessions at row 5
    assert (
        tempered(wished, prices, Terms(1, volatility_target=yearly * 2, volatility_days=10)).weights.tolist()
        == wished.weights.tolist()
    )


def test_a_target_of_volatility_never_looks_past_its_decision() -> None:
    rng = np.random.RandomState(5)
    close = 100 * np.exp(np.cumsum(0.02 * rng.standard_normal((40, 3)), axis=0))
    prices, terms = panel(close.tolist()), Terms(1, volatility_target=0.1, volatility_days=10)
    wished = targets([15, 25], [[0.3, 0.3, 0.4]] * 2)
    whole, cut = (tempered(wished, one, terms).weights for one in (prices, prices.until(26)))
    assert whole.tolist() == cut.tolist()


def test_a_rebalance_brings_every_holding_back_to_its_weight() -> None:
    prices = panel([[100, 100], [100, 100], [200, 100], [200, 100]])
    same = targets([0, 2], [[0.5, 0.5], [0.5, 0.5]])
    assert len(simulate(prices, same, Terms(1_000)).fills) == 2
    assert fills(simulate(prices, replace(same, rebalance=True), Terms(1_000)))[2:] == [(3, 0, -2.0, 200.0), (3, 1, 2.0, 100.0)]

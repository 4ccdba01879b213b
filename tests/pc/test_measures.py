"""Every measure is its formula, worked out by hand on a few days."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from datetime import date
from statistics import mean, stdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pc.engine import Span, Terms, daily_returns, measure, simulate
from shared.config import HOME
from shared.krx_calendar import shipped_calendar
from tests.harness.books import days_from, measured
from tests.harness.panels import panel, targets

FOUR = [100.0, 110.0, 99.0, 120.0]
RETURNS = [0.0, 0.1, -0.1, 120 / 99 - 1]
curves = st.lists(st.floats(0.5, 2.0), min_size=1, max_size=60).map(lambda steps: (100 * np.cumprod(steps)).tolist())


def walk(count: int, seed: int = 7) -> list[float]:
    """Days of a market."""
    steps = np.random.default_rng(seed).normal(0.0005, 0.01, count)
    return (100 * np.cumprod(1 + steps)).tolist()


def test_growth_a_year_is_counted_by_the_calendar_and_the_old_way_beside_it() -> None:
    days = np.array(["2020-01-02", "2021-07-01", "2022-01-01"], dtype="datetime64[D]")
    found = measured([100.0, 100.0, 121.0], dates=days)
    assert found["calendar_days"] == 731  # two years of 365, one of them of 366 days
    assert found["Final_Return"] == pytest.approx(0.21, rel=1e-15)
    assert found["CAGR"] == pytest.approx(1.21 ** (365.25 / 731) - 1, rel=1e-15)
    assert found["CAGR_like"] == pytest.approx(1.21 ** (252 / 3) - 1, rel=1e-15)


def test_a_year_has_as_many_sessions_as_it_had() -> None:
    year = days_from("2023-01-02", 248)
    found = measured(walk(248), dates=np.append(year[:-1], np.datetime64("2023-12-28")))
    assert found["sessions_per_year"] == 248 * 365.25 / 361
    assert measured(walk(248)[:120])["sessions_per_year"] == 245  # Korea's mean: half a year tells none


def test_spread_and_ratios_are_their_formulas() -> None:
    found = measured(FOUR)
    assert daily_returns(np.array(FOUR) / 100).tolist() == pytest.approx(RETURNS)
    assert found["volatility"] == pytest.approx(stdev(RETURNS) * math.sqrt(245), rel=1e-14)
    assert found["Sharpe"] == pytest.approx(mean(RETURNS) / stdev(RETURNS) * math.sqrt(245), rel=1e-14)
    assert found["Sortino"] == pytest.approx(mean(RETURNS) / math.sqrt(0.1**2 / 4) * math.sqrt(245), rel=1e-14)
    assert found["MDD"] == pytest.approx(-0.1)
    assert found["Calmar"] == pytest.approx((1.2 ** (365.25 / 4) - 1) / 0.1)


def test_the_first_days_loss_counts_from_the_capital() -> None:
    found = measured([90.0, 95.0])
    assert daily_returns(np.array([0.9, 0.95])).tolist() == pytest.approx([-0.1, 0.95 / 0.9 - 1])
    assert found["MDD"] == pytest.approx(-0.1)
    assert (found["drawdown"]["start"], found["drawdown"]["trough"]) == ("2024-01-01", "2024-01-01")
    assert found["drawdown"]["sessions"] == 2


def test_the_worst_day_in_twenty_and_the_mean_of_such_days() -> None:
    returns = [0.01 * place for place in range(-10, 31)]  # 41 days: the 5 % quantile is the third lowest
    equity = (100 * np.cumprod(1 + np.array(returns))).tolist()
    found = measured(equity)
    assert found["VaR_95"] == pytest.approx(-0.08)
    assert found["ES_95"] == pytest.approx(-0.09)
    between = measured(equity[:-1])  # 40 days: 1.95 of the way from the lowest
    assert between["VaR_95"] == pytest.approx(-0.10 + 0.0195)
    assert between["ES_95"] == pytest.approx(-0.095)


def test_a_fall_has_its_height_its_trough_and_the_day_it_was_over() -> None:
    found = measured([100, 120, 90, 108, 120, 118, 121, 110, 115], first="2024-01-01")
    assert found["drawdown"] == {
        "depth": -0.25,
        "start": "2024-01-02",
        "trough": "2024-01-03",
        "recovery": "2024-01-05",
        "days": 3,
        "days_down": 1,
        "sessions": 3,
    }
    assert [(fall["start"], fall["recovery"]) for fall in found["drawdowns"]] == [
        ("2024-01-02", "2024-01-05"),
        ("2024-01-09", None),
        ("2024-01-05", "2024-01-09"),
    ]
    assert found["reasons"]["drawdowns.recovery"] == "still running"
    assert "drawdown.recovery" not in found["reasons"]


def test_a_fall_that_is_still_running_is_not_over_and_says_since_when() -> None:
    found = measured([100, 120, 90, 119.99])
    fall = found["drawdown"]
    assert (fall["start"], fall["trough"], fall["recovery"]) == ("2024-01-02", "2024-01-03", None)
    assert (fall["days"], fall["sessions"]) == (2, 2)
    assert found["reasons"]["drawdown.recovery"] == "still running"


def test_the_table_holds_the_ten_deepest_falls_in_their_order() -> None:
    equity = [level for depth in (5, 9, 1, 7, 3, 12, 2, 8, 4, 6, 11, 10) for level in (100.0, 100.0 - depth)]
    depths = [round(fall["depth"], 9) for fall in measured([*equity, 100.0])["drawdowns"]]
    assert depths == [-0.12, -0.11, -0.1, -0.09, -0.08, -0.07, -0.06, -0.05, -0.04, -0.03]


def test_months_and_years_add_up_and_a_part_of_one_is_marked() -> None:
    days = np.array(["2023-12-28", "2024-01-02", "2024-01-31", "2024-02-01"], dtype="datetime64[D]")
    found = measured([102.0, 102.0, 110.16, 99.144], dates=days, around=np.array(["2023-12-27", "2024-02-02"], "datetime64[D]"))
    assert found["monthly_returns"] == [
        {"month": "2023-12", "return": pytest.approx(0.02), "partial": True},
        {"month": "2024-01", "return": pytest.approx(0.08), "partial": False},
        {"month": "2024-02", "return": pytest.approx(-0.1), "partial": True},
    ]
    assert [(row["year"], row["partial"]) for row in found["yearly_returns"]] == [("2023", True), ("2024", True)]
    assert found["yearly_returns"][1]["return"] == pytest.approx(0.99144 / 1.02 - 1)


def test_a_month_whose_trading_days_are_all_there_is_whole() -> None:
    """The first session of 2024 was 2 January, the last 30 December: the weekdays around them are holidays."""
    year = np.array(["2024-01-02", "2024-06-03", "2024-12-30"], dtype="datetime64[D]")
    found = measured([100, 101, 102], dates=year)
    assert not any(row["partial"] for row in found["monthly_returns"] + found["yearly_returns"])
    for part in (["2024-01-03", "2024-12-30"], ["2024-01-02", "2024-12-27"]):
        found = measured([100, 101], dates=np.array(part, dtype="datetime64[D]"))
        assert found["yearly_returns"] == [{"year": "2024", "return": pytest.approx(0.01), "partial": True}]


def test_where_the_calendar_does_not_reach_weekdays_tell_what_is_whole() -> None:
    for days, partial in ((["2040-10-01", "2040-10-31"], False), (["2040-10-02", "2040-10-31"], True)):
        found = measured([100, 101], dates=np.array(days, dtype="datetime64[D]"))
        assert found["monthly_returns"][0]["partial"] is partial


def test_a_year_of_no_length_of_its_own_is_koreas_mean_year() -> None:
    calendar = shipped_calendar()
    years = [len(calendar.sessions(date(year, 1, 1), date(year, 12, 31))) for year in range(2016, 2026)]
    assert round(mean(years)) == measured([100.0])["sessions_per_year"] == 245


def test_what_was_invested_exchanged_and_paid() -> None:
    fills = [(1, 0, 5.0, 10.0, 0.5), (2, 0, -5.0, 12.0, 0.25)]
    found = measured([100.0, 99.5, 109.25, 109.25], cash=[100.0, 49.5, 109.25, 109.25], fills=fills)
    assert found["exposure"] == pytest.approx(50 / 99.5 / 4)
    assert found["days_invested"] == 0.25
    average = (100 + 99.5 + 109.25 * 2) / 4
    assert found["turnover"] == pytest.approx((50 + 60) / 2 / average * 245 / 4)
    assert found["costs"] == {"commission": 0.75, "slippage": 0.0, "tax": 0.0, "total": 0.75}
    assert found["gross_return"] == pytest.approx(0.10)
    assert found["cost_drag"] == pytest.approx(found["gross_return"] - found["Final_Return"])


def test_every_kind_of_cost_is_counted_and_in_the_gain_of_its_trade() -> None:
    """On the real road: bought and sold by the engine, with the tax on sales."""
    prices = panel([[10], [10], [20], [16]], kinds={"A": "KOSPI"})
    terms = Terms(1_000, 10, 20, sales_tax=True)
    got = simulate(prices, targets([0, 2], [[1.0], [0.0]]), terms)
    found = measure(got, Span(prices.dates, prices.symbols, 0, terms.capital))
    # 99 shares at 10 cost 990 + 2.97; sold at 16 they bring 1,584 - 4.752 and the tax of 2024, 0.18 %.
    tax = 1_584 * 0.0018
    final = 1_000 - 990 - 2.97 + 1_584 - 4.752 - tax
    assert found["costs"] == pytest.approx({"commission": 2.574, "slippage": 5.148, "tax": tax, "total": 7.722 + tax})
    assert found["final_equity"] == pytest.approx(final)
    assert found["best_trade"]["gain"] == found["realised"] == pytest.approx(final - 1_000)
    assert found["gross_return"] == pytest.approx((1_584 - 990) / 1_000)
    equity = [1_000, 1_000 - 2.97, 7.03 + 99 * 20, final]
    assert found["MDD"] == pytest.approx(min(final / equity[2], equity[1] / 1_000) - 1)
    assert found["turnover"] == pytest.approx((990 + 1_584) / 2 / mean(equity) * 245 / 4)


def test_history_before_the_period_is_not_measured() -> None:
    found = measured([50.0, 70.0, 100.0, 110.0], row=2)
    assert found["Final_Return"] == pytest.approx(0.1)
    assert found["calendar_days"] == 2
    assert found["MDD"] == 0.0


def test_the_interval_of_sharpe_holds_it_is_narrower_with_more_days_and_always_the_same() -> None:
    short, long = measured(walk(250)), measured(walk(2_500))
    for found in (short, long):
        assert found["Sharpe_interval"]["low"] < found["Sharpe"] < found["Sharpe_interval"]["high"]
    widths = [one["Sharpe_interval"]["high"] - one["Sharpe_interval"]["low"] for one in (short, long)]
    assert widths[0] > 2 * widths[1]
    assert (short["Sharpe_interval"]["block"], long["Sharpe_interval"]["block"]) == (7, 14)
    assert json.dumps(measured(walk(250))) == json.dumps(short)


def test_the_interval_is_as_wide_as_theory_says_for_independent_days() -> None:
    """Lo (2002): the standard error of a yearly Sharpe ratio of n independent days is sqrt((1 + s² / 2) / n · days a year)."""
    markets = [measured(walk(2_500, seed)) for seed in range(12)]
    widths = [found["Sharpe_interval"]["high"] - found["Sharpe_interval"]["low"] for found in markets]
    assert mean(widths) == pytest.approx(2 * 1.96 * math.sqrt(markets[0]["sessions_per_year"] / 2_500), rel=0.05)


def test_days_that_follow_each_other_make_the_interval_wider() -> None:
    """Blocks keep neighbours together: ten equal days say as much as one."""
    steps = np.repeat(np.random.default_rng(3).normal(0.0005, 0.01, 250), 10)
    same, apart = ((100 * np.cumprod(1 + one)).tolist() for one in (steps, np.random.default_rng(4).permutation(steps)))
    widths = [found["high"] - found["low"] for found in (measured(one)["Sharpe_interval"] for one in (same, apart))]
    assert widths[0] > 1.8 * widths[1]


def test_the_chance_of_a_sharpe_above_zero_is_a_half_at_zero_and_grows_with_it() -> None:
    steps = np.random.default_rng(5).normal(0, 0.01, 500)
    steps -= steps.mean()
    chances = [measured((100 * np.cumprod(1 + steps + drift)).tolist())["PSR"] for drift in (-0.001, 0.0, 0.001)]
    assert chances[0] < 0.05 < chances[1] < 0.95 < chances[2]
    assert chances[1] == pytest.approx(0.5, abs=1e-9)


@given(curves, st.integers(-20, 40))
@settings(max_examples=60, deadline=None)
def test_the_size_of_the_capital_changes_no_ratio(equity: list[float], doubled: int) -> None:
    times = 2.0**doubled  # so that not even the last digit may differ
    one, other = measured(equity), measured([level * times for level in equity], capital=100 * times)
    for name in ("capital", "final_equity", "unrealised"):
        assert one.pop(name) * times == other.pop(name)
    assert one == other


@given(curves)
@settings(max_examples=80, deadline=None)
def test_the_deepest_fall_is_between_nothing_and_everything_and_the_first_of_the_table(equity: list[float]) -> None:
    found = measured(equity)
    assert -1.0 <= found["MDD"] <= 0.0
    depths = [fall["depth"] for fall in found["drawdowns"]]
    assert depths == sorted(depths)
    assert found["MDD"] == (depths[0] if depths else 0.0)
    compounded = math.prod(1 + row["return"] for row in found["monthly_returns"])
    assert compounded - 1 == pytest.approx(found["Final_Return"], abs=1e-9, rel=1e-9)


def test_measuring_loads_numpy_and_nothing_heavier() -> None:
    heavy = ("numpy", "numpy.random", "pandas", "scipy", "matplotlib")
    code = "import sys; from tests.harness.books import measured; measured(list(range(100, 200)));"
    code += f"print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HOME)
    assert done.stdout.strip() == "['numpy']"

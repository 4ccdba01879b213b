"""What cannot be computed is null and says why: never 0, NaN, infinity or a zero with a minus."""

from __future__ import annotations

import json
import math
from typing import Any, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pc.engine.measures import REASONS
from tests.harness.books import Fill, measured

BUY_AND_SELL: list[Fill] = [(0, 0, 1.0, 10.0, 0.0), (1, 0, -1.0, 12.0, 0.0)]
OF_TWO = {"volatility", "Sharpe", "Sortino", "skewness", "kurtosis", "VaR_95", "ES_95", "PSR"}
OF_TRADES = {"win_rate", "payoff", "profit_factor", "holding_sessions", "holding_days", "best_trade", "worst_trade"}


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one, name)
    else:
        yield name, value


def is_in_order(found: dict[str, Any]) -> bool:
    """Every null has a reason, every reason a null, every number is one a JSON file holds."""
    json.dumps(found, allow_nan=False)
    nulls = {name for name, value in leaves({k: v for k, v in found.items() if k != "reasons"}) if value is None}
    minus = [name for name, value in leaves(found) if isinstance(value, float) and value == 0 and math.copysign(1, value) < 0]
    plain = all(type(value) in (str, int, float, bool, type(None)) for _, value in leaves(found))
    return nulls == set(found["reasons"]) and set(found["reasons"].values()) <= set(REASONS) and not minus and plain


def test_one_session_has_a_return_and_nothing_about_days() -> None:
    found = measured([101.0])
    assert (found["Final_Return"], found["calendar_days"], found["MDD"]) == (pytest.approx(0.01), 1, 0.0)
    assert found["CAGR"] == pytest.approx(1.01**365.25 - 1)
    assert {found["reasons"][name] for name in OF_TWO | {"Sharpe_interval.low"}} == {"needs two days or more"}
    assert is_in_order(found)


def test_two_sessions_have_a_spread_but_no_tail_and_no_shape() -> None:
    found = measured([101.0, 100.0])
    assert found["Sharpe"] is not None
    assert found["Sortino"] is not None
    assert found["reasons"]["VaR_95"] == found["reasons"]["ES_95"] == "needs 20 days or more"
    assert found["reasons"]["skewness"] == found["reasons"]["PSR"] == "needs four days or more"
    assert found["reasons"]["Sharpe_interval.low"] == "needs 60 days or more"
    assert is_in_order(found)


def test_an_equity_that_never_moves_has_a_volatility_of_nothing_and_no_ratio() -> None:
    found = measured([100.0] * 70)
    assert (found["volatility"], found["MDD"], found["VaR_95"], found["Final_Return"]) == (0.0, 0.0, 0.0, 0.0)
    still = "the daily returns do not vary"
    assert {found["reasons"][name] for name in ("Sharpe", "kurtosis", "PSR", "Sharpe_interval.high")} == {still}
    assert found["reasons"]["Sortino"] == "no losing day"
    assert found["reasons"]["Calmar"] == found["reasons"]["drawdown.start"] == "never below a height reached before"
    assert found["drawdowns"] == []
    assert is_in_order(found)


def test_the_same_gain_every_day_is_no_infinite_sharpe() -> None:
    """Rounding alone makes such returns vary in their last digit."""
    found = measured((100 * np.cumprod(np.full(100, 1.00001))).tolist())
    assert found["Sharpe"] is None
    assert found["volatility"] == 0.0
    assert is_in_order(found)


def test_a_digit_lost_to_rounding_is_no_fall_and_no_losing_day() -> None:
    found = measured([100.0, 100.0 - 2e-14, 100.0, 101.0])
    assert (found["MDD"], found["drawdowns"]) == (0.0, [])
    assert found["reasons"]["Sortino"] == "no losing day"
    assert found["reasons"]["Calmar"] == "never below a height reached before"
    assert is_in_order(found)


def test_without_a_trade_there_is_nothing_to_say_of_trades() -> None:
    found = measured([100.0, 100.0, 100.0])
    assert {found["reasons"][name] for name in OF_TRADES} == {"no trade was closed"}
    assert (found["trades"], found["closed_trades"], found["open_trades"]) == (0, 0, 0)
    assert found["costs"]["total"] == found["turnover"] == found["exposure"] == found["days_invested"] == 0.0
    assert is_in_order(found)


def test_a_position_open_at_the_end_is_no_closed_trade() -> None:
    found = measured([100.0, 110.0], fills=[(0, 0, 5.0, 10.0, 0.0)], cash=[50.0, 50.0])
    assert (found["closed_trades"], found["open_trades"], found["win_rate"]) == (0, 1, None)
    assert (found["realised"], found["unrealised"]) == (0.0, 10.0)
    assert is_in_order(found)


def test_gains_without_losses_have_no_profit_factor_and_no_payoff() -> None:
    found = measured([100.0, 102.0], fills=BUY_AND_SELL)
    assert found["win_rate"] == 1.0
    assert found["reasons"]["profit_factor"] == found["reasons"]["payoff"] == "no closed trade lost"
    assert is_in_order(found)


def test_losses_without_gains_have_a_profit_factor_of_nothing_and_no_payoff() -> None:
    found = measured([100.0, 98.0], fills=[(0, 0, 1.0, 12.0, 0.0), (1, 0, -1.0, 10.0, 0.0)])
    assert (found["win_rate"], found["profit_factor"]) == (0.0, 0.0)
    assert found["reasons"]["payoff"] == "no closed trade won"
    assert is_in_order(found)


def test_an_equity_that_fell_to_nothing_is_a_total_loss_without_ratios() -> None:
    found = measured([100.0, 50.0, 0.0, 0.0] + [0.0] * 60, benchmarks={"K": [1.0] * 64})
    assert (found["Final_Return"], found["CAGR"], found["CAGR_like"], found["MDD"]) == (-1.0, -1.0, -1.0, -1.0)
    assert found["Calmar"] == -1.0
    assert (found["drawdown"]["depth"], found["reasons"]["drawdown.recovery"]) == (-1.0, "still running")
    assert {found["reasons"][name] for name in OF_TWO | {"exposure", "Sharpe_interval.low"}} == {"the equity fell to 0"}
    assert [row["return"] for row in found["monthly_returns"]] == [-1.0, None, None]
    assert found["reasons"]["monthly_returns.return"] == "the equity fell to 0"
    assert is_in_order(found)


def test_what_was_lost_on_the_first_day_leaves_no_turnover() -> None:
    found = measured([0.0, 0.0])
    assert found["reasons"]["turnover"] == "the equity fell to 0"
    assert is_in_order(found)


def test_a_growth_no_float_can_hold_is_null() -> None:
    found = measured([100.0, 1e9])
    assert found["CAGR"] is None
    assert found["reasons"]["CAGR"] == found["reasons"]["CAGR_like"] == "the numbers leave the range of a float"
    assert is_in_order(found)


def test_a_run_that_hardly_ever_moved_has_no_interval() -> None:
    """Most samples of its days hold none that moved."""
    found = measured([100.0] * 300 + [110.0] + [110.0] * 300)
    assert found["Sharpe"] is not None
    assert found["reasons"]["Sharpe_interval.low"] == "a resample of the days does not vary"
    assert is_in_order(found)


numbers = st.one_of(st.just(0.0), st.floats(1e-6, 1e15), st.sampled_from([100.0, 100.0, 110.0]))
closes = st.one_of(st.just(float("nan")), st.floats(0.01, 1e6))


@given(st.lists(st.tuples(numbers, closes), min_size=1, max_size=80), st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_whatever_happened_every_null_has_its_reason(days: list[tuple[float, float]], first: int) -> None:
    equity, theirs = [one for one, _ in days], [one for _, one in days]
    row = min(first, len(days) - 1)
    found = measured(equity, row=row, benchmarks={"K": theirs[row:]}, fills=BUY_AND_SELL[: len(days)])
    assert is_in_order(found)

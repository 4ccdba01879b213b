"""A trade is a round trip: from flat to flat in one symbol, however many fills it took."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harness.books import Fill, days_from, measured

WEEK = [100.0] * 6


def test_partial_exits_end_no_trade_and_costs_are_in_its_gain() -> None:
    fills = [(0, 0, 10.0, 10.0, 1.0), (1, 0, -4.0, 15.0, 0.5), (2, 0, 2.0, 12.0, 0.5), (3, 0, -8.0, 13.0, 1.0)]
    found = measured(WEEK, fills=fills)
    assert (found["trades"], found["closed_trades"], found["open_trades"]) == (4, 1, 0)
    gain = -100 - 1 + 60 - 0.5 - 24 - 0.5 + 104 - 1
    assert found["best_trade"] == found["worst_trade"]
    assert found["best_trade"] == {
        "symbol": "A",
        "entry": "2024-01-01",
        "exit": "2024-01-04",
        "gain": pytest.approx(gain),
        "return": pytest.approx(gain / (101 + 24.5)),
    }
    assert (found["holding_sessions"], found["holding_days"]) == (3, 3)


def test_a_trade_that_would_have_won_but_for_its_costs_lost() -> None:
    assert measured(WEEK, fills=[(0, 0, 1.0, 10.0, 0.6), (1, 0, -1.0, 11.0, 0.6)])["win_rate"] == 0.0


def test_win_rate_payoff_and_profit_factor() -> None:
    """Two won 6 and 2, one lost 4, one came out even."""
    legs = [(0, 16.0), (1, 12.0), (2, 6.0), (3, 10.0)]
    fills = [fill for row, out in legs for fill in ((row, row % 2, 1.0, 10.0, 0.0), (row + 1, row % 2, -1.0, out, 0.0))]
    found = measured(WEEK, fills=fills)
    assert found["closed_trades"] == 4
    assert found["win_rate"] == 0.5
    assert found["payoff"] == 1.0
    assert found["profit_factor"] == 2.0
    assert (found["best_trade"]["return"], found["worst_trade"]["return"]) == (pytest.approx(0.6), pytest.approx(-0.4))


def test_the_same_symbol_bought_again_is_another_trade_and_an_open_one_is_none() -> None:
    fills = [
        (0, 0, 5.0, 10.0, 0.0),
        (0, 1, 5.0, 10.0, 0.0),
        (1, 0, -5.0, 12.0, 0.0),
        (2, 0, 5.0, 12.0, 0.0),
        (4, 0, -5.0, 10.0, 0.0),
    ]
    found = measured([100.0, 110.0, 110.0, 110.0, 105.0, 107.0], fills=fills)
    assert (found["closed_trades"], found["open_trades"]) == (2, 1)
    assert (found["best_trade"]["gain"], found["worst_trade"]["gain"]) == (10.0, -10.0)
    assert (found["realised"], found["unrealised"]) == (0.0, 7.0)
    assert found["holding_sessions"] == 1.5


def test_holding_is_counted_in_sessions_and_in_days_of_the_calendar() -> None:
    found = measured(WEEK, first="2024-01-04", fills=[(0, 0, 1.0, 10.0, 0.0), (2, 0, -1.0, 11.0, 0.0)])
    assert (found["holding_sessions"], found["holding_days"]) == (2, 4)  # over a weekend


def test_a_digit_left_of_a_fraction_of_a_share_is_flat() -> None:
    thirds = [(0, 0, 0.1, 100.0, 0.0), (1, 0, 0.2, 100.0, 0.0), (2, 0, -0.3, 110.0, 0.0)]
    assert 0.1 + 0.2 - 0.3 > 0
    found = measured(WEEK, fills=thirds)
    assert (found["closed_trades"], found["open_trades"]) == (1, 0)


legs = st.lists(st.tuples(st.integers(0, 1), st.integers(-9, 9).filter(bool), st.integers(1, 50)), max_size=30)


@given(legs)
@settings(max_examples=80, deadline=None)
def test_the_trades_gains_are_all_that_was_gained(steps: list[tuple[int, int, int]]) -> None:
    """Closed trades' gains, and what the open ones brought and are worth, make up the whole gain."""
    fills, held, cash = list[Fill](), [0, 0], 1_000.0
    realised, bought = 0.0, [0.0, 0.0]
    for row, (symbol, wanted, price) in enumerate(steps):
        shares = max(wanted, -held[symbol])
        if shares == 0:
            continue
        fills.append((row, symbol, float(shares), float(price), 0.5))
        held[symbol] += shares
        cash -= shares * price + 0.5
        bought[symbol] -= shares * price + 0.5
        if held[symbol] == 0:
            realised, bought[symbol] = realised + bought[symbol], 0.0
    final = cash + 20.0 * sum(held)
    equity = [1_000.0] * len(steps) + [final]
    found = measured(equity, capital=1_000.0, fills=fills, dates=days_from("2020-01-01", len(equity)))
    assert found["realised"] == pytest.approx(realised)
    assert found["realised"] + found["unrealised"] == pytest.approx(final - 1_000)
    assert found["open_trades"] == int(np.count_nonzero(held))
    if found["profit_factor"] is not None and found["realised"]:
        assert (found["profit_factor"] > 1) == (found["realised"] > 0)

"""krx_ma200 is in the market while the close is strictly above its average, and never sooner than it can know."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import ParamsInvalid, StrategyUnknown
from shared.market import Prices
from shared.strategies import Targets, strategy_of
from shared.strategies.krx_ma200 import Params, decide

NAN = float("nan")


def panel(*columns: list[float]) -> Prices:
    close = np.array(columns, dtype=float).T.copy()
    dates = np.datetime64("2024-01-01") + np.arange(len(close)).astype("timedelta64[D]")
    symbols = tuple(f"S{place}" for place in range(len(columns)))
    return Prices(dates, symbols, close, close, close, close, np.ones_like(close), False, "test")


def told(targets: Targets) -> dict[int, list[float]]:
    return dict(zip(targets.rows.tolist(), targets.weights.tolist(), strict=True))


def test_the_first_decision_needs_a_whole_window_and_today_belongs_to_it() -> None:
    targets = decide(panel([1, 2, 3, 1, 1, 9]), Params(window=3))
    # averages: 2, 2, 5/3, 11/3
    assert told(targets) == {2: [1.0], 3: [0.0], 4: [0.0], 5: [1.0]}


def test_a_close_equal_to_its_average_is_not_above_it() -> None:
    assert told(decide(panel([2000.1] * 5), Params(window=3))) == {2: [0.0], 3: [0.0], 4: [0.0]}


def test_every_symbol_has_an_equal_sleeve_and_the_rest_is_cash() -> None:
    targets = decide(panel([1, 2, 3], [3, 2, 1]), Params(window=2))
    assert told(targets) == {1: [0.5, 0.0], 2: [0.5, 0.0]}


def test_a_symbol_listed_later_is_out_until_it_has_a_window_of_its_own() -> None:
    targets = decide(panel([1, 2, 3, 4], [NAN, NAN, 1, 2]), Params(window=2))
    assert told(targets) == {1: [0.5, 0.0], 2: [0.5, 0.0], 3: [0.5, 0.5]}


def test_who_is_no_member_of_the_universe_that_day_is_out_and_takes_no_sleeve() -> None:
    prices = panel([1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4])
    members = np.array([[True, True, False], [True, True, False], [True, True, False], [True, False, False]])
    assert told(decide(prices.telling(members=members), Params(window=3))) == {2: [0.5, 0.5, 0.0], 3: [1.0, 0.0, 0.0]}


def test_a_day_without_a_close_decides_nothing_and_what_was_decided_stands() -> None:
    targets = decide(panel([1, 2, NAN, 1, NAN]), Params(window=2))
    assert told(targets) == {1: [1.0], 2: [1.0], 3: [0.0], 4: [0.0]}


def test_too_little_history_gives_no_decision_at_all() -> None:
    assert not len(decide(panel([1, 2, 3]), Params(window=4)).rows)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.integers(1, 30).map(float), st.just(NAN)), min_size=3, max_size=30), st.integers(2, 6))
def test_a_slow_reading_of_the_rule_says_the_same(closes: list[float], window: int) -> None:
    expected: dict[int, list[float]] = {}
    known: list[float] = []
    standing = 0.0
    for row, close in enumerate(closes):
        if not math.isnan(close):
            known.append(close)
            if len(known) >= window:
                standing = 1.0 if close * window > sum(known[-window:]) else 0.0
        if len(known) >= window:
            expected[row] = [standing]
    assert told(decide(panel(closes), Params(window=window))) == expected


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(1, 1000), min_size=6, max_size=40), st.integers(2, 5), st.integers(0, 5))
def test_decisions_known_on_a_day_are_the_same_whatever_comes_later(closes: list[float], window: int, kept: int) -> None:
    whole = told(decide(panel(closes), Params(window=window)))
    cut = told(decide(panel(closes[: kept + 1]), Params(window=window)))
    assert cut == {row: weights for row, weights in whole.items() if row <= kept}


@pytest.mark.parametrize(
    ("given_params", "said"),
    [
        ({"window": 1}, r"does not take window=1: .*greater than or equal to 2; allowed: type integer, minimum 2, maximum 2000"),
        ({"window": 1}, r"maximum 2000, default 200 \(closes in the moving average\)"),
        ({"window": "long"}, "does not take window='long'"),
        ({"windw": 20}, "has no parameter 'windw'.*did you mean 'window'"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name_with_what_is_allowed(given_params: dict[str, object], said: str) -> None:
    with pytest.raises(ParamsInvalid, match=said):
        strategy_of("krx_ma200", given_params, None)


def test_an_unknown_strategy_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(StrategyUnknown, match="did you mean 'krx_ma200'"):
        strategy_of("krx_ma20", {}, None)


def test_its_parameters_are_checked_without_numpy() -> None:
    code = (
        "import sys; from shared.strategies import strategy_of; strategy_of('krx_ma200', {}, None); print('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"

"""The RSI rule by hand, and all around it: what a request may call it, what it takes, where its sleeves end."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from inbox import request_from
from shared.errors import ParamsInvalid, RequestInvalid
from shared.market import Prices
from shared.strategies import strategy_of
from shared.strategies.rsi import Params, decide, lookback
from tests.harness.road import Road
from tests.harness.slow_rules import standing
from tests.harness.walks import NAN, of_closes

TWO = Params(period=2, oversold=30, overbought=70)
OUT, IN = [0.0], [1.0]


def weights(prices: Prices, params: Params = TWO) -> "list[list[float] | None]":
    return standing(decide(prices, params), len(prices.dates))


def test_in_below_oversold_out_above_overbought_and_as_before_between() -> None:
    """Changes -2, -1, +3, -1, +3: the RSI is 0, 75, 75, 75."""
    assert weights(of_closes([10, 8, 7, 10, 9, 12])) == [None, None, IN, OUT, OUT, OUT]
    # changes -2, -1, +1, -1: 0, 50, 50
    assert weights(of_closes([10, 8, 7, 8, 7])) == [None, None, IN, IN, IN]


def test_a_decision_is_told_only_where_it_changes_something() -> None:
    targets = decide(of_closes([10, 8, 7, 6, 5, 10, 11, 12]), TWO)
    assert targets.rows.tolist() == [2, 5]
    assert targets.weights.tolist() == [[1.0], [0.0]]


def test_exactly_on_a_threshold_is_neither() -> None:
    """Gains 3 of 10 are 30 %, gains 7 of 10 are 70 %; a share less or more is a signal."""
    assert weights(of_closes([100, 103, 96])) == [None, None, OUT]
    assert weights(of_closes([1000, 1030, 959])) == [None, None, IN]
    assert weights(of_closes([110, 105, 100, 107, 104]))[2:] == [IN, IN, IN]
    assert weights(of_closes([1100, 1050, 1000, 1072, 1042]))[2:] == [IN, IN, OUT]


def test_prices_that_do_not_move_are_neither_weak_nor_strong() -> None:
    assert weights(of_closes([1000.0] * 6)) == [None, None, *[OUT] * 4]
    assert weights(of_closes([10, 9, 8, 8, 8, 8])) == [None, None, IN, IN, IN, IN]


def test_every_symbol_has_an_equal_sleeve() -> None:
    falls, rises = [10.0, 9, 8, 7], [7.0, 8, 9, 10]
    assert weights(of_closes(falls, rises)) == [None, None, [0.5, 0.0], [0.5, 0.0]]
    assert weights(of_closes(falls, falls, rises, falls))[-1] == [0.25, 0.25, 0.0, 0.25]


def test_a_symbol_listed_later_is_out_until_it_has_had_its_own_days() -> None:
    assert weights(of_closes([9, 8, 7, 6, 5], [NAN, NAN, 9, 8, 7])) == [None, None, [0.5, 0], [0.5, 0], [0.5, 0.5]]


def test_a_halted_day_is_no_day_and_what_stood_stands() -> None:
    """Its close is carried: as a change of nothing it would push the falls out of the window."""
    traded = of_closes([10, 8, 7, 7, 7, 10])
    volume = np.array(traded.volume)
    volume[3:5] = 0
    halted = replace(traded, volume=volume)
    assert weights(halted) == [None, None, IN, IN, IN, OUT]
    assert weights(of_closes([10, 8, NAN, 7, 10])) == [None, None, None, IN, OUT]


def test_one_day_or_too_few_decide_nothing() -> None:
    for closes in ([10.0], [10.0, 9.0]):
        assert not len(decide(of_closes(closes), TWO).rows)
    assert decide(of_closes([10.0]), TWO).weights.shape == (0, 1)


def test_who_is_no_member_on_a_day_is_out_and_the_others_share() -> None:
    prices = of_closes([10, 9, 8, 7], [10, 9, 8, 7])
    joined = prices.telling(members=np.array([[1, 0], [1, 0], [1, 0], [1, 1]], dtype=bool))
    assert weights(joined) == [None, None, [1.0, 0.0], [0.5, 0.5]]


def test_it_says_how_many_closes_it_needs_before_its_first_decision() -> None:
    closes = [float(day % 7) + 1 for day in range(40)]
    for period in (2, 5, 14):
        params = Params(period=period)
        assert not len(decide(of_closes(closes[: lookback(params) - 1]), params).rows)
        assert decide(of_closes(closes), params).rows[0] == lookback(params) - 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"oversold": 70},
            r"oversold \(70\) must be below overbought \(70\); defaults: period 14, oversold 30.0, overbought 70.0",
        ),
        ({"oversold": 80, "overbought": 20}, r"oversold \(80\) must be below overbought \(20\)"),
        ({"oversold": -1}, "does not take oversold=-1: .*minimum 0, maximum 100"),
        ({"overbought": 100.5}, "does not take overbought=100.5"),
        ({"period": 1}, "does not take period=1"),
        ({"oversold": "NaN"}, "does not take oversold"),
        ({"window": 14}, "has no parameter 'window'"),
    ],
)
def test_a_wrong_parameter_is_refused_with_what_is_allowed(given: "dict[str, object]", said: str) -> None:
    with pytest.raises(ParamsInvalid, match=said):
        strategy_of("rsi", given, None)


def test_the_ends_of_the_scale_may_be_asked_for() -> None:
    assert strategy_of("rsi", {"oversold": 0, "overbought": 100}, None).params.model_dump()["overbought"] == 100


def test_its_parameters_are_checked_without_numpy() -> None:
    code = "import sys; from shared.strategies import strategy_of; strategy_of('rsi', {}, None); print('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"


def test_the_web_contract_and_its_capitals_are_answered_under_the_name_here(road: Road) -> None:
    params = {"period": 10, "oversold": 35, "overbought": 65}
    asked = {"ticker": "990010", "rule_type": "RSI", "params": params, "start_date": "2020-01-01", "run_id": "web"}
    road.drop("web.json", asked)
    road.submit(request_id="ours", strategy="rsi", symbols=["990010"], start="2020-01-01", end=None, params=params)
    assert road.drain() == 0
    assert road.answers() == {"ours": "SUCCEEDED", "web": "SUCCEEDED"}
    web, ours = road.manifest("web"), road.manifest("ours")
    assert (web["strategy"], web["params"], web["universe"]["symbols"]) == ("rsi", params, ["990010"])
    assert web["metrics"]["trades"] == ours["metrics"]["trades"] > 10


def test_both_names_in_one_web_request_are_one_strategy() -> None:
    assert request_from({"ticker": "000660", "rule_type": "RSI", "strategy": "rsi"}).strategy == "rsi"
    with pytest.raises(RequestInvalid, match="two names"):
        request_from({"ticker": "000660", "rule_type": "RSI", "strategy": "macd"})

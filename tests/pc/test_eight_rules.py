"""What holds for each of the eight rules whatever the prices: a slow reading agrees, nothing looks ahead, no unit matters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox import request_from
from shared.market import Prices, open_prices
from shared.old_names import OLD_NAMES
from shared.strategies import Targets, decided, strategy_of
from tests.harness.documents import codes, named, part
from tests.harness.slow_rules import SLOW, slow_weights, standing
from tests.harness.walks import of_closes, panel, ragged, same, walk

SMALL: dict[str, dict[str, Any]] = {  # so that a few dozen days hold many signals
    "rsi": {"period": 3, "oversold": 30, "overbought": 70},
    "macd": {"fast": 3, "slow": 5, "signal": 3},
    "rsi_macd": {"period": 3, "oversold": 45, "overbought": 80, "fast": 2, "slow": 4, "signal": 3},
    "moving_average_cross": {"fast": 2, "slow": 5},
    "bollinger_bands": {"window": 5, "width": 1.5, "enter_below": 0.17, "leave_above": 0.83},
    "volume_breakout": {"window": 4, "multiple": 1.3},
    "trend_following": {"short": 2, "middle": 3, "long": 6},
    "atr_volatility": {"period": 3, "calm": 1.7, "wild": 2.3},
}
each = pytest.mark.parametrize("name", SMALL)
quickly = settings(max_examples=15, deadline=None)


def told(name: str, prices: Prices, given_params: dict[str, Any] | None = None) -> Targets:
    return decided(strategy_of(name, SMALL[name] if given_params is None else given_params, None), prices)


def test_all_eight_are_here_under_names_that_the_old_ones_lead_to() -> None:
    assert set(SMALL) == set(SLOW) == set(OLD_NAMES.values())


@each
def test_every_rule_is_documented_with_its_old_names_and_its_parameters(name: str) -> None:
    _, also, _, _, params = named(part("strategies.md", "The eight rules"))[name]
    assert codes(also) == {old for old, new in OLD_NAMES.items() if new == name}
    fields = strategy_of(name, {}, None).params.model_dump()
    assert params == ", ".join(f"`{field}` {value}".removesuffix(".0") for field, value in fields.items())


@each
@quickly
@given(ragged())
def test_a_slow_reading_of_the_rule_says_the_same(name: str, prices: Prices) -> None:
    params = strategy_of(name, SMALL[name], None).params
    assert standing(told(name, prices), len(prices.dates)) == slow_weights(prices, SLOW[name], params)


@each
def test_the_panels_tried_here_hold_signals_of_both_kinds(name: str) -> None:
    """Else the two tests around this one would compare nothing."""
    changes = sum(len(told(name, walk(40, 3, seed)).rows) - 1 for seed in range(5))
    assert changes >= 15


@each
@quickly
@given(ragged(), st.integers(1, 40))
def test_decisions_known_on_a_day_are_the_same_to_the_bit_whatever_comes_later(name: str, prices: Prices, kept: int) -> None:
    whole, cut = told(name, prices), told(name, prices.until(kept))
    earlier = whole.rows < kept
    assert same(whole.rows[earlier], cut.rows)
    assert same(whole.weights[earlier], cut.weights)


@each
@quickly
@given(ragged(), st.integers(0, 10**6))
def test_the_order_of_symbols_changes_no_decision(name: str, prices: Prices, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(prices.symbols))
    turned, straight = told(name, prices.pick([prices.symbols[place] for place in order])), told(name, prices)
    assert same(turned.rows, straight.rows)
    assert same(turned.weights, straight.weights[:, order])


@each
@quickly
@given(ragged(), st.integers(-8, 8))
def test_prices_in_another_unit_change_no_decision(name: str, prices: Prices, power: int) -> None:
    factor = 2.0**power
    opened, high, low, close = (np.array(getattr(prices, one)) * factor for one in ("open", "high", "low", "close"))
    scaled = panel(opened, high, low, close, np.array(prices.volume))
    assert same(told(name, prices).rows, told(name, scaled).rows)
    assert same(told(name, prices).weights, told(name, scaled).weights)


@each
def test_constant_prices_one_day_and_too_few_days_lead_into_the_market_only_where_calm_is_the_signal(name: str) -> None:
    for days in (1, 2, 14, 300):
        found = told(name, of_closes([1000.0] * days), {})
        assert found.weights.any() == (name == "atr_volatility" and days == 300)
        assert len(found.rows) <= 1


@each
def test_it_says_how_many_closes_it_needs_before_its_first_decision(name: str) -> None:
    for given_params in (SMALL[name], {}):
        strategy = strategy_of(name, given_params, None)
        need, prices = strategy.module.lookback(strategy.params), walk(400, 1, 6)
        assert decided(strategy, prices).rows[0] == need - 1
        assert not len(decided(strategy, prices.until(need - 1)).rows)


@each
def test_with_its_defaults_it_trades_on_the_made_up_prices(name: str, synthetic_data: Path) -> None:
    prices = open_prices(synthetic_data / "prices" / "synthetic")
    found = told(name, prices, {})
    assert len(found.rows) > 1
    assert 0 < found.weights.mean() < 1 / len(prices.symbols)


@pytest.mark.parametrize("old", OLD_NAMES)
def test_every_old_name_reads_in_the_web_contract_and_in_any_request(old: str) -> None:
    ours: Callable[[dict[str, Any]], str] = lambda content: request_from(content).strategy  # noqa: E731
    assert ours({"ticker": "000660.csv", "rule_type": old}) == ours({"ticker": "000660", "strategy": old}) == OLD_NAMES[old]
    assert ours({"strategy": old}) == ours({"strategy": OLD_NAMES[old]}) == OLD_NAMES[old]

"""What holds for every strategy that picks or weighs, on panels with gaps, halts, late listings, ends and members."""

from __future__ import annotations

from typing import Any, Dict, List, Set

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pc.engine import accepted
from shared.catalog import Catalog
from shared.market import Prices
from shared.strategies import Targets, decided, lookback_of, strategy_of
from tests.harness.picks import odd_panel, same_decisions
from tests.harness.plain_picks import is_above, is_eligible, mark, trades

# Short enough for ninety days.
ASKED: Dict[str, Dict[str, Any]] = {
    "score_rank_v1": {"wl": 10, "top": 3},
    "trend_following_etf": {"trend": 20, "momentum": 10, "top": 3, "regime_symbol": "S1", "regime_window": 20},
    "buy_and_hold": {},
    "equal_weight": {},
    "inverse_volatility": {"window": 10},
    "target_volatility": {"window": 10},
    "surge_trend_sector": {
        "jump": 0,
        "adx_min": 0,
        "mfi_min": 0,
        "mfi_max": 100,
        "volz_min": -9,
        "regime_symbol": None,
        "sector_top_k": 9,
        "sectors": {"S0": "a", "S1": "a", "S2": "b", "S3": "b", "S4": "b", "S5": "c"},
        "exclude": ["2X"],
        "min_liquidity": 0,
    },
}
LONG = {"surge_trend_sector": 420}  # sessions a panel must have for it to decide
NAMES = sorted(ASKED)
SEEDS = st.integers(0, 10**6)


def panel_for(name: str, seed: int) -> Prices:
    return odd_panel(seed, LONG.get(name, 90))


def asked(name: str, prices: Prices, rebalance: str, **more: Any) -> Targets:
    schedule = {"rebalance": rebalance} if "rebalance" in Catalog("shared.strategies").load(name).Params.model_fields else {}
    strategy = strategy_of(name, {**ASKED[name], **schedule, **more}, None)
    targets = decided(strategy, prices)
    wanting = targets.rows[(targets.weights > 0).any(axis=1)]
    assert not len(wanting) or wanting[0] >= (lookback_of(strategy) or 0) - 1
    return accepted(targets, prices.close.shape, 0)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=12, deadline=None)
@given(seed=SEEDS, share=st.floats(0.01, 1), rebalance=st.sampled_from(["DAILY", "WEEKLY_FRI", "MONTHLY"]))
def test_what_comes_later_changes_no_decision(name: str, seed: int, share: float, rebalance: str) -> None:
    prices = panel_for(name, seed)
    kept = max(1, int(share * len(prices.dates)))
    whole, cut = asked(name, prices, rebalance), asked(name, prices.until(kept), rebalance)
    known = whole.rows < kept
    assert np.array_equal(cut.rows, whole.rows[known])
    assert np.array_equal(cut.weights, whole.weights[known])


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=10, deadline=None)
@given(data=st.data(), seed=SEEDS)
def test_the_order_of_the_columns_changes_nothing(name: str, data: Any, seed: int) -> None:
    prices = panel_for(name, seed)
    order = data.draw(st.permutations(prices.symbols))
    there, here = asked(name, prices.pick(list(order)), "WEEKLY_FRI"), asked(name, prices, "WEEKLY_FRI")
    back = there.weights[:, [order.index(symbol) for symbol in prices.symbols]]
    assert same_decisions(Targets(there.rows, back), here)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=8, deadline=None)
@given(seed=SEEDS, factor=st.sampled_from([0.5, 2.0, 1024.0]))
def test_prices_in_another_unit_change_no_decision(name: str, seed: int, factor: float) -> None:
    prices = panel_for(name, seed)
    bars: Any = {one: getattr(prices, one) * factor for one in ("open", "high", "low", "close")}
    facts: Any = {"members": prices.members, "names": prices.names, "delisted": prices.delisted, "volume": prices.volume}
    other = Prices(prices.dates, prices.symbols, **bars, **facts, synthetic=False, provider="test")
    assert same_decisions(asked(name, other, "WEEKLY_FRI"), asked(name, prices, "WEEKLY_FRI"))


@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_held_who_is_no_member_or_has_no_price(name: str) -> None:
    for seed in range(5):
        prices = panel_for(name, seed)
        targets = asked(name, prices, "DAILY")
        held = targets.weights > 0
        assert held.any()
        assert (prices.marks[targets.rows][held] > 0).all()
        assert name == "buy_and_hold" or prices.members is None or prices.members[targets.rows][held].all()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("days", [1, 5])
def test_a_few_days_and_an_empty_universe_are_decided(name: str, days: int) -> None:
    prices = panel_for(name, 3)
    asked(name, prices.until(days), "DAILY")
    nobody = decided(strategy_of(name, ASKED[name], None), prices.pick([]))
    assert nobody.weights.shape == (len(nobody.rows), 0)


# ---- two of them told a second time, in plain Python ----


def picked_again(prices: Prices, rows: List[int], params: Any) -> List[Set[str]]:
    """By the words of docs/strategies.md; without a memory but for who is halted."""
    held: Set[str] = set()
    found = []
    for row in rows:
        scores = {one: change(prices, row, one, params) for one in prices.symbols if is_fit(prices, row, one, params)}
        ranked = sorted(scores, key=lambda one: (-scores[one], one))
        stay = [one for one in ranked[: params.top] if one in held]
        come = [one for one in ranked if one not in stay and trades(prices, row, prices.column(one))]
        held = {*stay, *come[: params.top - len(stay)]}
        found.append(held)
    return found


def span(params: Any) -> int:
    return int(getattr(params, "wl", None) or params.momentum)


def change(prices: Prices, row: int, symbol: str, params: Any) -> float:
    column = prices.column(symbol)
    return mark(prices, row, column) / mark(prices, row - span(params), column) - 1


def is_fit(prices: Prices, row: int, symbol: str, params: Any) -> bool:
    if not is_eligible(prices, row, symbol, span(params)):
        return False
    if hasattr(params, "wl"):
        return params.mode == "rank" or change(prices, row, symbol, params) > params.threshold
    column, regime = prices.column(symbol), prices.column(params.regime_symbol)
    is_good = is_above(prices, row, regime, params.regime_window)
    return bool((is_good is None or is_good) and is_above(prices, row, column, params.trend))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("name", "more"), [("score_rank_v1", {"mode": "rank"}), ("score_rank_v1", {}), ("trend_following_etf", {})]
)
def test_a_slow_reading_of_the_rules_holds_the_same(name: str, more: Dict[str, Any], seed: int) -> None:
    prices, params = panel_for(name, seed), strategy_of(name, {**ASKED[name], **more}, None).params
    targets = asked(name, prices, "DAILY", **more)
    held = [{symbol for symbol, part in zip(prices.symbols, row, strict=True) if part} for row in targets.weights.tolist()]
    assert held == picked_again(prices, targets.rows.tolist(), params)
    assert any(held)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "buy_and_hold"])
def test_where_everything_is_excluded_everything_is_cash(name: str) -> None:
    assert not asked(name, panel_for(name, 3), "DAILY", exclude=["KODEX"]).weights.any()

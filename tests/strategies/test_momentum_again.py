"""momentum_topN_v1 told a second time, in dictionaries and loops; and what may not change its decisions."""

from __future__ import annotations

from statistics import pstdev
from typing import Any, Dict, List, Set

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.market import Prices
from shared.market.sessions import month_ends, week_ends
from shared.strategies.momentum_topN_v1 import Params, decide, lookback
from tests.harness.picks import odd_panel, same_decisions
from tests.harness.plain_picks import is_above, is_eligible, mark, traded_won, trades

SHORT = {"lookbacks": (5, 13), "weights": (0.6, 0.4), "regime_symbol": "S1", "regime_window": 25, "min_liquidity": 3e8}


# ---- the second telling ----


def may_be_held(prices: Prices, params: Params, row: int, symbol: str) -> bool:
    value = sum(traded_won(prices, day, prices.column(symbol)) for day in range(row - 19, row + 1)) / 20
    is_known = is_eligible(prices, row, symbol, max(params.lookbacks))
    return is_known and "2X" not in prices.names[symbol] and value >= params.min_liquidity


def scores_on(prices: Prices, params: Params, row: int) -> Dict[str, float]:
    symbols = [symbol for symbol in prices.symbols if may_be_held(prices, params, row, symbol)]
    scores = dict.fromkeys(symbols, 0.0)
    for back, weight in zip(params.lookbacks, params.weights, strict=True):
        change = {
            one: mark(prices, row, prices.column(one)) / mark(prices, row - back, prices.column(one)) - 1 for one in symbols
        }
        mean, spread = (sum(change.values()) / len(change), pstdev(change.values())) if change else (0.0, 0.0)
        for one in symbols:
            by_z = (change[one] - mean) / spread if spread else 0.0
            scores[one] += weight * (by_z if params.ranking == "zscore_weighted_mom" else change[one])
    return scores


def is_good_time(prices: Prices, params: Params, row: int) -> bool:
    is_good = is_above(prices, row, prices.column(params.regime_symbol or ""), params.regime_window)
    return params.regime_unknown == "on" if is_good is None else is_good


def told_again(prices: Prices, params: Params) -> List[Set[str]]:
    ends = {"WEEKLY_FRI": week_ends, "MONTHLY": month_ends}.get(params.rebalance)
    days = range(lookback(params) - 1, len(prices.dates))
    held: List[str] = []
    found = []
    for row in [day for day in days if ends is None or ends(prices.dates)[day]]:
        scores = scores_on(prices, params, row)
        ranked = sorted(scores, key=lambda one: (-scores[one], one))
        fit = [one for place, one in enumerate(ranked, 1) if place == 1 or place / len(ranked) <= params.sell_rank]
        fit = fit if is_good_time(prices, params, row) else []
        held = [one for one in held if one in fit]
        free = [one for one in fit if one not in held and one not in params.core_holdings]
        buyable = [one for one in free if trades(prices, row, prices.column(one))]
        held += buyable[: params.top_n - len(held)]
        core = [one for one in params.core_holdings if mark(prices, row, prices.column(one))]
        found.append({*held, *core})
    return found


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("ranking", ["zscore_weighted_mom", "weighted_mom"])
def test_a_slow_reading_of_the_rules_holds_the_same(seed: int, ranking: str) -> None:
    prices = odd_panel(seed)
    core = ("S2",) if seed % 2 else ()
    asked = {"ranking": ranking, "top_n": 3, "core_holdings": core, "rebalance": ("WEEKLY_FRI", "DAILY")[seed % 2]}
    params = Params(**SHORT, **asked, regime_unknown=("on", "off")[seed % 3 == 0])
    targets = decide(prices, params)
    held = [{symbol for symbol, part in zip(prices.symbols, row, strict=True) if part} for row in targets.weights.tolist()]
    assert held == told_again(prices, params)
    assert any(held) or params.regime_unknown == "off"


# ---- what may not change a decision ----


RANKINGS = st.sampled_from(["zscore_weighted_mom", "weighted_mom"])
TIMES = st.sampled_from(["DAILY", "WEEKLY_FRI", "MONTHLY"])


def asked_of(draw: Any, **more: Any) -> Params:
    return Params(**{**SHORT, "ranking": draw(RANKINGS), "rebalance": draw(TIMES), "top_n": draw(st.integers(1, 4)), **more})


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(0, 10**6), st.integers(1, 90))
def test_decisions_known_on_a_day_are_the_same_whatever_comes_later(data: Any, seed: int, kept: int) -> None:
    prices, params = odd_panel(seed), asked_of(data.draw, core_holdings=("S2", "S9"))
    whole, cut = decide(prices, params), decide(prices.until(kept), params)
    known = whole.rows < kept
    assert np.array_equal(cut.rows, whole.rows[known])
    assert np.array_equal(cut.weights, whole.weights[known])


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(0, 10**6))
def test_the_order_of_the_columns_changes_nothing(data: Any, seed: int) -> None:
    prices, params = odd_panel(seed), asked_of(data.draw, core_holdings=("S2",))
    order = data.draw(st.permutations(prices.symbols))
    there, here = decide(prices.pick(list(order)), params), decide(prices, params)
    assert np.array_equal(there.rows, here.rows)
    assert np.array_equal(there.weights[:, [order.index(symbol) for symbol in prices.symbols]], here.weights)
    assert there.notes == here.notes


@settings(max_examples=30, deadline=None)
@given(st.data(), st.integers(0, 10**6), st.sampled_from([0.5, 2.0, 1024.0, 3.7, 1e-4]))
def test_prices_in_another_unit_change_no_decision(data: Any, seed: int, factor: float) -> None:
    prices, params = odd_panel(seed), asked_of(data.draw, min_liquidity=0)
    bars: Any = {name: getattr(prices, name) * factor for name in ("open", "high", "low", "close")}
    facts: Any = {"members": prices.members, "names": prices.names, "delisted": prices.delisted}
    other = Prices(prices.dates, prices.symbols, **bars, volume=prices.volume, synthetic=False, provider="test", **facts)
    assert same_decisions(decide(other, params), decide(prices, params))


@settings(max_examples=30, deadline=None)
@given(st.data(), st.integers(0, 10**6), st.sampled_from("AZ"))
def test_a_symbol_that_is_not_eligible_changes_no_bit_of_a_decision(data: Any, seed: int, name: str) -> None:
    """One that is eligible may, though it is never picked: z-scores and the bottom fifth are told over all that are."""
    prices, params = odd_panel(seed), asked_of(data.draw)
    other = _with_another(prices, name, np.full(len(prices.dates), 1000.0), "KODEX 2X")
    more = decide(other, params)
    assert same_decisions(decide(prices, params), type(more)(more.rows, more.weights[:, :-1]))
    assert not more.weights[:, -1].any()


@settings(max_examples=30, deadline=None)
@given(st.data(), st.integers(0, 10**6))
def test_without_a_bottom_and_by_plain_momentum_nor_does_one_that_is_never_picked(data: Any, seed: int) -> None:
    prices = odd_panel(seed)
    params = asked_of(data.draw, ranking="weighted_mom", sell_rank=1)
    falling = 1000.0 * 0.9 ** np.arange(len(prices.dates))
    few = prices.pick(["S1", *[symbol for symbol in prices.symbols if symbol != "S1"][:11]])
    more = decide(_with_another(few, "Z", falling, "KODEX"), params)
    if not more.weights[:, -1].any():
        assert same_decisions(decide(few, params), type(more)(more.rows, more.weights[:, :-1]))


def _with_another(prices: Prices, symbol: str, close: Any, name: str) -> Prices:
    def beside(panel: Any, column: Any) -> Any:
        return np.ascontiguousarray(np.column_stack([panel, column]))

    bars: Any = {one: beside(getattr(prices, one), close) for one in ("open", "high", "low", "close")}
    facts: Dict[str, Any] = {"members": beside(prices.members, np.ones(len(close), dtype=bool)), "delisted": prices.delisted}
    facts |= {"names": {**prices.names, symbol: name}, "value": beside(prices.value, np.full(len(close), 1e9))}
    bars["volume"] = beside(prices.volume, np.full(len(close), 1e6))
    return Prices(prices.dates, (*prices.symbols, symbol), **bars, synthetic=False, provider="test", **facts)

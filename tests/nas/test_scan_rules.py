"""What the scanner says of one day is what a backtest of the same strategy file would do on it, from whatever is held."""

from __future__ import annotations

from typing import Any, Dict, List, Set

import numpy as np
import pytest

from shared.market import Prices
from shared.market.picking import OneDay, one_day
from shared.strategies import Targets, decided, strategy_of
from tests.harness.picks import NAN, odd_panel, story

LOOSE: Dict[str, Dict[str, Any]] = {
    "surge_trend_sector": {
        "jump": 0,
        "adx_min": 5,
        "mfi_min": 20,
        "mfi_max": 95,
        "volz_min": -10,
        "sector_top_k": 6,
        "top_n": 3,
        "min_liquidity": 0,
        "exclude": ("2X",),
        "regime_symbol": "S1",
        "regime_window": 30,
        "sectors": {"S0": "a", "S2": "a", "S3": "b", "S4": "b"},
        "core_holdings": ("S6",),
        "rebalance": "DAILY",
    },
    "momentum_topN_v1": {
        "lookbacks": (5, 21),
        "weights": (0.5, 0.5),
        "top_n": 3,
        "sell_rank": 0.6,
        "min_liquidity": 0,
        "exclude": ("2X",),
        "regime_symbol": "S1",
        "regime_window": 30,
        "core_holdings": ("S6",),
        "rebalance": "DAILY",
    },
}


def held_at(prices: Prices, targets: Targets, place: int) -> Set[str]:
    row = targets.weights[place].tolist()
    return {symbol for symbol, weight in zip(prices.symbols, row, strict=True) if weight > 0}


def names(signals: Any) -> List[str]:
    return [one.symbol for one in signals]


def scanned(strategy: str, prices: Prices, held: Set[str], **given: Any) -> OneDay:
    return one_day(strategy_of(strategy, {**LOOSE.get(strategy, {}), **given}, None), prices, tuple(sorted(held)))


@pytest.mark.parametrize("name", LOOSE)
@pytest.mark.parametrize("seed", range(2))
def test_from_what_was_held_yesterday_it_comes_to_what_the_backtest_holds_today(name: str, seed: int) -> None:
    prices = odd_panel(seed, 420, 40)
    strategy = strategy_of(name, LOOSE[name], None)
    targets, moved = decided(strategy, prices), 0
    changes = np.flatnonzero(((targets.weights[1:] > 0) != (targets.weights[:-1] > 0)).any(axis=1)) + 1
    for place in changes.tolist()[-40:]:
        before, after = held_at(prices, targets, place - 1), held_at(prices, targets, place)
        found = one_day(strategy, prices.until(int(targets.rows[place]) + 1), tuple(sorted(before)))
        assert {*names(found.buy), *names(found.hold)} == after, prices.dates[targets.rows[place]]
        assert {*names(found.sell), *names(found.hold)} == before
        assert all(one.reasons and one.reasons[0] not in ("trend", "momentum") for one in found.sell)
        moved += len(found.buy) + len(found.sell)
    assert moved > 10, "a panel on which nothing ever happens shows nothing"


@pytest.mark.parametrize("name", LOOSE)
def test_who_breaks_a_rule_is_sold_for_it_and_who_stays_breaks_none(name: str) -> None:
    """Whatever somebody holds: also who is not liquid enough to be bought, and more than there are places."""
    prices, sold = odd_panel(3, 330), 0
    everybody = set(prices.symbols)
    for row in range(250, 330, 9):
        found = scanned(name, prices.until(row), everybody, min_liquidity=5e8)
        assert not found.buy
        assert {*names(found.sell), *names(found.hold)} == everybody
        assert all(one.reasons for one in found.sell)
        kept = {one.reasons for one in found.hold if not one.is_core}
        assert kept <= {("trend",), ("momentum",)}
        sold += len(found.sell)
    assert sold > 20


def test_who_is_held_is_judged_by_the_sell_rules_though_nobody_may_buy_it() -> None:
    """The backtest measured it when it was bought; a scanner may find it in somebody's hands for the first time."""
    prices = story({"A": [1000.0 * 0.998**day for day in range(240)], "B": [1000.0 * 1.001**day for day in range(240)]})
    given: Dict[str, Any] = {"regime_symbol": None, "min_liquidity": 1e12, "sectors": {}, "core_holdings": ()}
    found = scanned("surge_trend_sector", prices, {"A", "B"}, **given)
    assert [(one.symbol, one.reasons[0]) for one in found.sell] == [("A", "close<sma200")]
    assert (names(found.hold), found.universe) == (["B"], 0)


CORE: Dict[str, Any] = {
    "lookbacks": (1,),
    "weights": (1.0,),
    "ranking": "weighted_mom",
    "min_liquidity": 0,
    "exclude": (),
    "regime_symbol": None,
    "top_n": 1,
    "sell_rank": 0.5,
}


def test_core_holdings_are_bought_first_never_sold_and_take_no_place() -> None:
    prices = story({"A": [100, 120], "B": [100, 110], "C": [100, 50], "D": [100, 60]})
    found = scanned("momentum_topN_v1", prices, {"D", "B"}, **{**CORE, "core_holdings": "C,D"})
    assert [(one.symbol, one.reasons) for one in found.buy] == [("C", ("core",))], "the one place is B's"
    assert [(one.symbol, one.reasons) for one in found.hold] == [("B", ("momentum",)), ("D", ("core_kept", "rank"))]
    assert found.sell == ()
    fresh = scanned("momentum_topN_v1", prices, set(), **{**CORE, "core_holdings": "C,D"})
    assert names(fresh.buy) == ["C", "D", "A"]


def test_by_the_rules_of_the_surges_a_core_holding_is_kept_below_its_average_too() -> None:
    closes = [1000.0 * (1 - 0.002) ** day for day in range(240)]
    prices = story({"A": closes})
    given: Dict[str, Any] = {"regime_symbol": None, "min_liquidity": 0, "exclude": (), "sectors": {}, "regime_window": 200}
    assert names(scanned("surge_trend_sector", prices, {"A"}, **given, core_holdings=()).sell) == ["A"]
    found = scanned("surge_trend_sector", prices, {"A"}, **given, core_holdings=("A",))
    assert (found.sell, names(found.hold)) == ((), ["A"])
    assert found.hold[0].reasons[:2] == ("core_kept", "close<sma200")


def test_in_a_bad_regime_momentum_sells_and_says_for_what_and_the_surges_only_buy_nothing() -> None:
    prices = story({"A": [100, 110, 120], "M": [100, 90, 80]})
    bad = {**CORE, "core_holdings": (), "regime_symbol": "M", "regime_window": 3}
    found = scanned("momentum_topN_v1", prices, {"A"}, **bad)
    assert (found.regime, names(found.sell), found.sell[0].reasons) == (False, ["A"], ("regime",))
    assert (found.buy, found.fit) == ((), 0)


def test_a_strategy_that_only_says_what_it_wants_is_scanned_too() -> None:
    prices = story({"A": [100.0 + day for day in range(30)], "B": [100.0 - day for day in range(30)]})
    found = scanned("krx_ma200", prices, {"B"}, window=5)
    assert (names(found.buy), names(found.sell), found.regime) == (["A"], ["B"], None)
    assert (found.buy[0].reasons, found.sell[0].reasons) == (("wanted",), ("unwanted",))


def test_who_is_held_and_not_among_the_prices_is_not_judged() -> None:
    prices = story({"A": [100, 110], "B": [100, 105]})
    found = scanned("momentum_topN_v1", prices, {"A", "Z"}, **{**CORE, "core_holdings": ()})
    assert {*names(found.sell), *names(found.hold)} == {"A"}


def test_what_is_shown_is_what_was_measured() -> None:
    """A single decision was once ranked in the very numbers that are shown."""
    prices = story({"A": [100, 110], "B": [100, 105], "C": [100, NAN]})
    found = scanned("momentum_topN_v1", prices, set(), **{**CORE, "core_holdings": (), "ranking": "zscore_weighted_mom"})
    assert np.isclose(found.buy[0].figures["ret1"], 0.10)

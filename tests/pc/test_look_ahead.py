"""A strategy that knows the future is caught, one that does not never is, and one that decides too early is told so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any, Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from pc.afresh import afresh
from pc.engine import look_ahead, warm_up
from pc.engine.lookahead import ROWS
from shared.errors import LookAhead, StrategyFailed, WarmUpMissing
from shared.market import Prices
from shared.strategies import Strategy, Targets, decided, strategy_of
from tests.harness.panels import panel

Decide = Callable[[Prices, Any], Targets]


class NoParams(BaseModel):
    pass


def strategy(decide: Decide, lookback: Any = None) -> Strategy:
    module = ModuleType("planted")
    vars(module).update({"Params": NoParams, "decide": decide, **({"lookback": lookback} if lookback else {})})
    return Strategy("planted", Path("planted.py"), module, NoParams(), "0" * 64)


def walk(seed: int, days: int = 120, width: int = 3) -> Prices:
    dice = np.random.RandomState(seed)
    return panel((100 * np.exp(np.cumsum(0.02 * dice.standard_normal((days, width)), axis=0))).tolist())


def every_row(weights: Any, first: int = 0) -> Targets:
    return Targets(np.arange(first, first + len(weights)), np.asarray(weights) / 3)


def tomorrow_is_higher(prices: Prices, params: Any) -> Targets:
    up = np.zeros(prices.close.shape)
    up[:-1] = prices.close[1:] > prices.close[:-1]
    return every_row(up)


def fitted_on_everything(prices: Prices, params: Any) -> Targets:
    return every_row(prices.close > prices.close.mean(axis=0))


def rolled_round(prices: Prices, params: Any) -> Targets:
    return every_row(np.roll(prices.close, -3, axis=0) > prices.close)


def filled_backwards(prices: Prices, params: Any) -> Targets:
    later = np.maximum.accumulate(prices.close[::-1], axis=0)[::-1]
    return every_row(prices.close >= later)


def last_row_of_the_week(prices: Prices, params: Any) -> Targets:
    """Whether a row is its week's last is asked of the row after it."""
    week = (prices.dates.astype("datetime64[D]").view("int64") + 3) // 7
    rows = np.flatnonzero(week != np.append(week[1:], week[-1]))
    return Targets(rows, np.full((len(rows), 3), 1 / 3))


def needs_the_next_row(prices: Prices, params: Any) -> Targets:
    rows = np.arange(len(prices.dates) - 1)
    return Targets(rows, (prices.close[rows + 1] > prices.close[rows]) / 3)


def knows_who_dies(prices: Prices, params: Any) -> Targets:
    alive = np.array([symbol not in prices.delisted for symbol in prices.symbols])
    return every_row(np.tile(alive, (len(prices.dates), 1)))


def yesterday_was_lower(prices: Prices, params: Any) -> Targets:
    return every_row(prices.close[1:] > prices.close[:-1], first=1)


def so_far_the_highest(prices: Prices, params: Any) -> Targets:
    return every_row(prices.close >= np.maximum.accumulate(prices.close, axis=0))


def once_and_hold(prices: Prices, params: Any) -> Targets:
    return Targets(np.array([0]), np.full((1, 3), 1 / 3))


PEEKING = [tomorrow_is_higher, fitted_on_everything, rolled_round, filled_backwards, last_row_of_the_week, needs_the_next_row]


@pytest.mark.parametrize("decide", PEEKING, ids=lambda one: one.__name__)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_planted_strategy_that_looks_ahead_is_always_caught(decide: Decide, seed: int) -> None:
    prices, planted = walk(seed), strategy(decide)
    with pytest.raises(LookAhead, match="2024-0.*(it wants .* once later prices are there|decides|fails without)"):
        look_ahead(planted, prices, decided(planted, prices))


def steps_aside_before_a_crash(prices: Prices, params: Any) -> Targets:
    """A filter against crashes that is off by one, over a rule that changes often: it peeks on a few days of many."""
    aside = np.zeros(prices.close.shape, dtype=bool)
    aside[:-1] = prices.close[1:] < 0.955 * prices.close[:-1]
    rose = np.zeros(prices.close.shape)
    rose[1:] = prices.close[1:] > prices.close[:-1]
    return every_row(np.where(aside, 0.0, 0.5 + rose / 2))


@pytest.mark.parametrize("seed", range(12))
def test_one_that_peeks_on_a_few_days_only_is_caught_before_the_largest_moves(seed: int) -> None:
    prices, planted = walk(seed, days=1500), strategy(steps_aside_before_a_crash)
    with pytest.raises(LookAhead, match="and 0 once later prices are there"):
        look_ahead(planted, prices, decided(planted, prices))


@pytest.mark.parametrize("decide", [yesterday_was_lower, so_far_the_highest, once_and_hold], ids=lambda one: one.__name__)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_an_honest_strategy_is_never_accused(decide: Decide, seed: int) -> None:
    prices, honest = walk(seed), strategy(decide)
    assert look_ahead(honest, prices, decided(honest, prices)) == {"rows": pytest.approx(ROWS, abs=4), "equal": True}


def test_the_evidence_names_the_day_the_symbol_and_both_weights() -> None:
    prices, planted = walk(1), strategy(tomorrow_is_higher)
    with pytest.raises(LookAhead, match=r"on 2024-\d\d-\d\d it wants 0 of [ABC], and 0.333333 once later prices are there"):
        look_ahead(planted, prices, decided(planted, prices))


def test_who_dies_later_is_not_known_before() -> None:
    prices, planted = replace(walk(1), delisted={"B": date(2024, 4, 20)}), strategy(knows_who_dies)
    with pytest.raises(LookAhead, match="0.333333 of B, and 0 once later"):
        look_ahead(planted, prices, decided(planted, prices))


REMEMBERING = """
from enum import Enum
from pydantic import BaseModel
from shared.strategies import Targets

class Side(Enum):
    UP = "up"

class Params(BaseModel):
    side: Side = Side.UP

_TABLES = {}

def decide(prices, params):
    import numpy as np
    if prices.symbols not in _TABLES:
        later = np.zeros(prices.close.shape)
        later[SHIFT] = prices.close[1:] > prices.close[:-1]
        _TABLES[prices.symbols] = later * (params.side is Side.UP)
    rows = np.arange(len(prices.dates))
    return Targets(rows, _TABLES[prices.symbols][: len(rows)] / 3)
"""


def remembering(folder: Path, shift: str) -> Strategy:
    (folder / "keeps.py").write_text(REMEMBERING.replace("SHIFT", shift), encoding="utf-8")
    return strategy_of("keeps", {"side": "up"}, folder)


def test_what_a_strategy_remembers_of_all_prices_hides_no_look_ahead(tmp_path: Path) -> None:
    prices, planted = walk(5), remembering(tmp_path, ":-1")
    wanted = decided(planted, prices)
    assert look_ahead(planted, prices, wanted)["equal"], "its table answers for every earlier day"
    with pytest.raises(LookAhead, match="once later prices are there"):
        look_ahead(afresh(planted), prices, wanted)


def test_who_remembers_only_what_was_known_is_not_accused(tmp_path: Path) -> None:
    prices, honest = walk(5), remembering(tmp_path, "1:")
    wanted = decided(honest, prices)
    assert look_ahead(afresh(honest), prices, wanted)["equal"]
    (tmp_path / "keeps.py").write_text("edited while it runs", encoding="utf-8")
    assert afresh(honest) is honest


def test_a_strategy_that_decides_by_dice_is_told_what_it_is() -> None:
    dice = np.random.RandomState(3)
    planted = strategy(lambda prices, params: every_row(dice.random_sample(prices.close.shape)))
    with pytest.raises(LookAhead, match="does not even decide the same twice"):
        look_ahead(planted, walk(1), decided(planted, walk(1)))


def test_the_same_run_asks_the_same_rows() -> None:
    asked: list[list[int]] = [[], []]
    for place in (0, 1):

        def noting(prices: Prices, params: Any, noted: list[int] = asked[place]) -> Targets:
            noted.append(len(prices.dates))
            return yesterday_was_lower(prices, params)

        planted = strategy(noting)
        look_ahead(planted, walk(4), decided(planted, walk(4)))
    assert asked[0] == asked[1]
    assert len(set(asked[0])) >= ROWS // 2


def test_no_decision_comes_before_the_history_the_strategy_asks_for() -> None:
    prices = walk(2)
    early = strategy(once_and_hold, lookback=lambda params: 10)

    def wanting(row: int) -> Targets:  # to want nothing, as at row 2, is no decision too early
        return Targets(np.array([2, row]), np.array([[0.0] * 3, [0.3] * 3]))

    with pytest.raises(WarmUpMissing, match=r"on 2024-01-09, with 9 of the 10 sessions"):
        warm_up(early, prices, wanting(8), 0)
    wanted = wanting(9)
    assert warm_up(early, prices, wanted, 0) == {"lookback": 10, "sessions_without": 9}
    assert warm_up(early, prices, wanted, 4) == {"lookback": 10, "sessions_without": 5}
    assert warm_up(early, prices, wanted, 60) == {"lookback": 10, "sessions_without": 0}
    assert warm_up(strategy(once_and_hold), prices, wanted, 0) == {"lookback": None, "sessions_without": 0}


@pytest.mark.parametrize("told", [0, 1.5, "20", None])
def test_a_lookback_that_is_none_is_the_strategys_fault(told: Any) -> None:
    planted = strategy(once_and_hold, lookback=lambda params: told)
    with pytest.raises(StrategyFailed, match=r"lookback\(\) returned"):
        warm_up(planted, walk(1), Targets(np.array([0]), np.zeros((1, 3))), 0)


def test_every_strategy_of_ours_decides_with_what_was_known() -> None:
    prices = walk(3, days=500)
    ours = strategy_of("krx_ma200", {"window": 50}, None)
    wanted = decided(ours, prices)
    assert look_ahead(ours, prices, wanted)["equal"]
    assert warm_up(ours, prices, wanted, 0)["sessions_without"] == 49

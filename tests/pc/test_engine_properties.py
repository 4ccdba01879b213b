"""What must hold of every run, whatever the strategy: of each one in the catalog and of random wishes, on odd panels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pc.engine import Simulation, Terms, accepted, simulate, tempered
from shared.catalog import Catalog
from shared.market import Flags, Prices
from shared.strategies import Targets, decided, strategy_of
from tests.harness.panels import NAN, panel, targets
from tests.harness.picks import odd_panel

NAMES = sorted(Catalog("shared.strategies").names())
SEEDS = st.integers(0, 10**6)
CAPITAL = 10_000_000.0
FRACTIONS = Terms(CAPITAL, commission_bps=3, slippage_bps=5, sales_tax=True, price_limits=True, lot=0)
WHOLE = replace(FRACTIONS, lot=1, stop_loss=0.1, cooldown_days=3, position_cap=0.4, cash_floor=0.02, delisting_loss=0.5)
_SESSIONS = {"window": 20, "trend": 50, "momentum": 30, "regime_window": 50, "short": 5, "middle": 10, "long": 30}
_RARE = {"jump": 0.0, "adx_min": 5, "mfi_min": 20, "mfi_max": 100, "volz_min": -3, "sector_top_k": 9, "per_sector_cap": 9}
# Weights: of two symbols 0.5 of one z-score is 0.3 and 0.2 of the others: a true tie, which any rounding breaks.
SHORTER = {**_SESSIONS, **_RARE, "lookbacks": (10, 20, 40), "weights": (0.6, 0.3, 0.1)}
KINDS = ("KOSPI", "ETF", "KOSDAQ")


def prices_of(seed: int) -> Prices:
    """260 days of nine symbols with gaps, halts, late listings and ends; what was traded in won is told beside the prices."""
    bars = odd_panel(seed, rows=260, columns=9)
    kinds = {symbol: KINDS[place % 3] for place, symbol in enumerate(bars.symbols)}
    return replace(bars, value=bars.close * bars.volume * 10, kinds=kinds)


def times(prices: Prices, factor: float) -> Prices:
    """Prices in another unit; the won traded stay won."""
    bars: Any = {name: getattr(prices, name) * factor for name in ("open", "high", "low", "close")}
    return replace(prices, **bars)


def beside(prices: Prices, seed: int) -> Prices:
    """One symbol more, first by name and in the midst of the columns, that belongs to the universe on no day."""
    place, other = seed % (len(prices.symbols) + 1), odd_panel(seed + 1, rows=len(prices.dates), columns=9)
    fields: Any = {name: np.insert(getattr(prices, name), place, getattr(other, name)[:, 0], axis=1) for name in _BARS}
    symbols = (*prices.symbols[:place], "A0", *prices.symbols[place:])
    return replace(prices, symbols=symbols, members=np.insert(_members(prices), place, False, axis=1), **fields)


def _members(prices: Prices) -> Flags:
    assert prices.members is not None
    return prices.members


def whole_of(prices: Prices, seed: int) -> Targets:
    """Random decisions: some symbols, equal or unequal parts, now and then nothing."""
    dice, width = np.random.default_rng(seed), len(prices.symbols)
    rows = np.flatnonzero(dice.random(len(prices.dates)) < 0.15)
    wishes = dice.random((len(rows), width)) * (dice.random((len(rows), width)) < 0.4)
    wishes *= dice.choice([0.0, 0.5, 1.0], (len(rows), 1)) / np.maximum(wishes.sum(axis=1, keepdims=True), 1e-9)
    return Targets(rows, wishes, rebalance=bool(seed % 2))


def wanted_of(name: str, prices: Prices, terms: Terms) -> Targets:
    """What a run of this strategy may trade, as a request's run has it: its defaults, but shorter windows and lower bars."""
    fields = Catalog("shared.strategies").load(name).Params.model_fields
    shorter = {field: value for field, value in SHORTER.items() if field in fields}
    found = decided(strategy_of(name, shorter, None), prices)
    return tempered(accepted(found, prices.close.shape, 0, terms.lag), prices, terms)


def told(prices: Prices, got: Simulation) -> tuple[Any, ...]:
    """Cash, equity and every fill, by the names of the symbols."""
    fills = [(prices.symbols[fill["symbol"]], *fill[_FILL].tolist()) for fill in got.fills]
    return got.cash.tolist(), got.equity.tolist(), fills


_BARS = ("open", "high", "low", "close", "volume", "value")
_FILL = ["row", "decided", "reason", "shares", "price", "commission", "slippage", "tax", "held"]


def test_every_strategy_of_the_catalog_trades_on_these_panels() -> None:
    """Else what follows would say nothing."""
    for name in NAMES:
        runs = (simulate(one, wanted_of(name, one, WHOLE), WHOLE) for one in map(prices_of, range(12)))
        assert any(len(run.fills) > 1 for run in runs), name


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=4, deadline=None)
@given(seed=SEEDS, power=st.integers(-9, 9))
def test_prices_times_a_power_of_two_change_no_decision_and_no_bit_of_the_equity(name: str, seed: int, power: int) -> None:
    prices = prices_of(seed)
    other = times(prices, 2.0**power)
    one, two = wanted_of(name, prices, FRACTIONS), wanted_of(name, other, FRACTIONS)
    assert np.array_equal(one.rows, two.rows)
    assert np.array_equal(one.weights, two.weights)
    assert simulate(prices, one, FRACTIONS).equity.tolist() == simulate(other, two, FRACTIONS).equity.tolist()


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=4, deadline=None)
@given(seed=SEEDS, factor=st.floats(0.01, 1000))
def test_prices_times_any_constant_change_no_decision(name: str, seed: int, factor: float) -> None:
    prices = prices_of(seed)
    other = times(prices, factor)
    one, two = wanted_of(name, prices, FRACTIONS), wanted_of(name, other, FRACTIONS)
    assert np.array_equal(one.rows, two.rows)
    assert np.allclose(one.weights, two.weights, rtol=1e-9, atol=1e-12)
    here, there = simulate(prices, one, FRACTIONS).equity, simulate(other, two, FRACTIONS).equity
    assert np.allclose(here, there, rtol=1e-9, atol=0)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=4, deadline=None)
@given(seed=SEEDS)
def test_a_symbol_of_no_universe_changes_no_bit_of_a_run(name: str, seed: int) -> None:
    prices = prices_of(seed)
    more = beside(prices, seed)
    runs = (simulate(one, wanted_of(name, one, WHOLE), WHOLE) for one in (prices, more))
    assert told(prices, next(runs)) == told(more, next(runs))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=4, deadline=None)
@given(data=st.data(), seed=SEEDS)
def test_the_order_of_the_columns_changes_no_bit_of_a_run(name: str, data: Any, seed: int) -> None:
    prices = prices_of(seed)
    other = prices.pick(list(data.draw(st.permutations(prices.symbols))))
    runs = (simulate(one, wanted_of(name, one, WHOLE), WHOLE) for one in (prices, other))
    assert told(prices, next(runs)) == told(other, next(runs))


@settings(max_examples=25, deadline=None)
@given(data=st.data(), seed=SEEDS)
def test_neither_a_symbol_nobody_picks_nor_the_order_of_columns_changes_a_bit_of_random_wishes(data: Any, seed: int) -> None:
    prices = prices_of(seed)
    wanted, more = whole_of(prices, seed), beside(prices, seed)
    place = more.column("A0")
    order = data.draw(st.permutations(range(len(prices.symbols))))
    other = prices.pick([prices.symbols[column] for column in order])
    here = told(prices, simulate(prices, wanted, WHOLE))
    assert here == told(more, simulate(more, replace(wanted, weights=np.insert(wanted.weights, place, 0.0, axis=1)), WHOLE))
    assert here == told(other, simulate(other, replace(wanted, weights=wanted.weights[:, order]), WHOLE))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=4, deadline=None)
@given(seed=SEEDS, execution=st.sampled_from(["next_open", "next_close", "same_close"]), bps=st.sampled_from([0.0, 25.0, 900.0]))
def test_no_strategy_ever_spends_cash_it_does_not_have(name: str, seed: int, execution: str, bps: float) -> None:
    prices = prices_of(seed)
    for terms in (WHOLE, FRACTIONS, replace(FRACTIONS, fee_mode="embedded", size_at="fill")):
        asked = replace(terms, execution=execution, commission_bps=bps)
        assert simulate(prices, wanted_of(name, prices, asked), asked).cash.min() >= -1e-6


def steady(seed: int) -> Prices:
    """No halts, no gaps and no limits: every order is filled at the bar it was counted out for."""
    dice = np.random.default_rng(seed)
    close = 1_000 * np.exp(np.cumsum(dice.normal(0, 0.1, (60, 4)), axis=0))
    opens = close * dice.uniform(0.7, 1.4, close.shape)
    return replace(panel(close.tolist(), opens.tolist()), kinds=dict.fromkeys("ABCD", "KOSPI"))


@settings(max_examples=60, deadline=None)
@given(
    seed=SEEDS,
    execution=st.sampled_from(["next_open", "next_close", "same_close"]),
    fee_mode=st.sampled_from(["cash", "embedded"]),
    bps=st.tuples(st.floats(0, 500), st.floats(0, 500)),
    taxed=st.booleans(),
)
def test_with_fractional_shares_costs_never_help_on_any_day(
    seed: int, execution: str, fee_mode: str, bps: tuple[float, float], taxed: bool
) -> None:
    """Counted out at the prices it is filled at, what is held is the same share of less money, however prices move."""
    prices = steady(seed)
    wanted = whole_of(prices, seed)
    free = Terms(CAPITAL, lot=0, execution=execution, size_at="fill", fee_mode=fee_mode)
    dear = replace(free, commission_bps=bps[0], slippage_bps=bps[1], sales_tax=taxed)
    without, with_costs = simulate(prices, wanted, free), simulate(prices, wanted, dear)
    assert (with_costs.equity <= without.equity * (1 + 1e-9)).all()
    assert len(without.fills) or not (wanted.weights > 0).any() or not (wanted.rows < 59).any()


def test_only_a_gap_after_the_decision_can_make_the_dearer_run_the_luckier_one() -> None:
    """Half of less money is fewer shares: the half share more that it sells meets an open of ten times the close."""
    prices = panel([[10], [10], [10], [10]], open_=[[10], [10], [100], [10]])
    wanted = targets([0, 1], [[0.5], [0.5]], rebalance=True)
    free, dear = Terms(1_000, lot=0), Terms(1_000, lot=0, commission_bps=200)
    assert simulate(prices, wanted, dear).equity[-1] > simulate(prices, wanted, free).equity[-1]
    at_fill = (replace(terms, size_at="fill") for terms in (dear, free))
    assert simulate(prices, wanted, next(at_fill)).equity[-1] < simulate(prices, wanted, next(at_fill)).equity[-1]


def test_a_symbol_that_has_no_price_at_all_changes_nothing_either() -> None:
    prices = panel([[10], [11], [12]])
    more = panel([[10, NAN], [11, NAN], [12, NAN]])
    one, two = simulate(prices, targets([0], [[1.0]]), WHOLE), simulate(more, targets([0], [[1.0, 0.0]]), WHOLE)
    assert told(prices, one) == told(more, two)

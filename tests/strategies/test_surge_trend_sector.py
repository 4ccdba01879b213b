"""surge_trend_sector by hand, rule by rule, and told a second time in plain Python."""

from __future__ import annotations

from statistics import mean, pstdev
from typing import Any, Dict, List, Set

import numpy as np
import pytest

from shared.market import Prices
from shared.market.indicators import adx, mfi, traded
from shared.market.picking import in_strongest, rank_sums, sectors_of, sight_at
from shared.strategies.surge_trend_sector import Params, decide, lookback, reads
from tests.harness.picks import odd_panel, story
from tests.harness.plain_picks import is_above, is_eligible, mark, traded_won, trades

DAYS = 240
ANY: Dict[str, Any] = {"min_liquidity": 0, "exclude": (), "regime_symbol": None, "mfi_max": 100, "rebalance": "DAILY"}


def surging(jump: float = 0.03, drift: float = 0.001, days: int = DAYS) -> List[float]:
    """Up a little every day, and on the last one a jump."""
    closes = [1000.0 * (1 + drift) ** day for day in range(days - 1)]
    return [*closes, closes[-1] * (1 + jump)]


def volumes(last: float = 3000.0, days: int = DAYS) -> List[float]:
    return [1000.0 + day % 7 for day in range(days - 1)] + [last]


def panel(closes: Dict[str, List[float]], shares: "Dict[str, List[float]] | None" = None, **about: Any) -> Prices:
    return story(closes, {name: (shares or {}).get(name, volumes(days=len(one))) for name, one in closes.items()}, **about)


def held(prices: Prices, **given: Any) -> str:
    """On the last day."""
    targets = decide(prices, Params(**{**ANY, **given}))
    return "".join(symbol for symbol, part in zip(prices.symbols, targets.weights[-1].tolist(), strict=True) if part)


# ---- what is bought ----


def test_a_jump_in_a_trend_with_strength_is_bought_for_a_place() -> None:
    prices = panel({"A": surging()})
    assert decide(prices, Params(**ANY)).weights[-1].tolist() == [0.2]
    assert decide(prices, Params(**ANY)).weights[-2].tolist() == [0.0]


@pytest.mark.parametrize(
    ("closes", "shares", "asked"),
    [
        (surging(jump=0.019), volumes(), {}),  # the day's return is below 2 %
        (surging(), volumes(900.0), {}),  # the traded value does not stand out
        (surging(), volumes(), {"adx_min": 100}),
        (surging(), volumes(), {"mfi_max": 80}),  # every day rose: the money flow is 100
        (surging(drift=-0.001), volumes(), {}),  # below its averages, jump or not
        (surging(drift=-0.001, jump=0.2), volumes(), {}),  # above both, but the short average falls
    ],
)
def test_where_one_condition_fails_it_is_not(closes: List[float], shares: List[float], asked: Dict[str, Any]) -> None:
    assert held(panel({"A": surging()})) == "A"
    assert held(panel({"A": closes}, {"A": shares}), **asked) == ""


def test_exactly_at_a_threshold_is_enough() -> None:
    prices = panel({"A": surging()})
    sight = sight_at(prices, len(prices.dates) - 1)
    from shared.market.picking import surges_of

    seen = surges_of(sight, np.ones((1, 1), dtype=bool))
    exact = {"jump": float(seen.day[0, 0]), "adx_min": float(seen.adx[0, 0]), "volz_min": float(seen.volz[0, 0])}
    assert held(prices, **exact) == "A"
    assert held(prices, mfi_min=float(seen.mfi[0, 0]), mfi_max=float(seen.mfi[0, 0])) == "A"
    for name, value in exact.items():
        assert held(prices, **{name: np.nextafter(value, 1e9)}) == "", name


def test_of_one_sector_only_so_many_and_the_best_first() -> None:
    closes = {name: surging(0.03 + place / 1000) for place, name in enumerate("ABCD")}
    told = {"A": "chips", "B": "chips", "C": "chips", "D": "banks"}
    prices = panel(closes)
    assert held(prices, sectors=told) == "BCD"
    assert held(prices, sectors=told, per_sector_cap=1) == "CD"
    assert held(prices, sectors=told, top_n=1) == "D"
    assert held(prices, sectors=told, per_sector_cap=9) == "ABCD"


def test_only_the_strongest_sectors_are_looked_at() -> None:
    closes = {"A": surging(0.03, 0.001), "B": surging(0.03, 0.002), "C": surging(0.03, 0.003)}
    told = {"A": "a", "B": "b", "C": "c"}
    assert held(panel(closes), sectors=told, sector_top_k=1) == "C"
    assert held(panel(closes), sectors=told, sector_top_k=2) == "BC"


def test_without_sectors_each_symbol_is_one_and_that_is_said() -> None:
    closes = {name: surging(0.03 + place / 1000) for place, name in enumerate("ABCD")}
    targets = decide(panel(closes), Params(**ANY, per_sector_cap=1))
    assert (targets.weights[-1] > 0).tolist() == [False, True, True, True]
    assert targets.notes == ("4 symbol(s) have no sector: each is one of its own",)
    assert decide(panel(closes), Params(**ANY, sectors=dict.fromkeys("ABCD", "x"))).notes == ()


# ---- what is sold ----

AFTER = [0.0, 0.001, 0.001, 0.001]


def then(*changes: float, **given: Any) -> List[str]:
    """What is held after the surge, day by day."""
    closes = surging()
    for change in changes:
        closes.append(closes[-1] * (1 + change))
    prices = panel({"A": closes}, {"A": volumes() + [1000.0] * len(changes)})
    weights = decide(prices, Params(**{**ANY, **given})).weights[-1 - len(changes) :, 0]
    return ["A" if part else "" for part in weights.tolist()]


def test_it_is_held_until_a_sell_rule_is_broken() -> None:
    assert then(*AFTER) == ["A"] * 5
    assert then(0.001, -0.3) == ["A", "A", ""]  # below the long average
    # The middle average is 5 % below here, and the long one 13 %: 8 % down is between, and the last 20 days fell.
    assert then(-0.09) == ["A", ""]
    assert then(-0.05) == ["A", "A"]


def test_as_the_old_backtest_had_it_everybody_is_picked_anew() -> None:
    assert then(*AFTER, mode="backtest") == ["A", "", "", "", ""]


def test_in_a_bad_regime_nothing_is_bought_and_by_the_backtest_nothing_held() -> None:
    closes = surging()
    closes += [closes[-1] * 1.001, closes[-1] * 1.002]
    away = np.ones((DAYS + 26, 2), dtype=bool)
    away[:, 1] = False
    shares = {"A": [*volumes(), 1000.0, 1000.0]}
    regime = {"regime_symbol": "M", "regime_window": 3}
    good = panel({"A": closes, "M": [1000.0 + day for day in range(DAYS + 2)]}, shares, members=away)
    fell = panel({"A": closes, "M": [1000.0 + day for day in range(DAYS)] + [900.0, 800.0]}, shares, members=away)
    bad = panel({"A": closes, "M": [2000.0 - day for day in range(DAYS + 2)]}, shares, members=away)
    assert [held(prices, **regime) for prices in (good, fell, bad)] == ["A", "A", ""]
    again = {**regime, "mode": "backtest", "jump": 0, "volz_min": -10}
    assert [held(prices, **again) for prices in (good, fell, bad)] == ["A", "", ""]


def test_no_sell_rule_asks_for_liquidity() -> None:
    shares = {"A": [*volumes(9e6), *([1.0] * 25)]}
    closes = surging()
    for _ in range(25):
        closes.append(closes[-1] * 1.001)
    prices = panel({"A": closes}, shares)
    assert held(prices, min_liquidity=1e6, volz_min=-10) == "A"


# ---- parts ----


def test_ranks_are_added_up_and_equal_ones_share_theirs() -> None:
    mask = np.array([[True, True, True, False]])
    one, other = np.array([[1.0, 2.0, 2.0, 9.0]]), np.array([[5.0, 1.0, 3.0, 9.0]])
    assert rank_sums([one, other], mask)[0, :3].tolist() == [1 + 3, 2.5 + 1, 2.5 + 2]
    assert np.isnan(rank_sums([one], mask)[0, 3])


def test_a_sector_is_as_strong_as_its_mean_price_over_a_month_and_a_quarter() -> None:
    # a: (200 + 100) / 2 a quarter ago, (200 + 160) / 2 a month ago, (220 + 160) / 2 now: 0.5 × 5.6 % + 0.5 × 26.7 % = 16.1 %.
    # b: 100, 100, 115: 15 %.
    steps = {"A": (200, 200, 220), "B": (100, 160, 160), "C": (100, 100, 115)}
    closes = {name: [float(old)] * 30 + [float(mid)] * 40 + [float(new)] for name, (old, mid, new) in steps.items()}
    prices = story(closes)
    sight = sight_at(prices, len(prices.dates) - 1)
    sectors = sectors_of(sight, {"A": "a", "B": "a", "C": "b"})
    everybody = np.ones((1, 3), dtype=bool)
    assert in_strongest(sight, sectors, everybody, 1).tolist() == [[True, True, False]]
    assert in_strongest(sight, sectors, everybody & [True, False, True], 1).tolist() == [[False, False, True]]


def test_its_lookback_is_that_of_its_longest_average() -> None:
    assert (lookback(Params()), reads(Params())) == (200, ("069500",))
    assert lookback(Params(regime_window=300)) == 300


# ---- the second telling ----


def told_again(prices: Prices, rows: List[int], params: Params) -> List[Set[str]]:
    bars = traded(prices)
    strength, flow = adx(bars, 14).adx, mfi(bars, 14)
    symbols, kept, found = sorted(prices.symbols), list[str](), []
    for row in rows:
        facts = {one: _facts(prices, row, one) | _two(prices, row, one, strength, flow) for one in symbols}
        fit = [one for one in symbols if is_eligible(prices, row, one, 60)]
        strong = _strong(prices, row, [one for one in fit if "2X" not in prices.names[one]], params)
        surge = [one for one in strong if _surges(facts[one], params)]
        score = {
            one: sum(_rank(facts, surge, one, name) for name in ("day", "month", "quarter", "adx", "mfi", "z")) for one in surge
        }
        kept = [one for one in kept if one in fit and not _is_broken(facts[one])]
        for one in sorted(surge, key=lambda each: (-score[each], each)):
            alike = [each for each in kept if params.sectors.get(each, each) == params.sectors.get(one, one)]
            if one not in kept and len(kept) < params.top_n and len(alike) < params.per_sector_cap:
                kept = [*kept, one]
        found.append(set(kept))
    return found


def _facts(prices: Prices, row: int, symbol: str) -> Dict[str, Any]:
    column = prices.column(symbol)
    days = [day for day in range(row + 1) if trades(prices, day, column)]
    closes = [float(prices.close[day, column]) for day in days]
    averages = (
        [mean(closes[end - 20 : end]) for end in range(max(20, len(closes) - 19), len(closes) + 1)] if len(closes) > 38 else []
    )
    rise = sum((place - 9.5) * value for place, value in enumerate(averages)) if len(averages) == 20 else 0.0
    worth = [traded_won(prices, day, column) for day in days[-20:]]
    spread = pstdev(worth) if len(worth) == 20 else 0.0
    today = trades(prices, row, column)
    return {
        "today": today,
        "middle": is_above(prices, row, column, 50) if today else None,
        "long": is_above(prices, row, column, 200) if today else None,
        "rising": rise > 0,
        "z": (worth[-1] - mean(worth)) / spread if spread and today else float("nan"),
        **{
            name: mark(prices, row, column) / (mark(prices, row - back, column) or float("nan")) - 1
            for name, back in (("day", 1), ("month", 20), ("quarter", 60))
        },
    }


def _two(prices: Prices, row: int, symbol: str, strength: Any, flow: Any) -> Dict[str, float]:
    return {"adx": strength[row, prices.column(symbol)], "mfi": flow[row, prices.column(symbol)]}


def _surges(one: Dict[str, Any], params: Params) -> bool:
    is_trend = one["today"] and one["middle"] and one["long"] and one["rising"]
    is_strong = one["adx"] >= params.adx_min and params.mfi_min <= one["mfi"] <= params.mfi_max and one["z"] >= params.volz_min
    return bool(is_trend and is_strong and one["day"] >= params.jump)


def _is_broken(one: Dict[str, Any]) -> bool:
    weak = one["month"] < 0 or one["adx"] < 15 or one["mfi"] < 40 or one["z"] <= 0
    return one["long"] is False or (one["middle"] is False and weak)


def _rank(facts: Dict[str, Dict[str, Any]], among: List[str], symbol: str, name: str) -> float:
    value = facts[symbol][name]
    return sum(facts[one][name] < value for one in among) + (sum(facts[one][name] == value for one in among) + 1) / 2


def _strong(prices: Prices, row: int, among: List[str], params: Params) -> List[str]:
    sectors: Dict[str, List[str]] = {}
    for one in among:
        sectors.setdefault(params.sectors.get(one, one), []).append(one)

    def price(members: List[str], back: int) -> float:
        return mean(mark(prices, row - back, prices.column(one)) for one in members)

    strength = {
        name: 0.5 * (price(of, 0) / price(of, 20) - 1) + 0.5 * (price(of, 0) / price(of, 60) - 1) for name, of in sectors.items()
    }
    best = sorted(strength, key=lambda name: (-strength[name], name))[: params.sector_top_k]
    return [one for one in among if params.sectors.get(one, one) in best]


@pytest.mark.parametrize("seed", range(3))
def test_a_slow_reading_of_the_rules_holds_the_same(seed: int) -> None:
    prices = odd_panel(seed, 420)
    loose = {"jump": 0.005, "adx_min": 5, "mfi_min": 30, "volz_min": -0.5, "sector_top_k": 4, "top_n": 3, "exclude": ("2X",)}
    sectors = {"S0": "a", "S1": "a", "S2": "b", "S3": "b", "S4": "b", "S5": "c", "S8": "c"}
    params = Params(**{**ANY, **loose, "mfi_max": 90, "sectors": sectors, "per_sector_cap": 1, "rebalance": "WEEKLY_FRI"})
    targets = decide(prices, params)
    there = [{symbol for symbol, part in zip(prices.symbols, row, strict=True) if part} for row in targets.weights.tolist()]
    assert there == told_again(prices, targets.rows.tolist(), params)
    assert any(there)

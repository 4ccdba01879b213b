"""momentum_topN_v1 by hand: one small panel for each of its rules."""

from __future__ import annotations

from datetime import date
from typing import Any, Dict, List

import numpy as np
import pytest

from shared.errors import ParamsInvalid
from shared.market import Prices
from shared.strategies import strategy_of
from shared.strategies.momentum_topN_v1 import Params, decide, lookback, reads
from tests.harness.picks import BEFORE, NAN, Closes, names_held, story

PLAIN: Dict[str, Any] = {
    "lookbacks": (1,),
    "weights": (1.0,),
    "ranking": "weighted_mom",
    "top_n": 1,
    "min_liquidity": 0,
    "exclude": (),
    "regime_symbol": None,
    "rebalance": "DAILY",
}
FIVE = {name: [100.0] for name in "ABCDE"}


def held(prices: Prices, **given: Any) -> Dict[int, str]:
    return names_held(prices, decide(prices, Params(**{**PLAIN, **given})))


def notes(prices: Prices, **given: Any) -> List[str]:
    return list(decide(prices, Params(**{**PLAIN, **given})).notes)


# ---- scores ----


def test_the_score_is_the_weighted_sum_of_the_changes_over_each_lookback() -> None:
    # Over 1 day A has +10 % and B 0, over 2 days A 0 and B +4 %.
    prices = story({"A": [110, 100, 110], "B": [100, 104, 104], "C": [100, 100, 100]})
    assert held(prices, lookbacks=(1, 2), weights=(0.4, 0.6), sell_rank=0.1)[2] == "A"  # 0.04 against 0.024
    assert held(prices, lookbacks=(1, 2), weights=(0.2, 0.8), sell_rank=0.1)[2] == "B"  # 0.02 against 0.032


def test_the_z_score_counts_each_lookback_by_how_far_it_stands_out() -> None:
    # Among three, one that moves alone is √2 deviations above the mean and the others 1/√2 below it, however far it moved:
    # A has 0.4 × 1.414 - 0.6 × 0.707 = 0.14, B has 0.6 × 1.414 - 0.4 × 0.707 = 0.57.
    prices = story({"A": [110, 100, 110], "B": [100, 104, 104], "C": [100, 100, 100]})
    assert held(prices, lookbacks=(1, 2), weights=(0.4, 0.6), ranking="zscore_weighted_mom", sell_rank=0.1)[2] == "B"


def test_where_all_moved_alike_the_names_decide() -> None:
    closes: Closes = {name: [100.0, 107.0] for name in "BAC"}
    for ranking in ("weighted_mom", "zscore_weighted_mom"):
        assert held(story(closes), ranking=ranking, top_n=2)[1] == "AB"


def test_the_best_are_held_in_equal_parts_and_an_empty_slot_is_cash() -> None:
    prices = story({"A": [100, 105], "B": [100, 103], "C": [100, 101]})
    weights = decide(prices, Params(**{**PLAIN, "top_n": 4, "sell_rank": 1})).weights
    assert weights[-1].tolist() == [0.25, 0.25, 0.25]


# ---- who is kept and who is sold ----


def test_a_held_symbol_is_kept_until_it_is_ranked_in_the_bottom_fifth() -> None:
    others: Closes = {"B": [100, 100, 102, 103], "C": [100, 100, 102, 103], "D": [100, 100, 102, 103], "E": [100, 100, 90, 95]}
    # A is first on day 1, fourth of five on day 2 (0.8: stays), last on day 3 (1.0: sold, the best comes in).
    assert held(story({"A": [100, 110, 109, 100], **others}))[2] == "A"
    assert held(story({"A": [100, 110, 109, 100], **others}))[3] == "E"


def test_another_share_may_be_kept() -> None:
    closes: Closes = {"A": [100, 110, 110], "B": [100, 100, 101], "C": [100, 100, 102], "D": [100, 100, 90], "E": [100, 100, 90]}
    assert held(story(closes))[2] == "A"  # third of five
    assert held(story(closes), sell_rank=0.5)[2] == "C"
    assert held(story({"A": [100, 110, 80], "B": [100, 100, 101]}), sell_rank=1)[2] == "A"


def test_who_would_be_sold_at_once_is_not_bought() -> None:
    closes: Closes = {name: [100.0, 100.0 + place] for place, name in enumerate("EDCBA")}
    assert held(story(closes), top_n=5)[1] == "ABCD"


def test_the_best_one_is_never_at_the_bottom_however_few_there_are() -> None:
    assert held(story({"A": [100, 90]}))[1] == "A"
    assert held(story({"A": [100, 90], "B": [100, 95]}), top_n=2)[1] == "B"


def test_equal_scores_at_the_edge_of_the_bottom_are_told_apart_by_name() -> None:
    closes: Closes = {name: [100.0, 99.0] for name in "EDCBA"}
    assert held(story(closes), top_n=5)[1] == "ABCD"


# ---- what is traded enough ----


def test_the_mean_of_twenty_sessions_must_reach_the_least_value() -> None:
    prices = story({"A": [100, 110], "B": [100, 105]}, {"A": [900.0], "B": [1000.0]})
    # B trades 100,000 won on 19 days and 105,000 on the last: 100,250. A 100,000 and 99,000: 99,950.
    assert held(prices, min_liquidity=100_250)[1] == "B"
    assert held(prices, min_liquidity=99_950)[1] == "A"
    assert held(prices, min_liquidity=100_251)[1] == ""


def test_a_session_without_a_trade_counts_as_nothing_traded() -> None:
    prices = story({"A": [100, 100, 110], "B": [100, 100, 105]}, {"A": [0.0, 1000.0]})
    assert held(prices, min_liquidity=96_000)[2] == "B"  # A: 18 × 100,000 + 0 + 110,000 over 20 is 95,500
    assert held(prices, min_liquidity=95_500)[2] == "A"


def test_an_unknown_value_is_taken_as_close_times_volume_and_that_is_said() -> None:
    closes: Closes = {"A": [100.0, 110.0], "B": [100.0, 105.0]}
    value = np.full((BEFORE + 2, 2), NAN)
    assert held(story(closes, value=value), min_liquidity=100_500)[1] == "A"
    assert held(story(closes, value=value), min_liquidity=100_501)[1] == ""
    [said] = notes(story(closes, value=value), min_liquidity=1)
    assert said == "traded value of 2 symbol(s) is not known everywhere: close × volume stands in its place"


def test_who_has_neither_value_nor_volume_is_left_out_and_that_is_said() -> None:
    prices = story({"A": [100, 110], "B": [100, 105]}, {"A": [NAN] * (BEFORE + 2)})
    assert held(prices, min_liquidity=1)[1] == "B"
    [said] = notes(prices, min_liquidity=1)
    assert said.startswith("1 symbol(s) were left out on some days: neither their traded value nor their volume")
    assert held(prices)[1] == "A"
    assert notes(prices) == []


# ---- who is excluded ----


def test_leveraged_and_inverse_are_told_by_their_korean_names() -> None:
    named = {"A": "KODEX 레버리지", "B": "KODEX 200선물인버스2X", "C": "TIGER 인버스", "D": "아무개 2x", "E": "KODEX 200"}
    closes: Closes = {name: [100.0, 120.0 - place] for place, name in enumerate("ABCDE")}
    prices = story(closes, names=named)
    assert held(prices, exclude=("LEVERAGED", "INVERSE"), top_n=5, sell_rank=1)[1] == "E"
    assert held(prices, exclude=("INVERSE",), top_n=5, sell_rank=1)[1] == "ADE"
    assert held(prices, exclude="kodex", top_n=5, sell_rank=1)[1] == "CD"
    assert notes(prices, exclude=("INVERSE",)) == []


def test_a_symbol_without_a_name_is_not_excluded_and_that_is_said() -> None:
    prices = story({"A": [100, 110], "B": [100, 105]}, names={"B": "TIGER 인버스"})
    assert held(prices, exclude=("INVERSE",), top_n=2, sell_rank=1)[1] == "A"
    assert notes(prices, exclude=("INVERSE",)) == ["1 symbol(s) have no name here: none of them is excluded by one"]


def test_where_everything_is_excluded_everything_is_cash() -> None:
    prices = story({"A": [100, 110]}, names={"A": "아무개"})
    assert held(prices, exclude=("아무개",))[1] == ""


# ---- the regime ----

REGIME = {"regime_symbol": "M", "regime_window": 3}
WITH_M = {"A": [100.0, 101, 102, 103, 104]}


def regime(closes: List[float], volume: "List[float] | None" = None, **given: Any) -> str:
    """What is held on the last day."""
    away = np.ones((BEFORE + len(closes), 2), dtype=bool)
    away[:, 1] = False
    prices = story({"A": WITH_M["A"][: len(closes)], "M": closes}, {"M": volume} if volume else None, members=away)
    return held(prices, **{**REGIME, **given})[len(closes) - 1]


def test_below_its_average_nothing_is_held() -> None:
    assert regime([100, 100, 103]) == "A"
    assert regime([100, 100, 97]) == ""


def test_a_close_equal_to_its_average_is_not_above_it() -> None:
    assert regime([100.1, 100.1, 100.1]) == ""


def test_when_the_regime_comes_back_the_best_are_bought_anew() -> None:
    closes: Closes = {"A": [100, 110, 110, 110], "B": [100, 100, 100, 115], "M": [100, 101, 90, 101]}
    days = held(story(closes), **REGIME, sell_rank=1)
    assert [days[day] for day in (1, 2, 3)] == ["A", "", "B"]


def test_on_a_day_without_a_trade_the_last_verdict_stands() -> None:
    assert regime([100, 103, 90], [1.0, 1.0, 0.0]) == "A"
    assert regime([100, 97, 110], [1.0, 1.0, 0.0]) == ""


def test_a_regime_nobody_can_know_is_what_was_asked_and_that_is_said() -> None:
    assert regime([NAN, 100, 90]) == "A"
    assert regime([NAN, 100, 90], regime_unknown="off") == ""
    prices = story(WITH_M)
    assert held(prices, **REGIME)[4] == "A"
    assert held(prices, **REGIME, regime_unknown="off")[4] == ""
    [said] = notes(prices, **REGIME)
    assert said == "regime unknown at 10 decision(s), taken as on: M: it is not among these prices"
    late = story({"A": [100, 101, 102], "M": [NAN, 100, 90]})
    [said] = notes(late, **REGIME, regime_unknown="off")
    assert said == "regime unknown at 8 decision(s), taken as off: M: it has fewer than 3 closes"


# ---- when ----


def weekdays(count: int, first: str) -> Any:
    days = np.arange(np.datetime64(first), np.datetime64(first) + 2 * count)
    return days[np.is_busday(days)][:count]


def decided_on(first: str, rebalance: str) -> List[str]:
    closes = [100.0 + place for place in range(40)]
    prices = story({"A": closes}, dates=weekdays(BEFORE + 40, first))
    targets = decide(prices, Params(**{**PLAIN, "rebalance": rebalance}))
    return [str(prices.dates[row]) for row in targets.rows]


def test_weekly_is_the_last_session_of_the_week_also_before_a_holiday() -> None:
    # Friday 2024-05-10 is a session; 2024-03-01 is a Friday and a holiday, and so is Wednesday 2024-04-10.
    found = decided_on("2024-01-29", "WEEKLY_FRI")
    assert found[:5] == ["2024-02-23", "2024-02-29", "2024-03-08", "2024-03-15", "2024-03-22"]


def test_monthly_is_the_last_session_of_the_month() -> None:
    assert decided_on("2024-01-29", "MONTHLY") == ["2024-02-29", "2024-03-29"]


def test_daily_is_every_session_from_the_first_with_enough_history() -> None:
    assert decided_on("2024-01-29", "DAILY")[:2] == ["2024-02-23", "2024-02-26"]


def test_the_last_row_of_the_prices_is_no_week_end_of_its_own() -> None:
    """A Wednesday is none, though no later row is known; and a Friday is one, though none is."""
    closes = [100.0 + place for place in range(40)]
    for stop, last in ((62, "2024-04-19"), (63, "2024-04-19"), (64, "2024-04-19")):
        prices = story({"A": closes}, dates=weekdays(BEFORE + 40, "2024-01-29")).until(stop)
        row = decide(prices, Params(**{**PLAIN, "rebalance": "WEEKLY_FRI"})).rows[-1]
        assert str(prices.dates[row]) == last, str(prices.dates[-1])


def test_nothing_is_decided_before_the_longest_lookback_is_full() -> None:
    assert lookback(Params()) == 200
    assert lookback(Params(regime_window=60)) == 127
    assert lookback(Params(**PLAIN)) == 20
    prices = story({"A": [100.0] * 200})
    targets = decide(prices, Params(**{**PLAIN, "lookbacks": (126,)}))
    assert targets.rows[0] == 126
    assert reads(Params()) == ("069500",)
    assert reads(Params(**PLAIN)) == ()


# ---- what can be bought ----


def test_a_halted_symbol_is_not_bought_and_a_held_one_stays() -> None:
    closes: Closes = {"A": [100, 101, 102, 103], "B": [100, 110, 111, 112], "C": [100, 120, 120, 120]}
    two = {"lookbacks": (3,), "sell_rank": 0.7}  # two of three stay
    assert held(story(closes, {"C": [0.0, 0.0, 0.0]}), **two)[3] == "B"
    days = held(story(closes, {"C": [1.0, 0.0, 0.0]}), **two)
    assert [days[1], days[2], days[3]] == ["C", "C", "C"]


def test_who_has_not_traded_for_twenty_sessions_is_left() -> None:
    silent = [100.0, 120.0] + [120.0] * 21
    closes: Closes = {"A": silent, "B": [100.0 + place / 10 for place in range(23)]}
    days = held(story(closes, {"A": [1.0] + [0.0] * 21}), sell_rank=1)
    assert (days[20], days[21]) == ("A", "B")


def test_who_is_known_to_be_delisted_is_left_at_once_and_not_before() -> None:
    closes: Closes = {"A": [100, 120, NAN], "B": [100, 101, 102]}
    days = held(story(closes, delisted={"A": date(2024, 1, 26)}), sell_rank=1)
    assert (days[1], days[2]) == ("A", "B")


def test_a_symbol_listed_later_counts_once_it_has_the_longest_lookback() -> None:
    closes: Closes = {"A": [100, 101, 102, 103], "B": [NAN, 50, 60, 70]}
    days = held(story(closes), lookbacks=(1, 2), weights=(0.5, 0.5), sell_rank=0.5)
    assert [days[day] for day in range(4)] == ["A", "A", "A", "B"]


def test_who_leaves_the_universe_is_left_and_who_is_not_in_it_is_not_bought() -> None:
    members = np.ones((BEFORE + 4, 2), dtype=bool)
    members[BEFORE + 2, 0] = False
    prices = story({"A": [100, 110, 120, 130], "B": [100, 101, 102, 103]}, members=members)
    days = held(prices, sell_rank=1)
    assert [days[day] for day in (1, 2, 3)] == ["A", "B", "B"]


# ---- bad input ----


@pytest.mark.parametrize("days", [1, 19])
def test_too_little_history_gives_no_decision_at_all(days: int) -> None:
    prices = story({"A": [100.0, 101.0]}).until(days)
    assert decide(prices, Params(**PLAIN)).rows.tolist() == []
    assert decide(prices, Params()).weights.shape == (0, 1)


def test_an_empty_universe_is_decided_as_nothing() -> None:
    prices = story(FIVE).pick([])
    targets = decide(prices, Params(**{**PLAIN, "ranking": "zscore_weighted_mom", "min_liquidity": 1}))
    assert targets.weights.shape == (len(targets.rows), 0)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"weights": [0.5, 0.5]}, "3 lookbacks and 2 weights: give one weight per lookback"),
        ({"weights": [0.5, 0.3, 0.3]}, r"weights \[0.5, 0.3, 0.3\] add up to 1.1, not to 1"),
        ({"lookbacks": [0, 1, 2]}, "each is 1 to 2000 sessions"),
        ({"lookbacks": []}, "does not take lookbacks="),
        ({"ranking": "best"}, "does not take ranking='best'.*zscore_weighted_mom"),
        ({"rebalance": "HOURLY"}, "does not take rebalance='HOURLY'"),
        ({"sell_rank": 0}, "does not take sell_rank=0"),
        ({"core_holdings": [91160]}, "91160 is not a string: write tickers in quotes"),
        ({"core_holdings": 91160}, "91160 is no list of words"),
        ({"min_liquidity": "many"}, "does not take min_liquidity='many'"),
        ({"topn": 5}, "has no parameter 'topn'.*did you mean 'top_n'"),
    ],
)
def test_a_wrong_parameter_is_refused_in_words(given: Dict[str, Any], said: str) -> None:
    with pytest.raises(ParamsInvalid, match=said):
        strategy_of("momentum_topN_v1", given, None)


def test_what_yaml_makes_of_a_number_or_a_list_is_taken() -> None:
    """PyYAML reads 3e8 as a string; and a sum that is 1 within a thousandth is 1."""
    params = strategy_of("momentum_topN_v1", {"min_liquidity": "3e8", "weights": [0.5, 0.3, 0.201]}, None).params
    assert params == Params(weights=(0.5, 0.3, 0.201))
    assert Params(core_holdings="069500, 091170,069500,").core_holdings == ("069500", "091170")

"""A fill larger than all that was traded that day is told: the market could not have given it."""

from __future__ import annotations

from pathlib import Path

from inbox import Request
from pc.engine import Terms, beyond_volume, simulate
from pc.run import run
from shared.market import Prices
from tests.harness.panels import NAN, panel, targets
from tests.harness.road import settings_for


def said_of(prices: Prices, capital: float) -> list[str]:
    return beyond_volume(prices, simulate(prices, targets([0, 1], [[1.0], [0.0]]), Terms(capital)).fills)


def of_volumes(*volumes: float) -> Prices:
    return panel([[10.0]] * len(volumes), volume=[[volume] for volume in volumes])


def test_a_fill_larger_than_its_bar_is_told_with_day_and_numbers() -> None:
    assert said_of(of_volumes(9, 100, 99), 1000) == [
        "1 of 2 fills are larger than all that was traded that day: the first A on 2024-01-03, 100 of 99 shares"
    ]
    assert said_of(of_volumes(9, 10, 10), 1000) == [
        "2 of 2 fills are larger than all that was traded that day: the first A on 2024-01-02, 100 of 10 shares"
    ]


def test_all_of_a_bar_and_an_unknown_volume_are_not_told() -> None:
    assert said_of(of_volumes(1, 100, 100), 1000) == said_of(of_volumes(NAN, NAN, NAN), 1000) == []
    assert said_of(of_volumes(1, 1, 1), 1) == [], "nothing was traded"


def test_more_money_than_a_market_has_is_told_in_the_answer(synthetic_data: Path, tmp_path: Path) -> None:
    asked = Request.model_validate({"strategy": "krx_ma200", "symbols": ["990010"], "capital": 10**15, "charts": False})
    files: dict[str, bytes] = {}
    told = run(asked, settings_for(tmp_path / "reports", synthetic_data), files.__setitem__, lambda phase, percent: None)
    assert [one for one in told.degraded if "fills are larger than all that was traded that day: the first 990010 on" in one]

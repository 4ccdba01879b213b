"""What is not in the universe on a day is not bought on it, whatever a strategy wants."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inbox import Request
from pc.engine import belonging
from pc.run import run
from shared.config import Settings
from shared.market import Prices
from shared.strategies import Targets
from tests.harness.panels import panel, targets
from tests.harness.road import settings_for

WANTS_ALL = """
from pydantic import BaseModel
from shared.strategies import Targets

class Params(BaseModel):
    pass

def reads(params):
    return ["990020"]

def decide(prices, params):
    import numpy as np
    return Targets(np.array([0]), np.full((1, len(prices.symbols)), 1 / len(prices.symbols)))
"""


def of(members: list[list[int]]) -> Prices:
    return panel([[1.0, 1.0]] * len(members)).telling(members=np.array(members, dtype=bool))


def kept(prices: Prices, wanted: Targets) -> list[list[float]]:
    found: list[list[float]] = belonging(wanted, prices).weights.tolist()
    return found


def test_who_comes_to_the_universe_later_is_not_bought_before() -> None:
    prices, wanted = of([[1, 0], [1, 0], [1, 1]]), targets([0, 1, 2], [[0.5, 0.5]] * 3)
    assert kept(prices, wanted) == [[0.5, 0.0], [0.5, 0.0], [0.5, 0.5]]


def test_who_was_bought_as_a_member_may_be_held_on_and_not_bought_again() -> None:
    prices = of([[1, 1], [1, 0], [1, 0], [1, 0]])
    assert kept(prices, targets([0, 1, 2, 3], [[0.5, 0.5], [0.2, 0.8], [1.0, 0.0], [0.5, 0.5]])) == [
        [0.5, 0.5],
        [0.2, 0.8],
        [1.0, 0.0],
        [0.5, 0.0],
    ]


def test_it_is_told_once_with_how_often_and_who_was_first() -> None:
    told = belonging(targets([1, 2], [[0.5, 0.5]] * 2), of([[1, 0]] * 3)).notes
    assert told == ("2 decision(s) wanted what was not in the universe that day, B on 2024-01-02 first: that stayed cash",)
    fitting = targets([0, 1], [[1.0, 0.0]] * 2)
    assert belonging(fitting, of([[1, 0]] * 3)) is fitting
    assert belonging(fitting, panel([[1.0, 1.0]] * 2)) is fitting, "who names symbols belongs always"


def test_what_a_strategy_only_reads_is_never_traded_and_that_is_told(synthetic_data: Path, tmp_path: Path) -> None:
    (tmp_path / "wants_all.py").write_text(WANTS_ALL, encoding="utf-8")
    settings: Settings = settings_for(tmp_path / "reports", synthetic_data, strategies_path=tmp_path)
    files: dict[str, bytes] = {}
    asked = Request.model_validate({"strategy": "wants_all", "symbols": ["990010"], "charts": False})
    told = run(asked, settings, files.__setitem__, lambda phase, percent: None)
    assert {line.split(",")[1] for line in files["trades.csv"].decode().splitlines()[1:]} == {"990010"}
    assert [one for one in told.degraded if "1 decision(s) wanted what was not in the universe that day, 990020 on" in one]

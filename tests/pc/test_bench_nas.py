"""The bench of the NAS measures what it says, on tiny numbers; speed is no test's business."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pc.bench.engine_cases import panel_of
from pc.bench.measure import Scale
from pc.bench.nas_rows import rows
from pc.bench.scan_decision import decided_on
from pc.bench.table import TABLES, measured
from shared.strategies import strategy_of

ROWS = dict(rows())


@pytest.mark.parametrize("name", ROWS)
def test_every_row_of_the_nas_measures_something_and_its_json_parses(name: str, tmp_path: Path) -> None:
    assert list(dict(TABLES["nas"]())) == list(ROWS)
    found, code = measured(ROWS[name], Scale(rounds=1, starts=1, panel=(220, 8)), tmp_path)
    again = json.loads(json.dumps(found))
    assert (again["not_measured"], code in (0, 1)) == ("", True), found
    assert again["goals"]
    assert all(goal["value"] > 0 for goal in again["goals"])


def test_the_decision_that_is_measured_judges_everybody_who_is_held() -> None:
    prices = panel_of(300, 40)
    strategy = strategy_of("surge_trend_sector", {"regime_symbol": prices.symbols[0]}, None)
    found = decided_on(strategy, prices)
    assert (found.universe, len(found.sell) + len(found.hold)) == (40, 20)
    assert found.sell
    assert found.hold

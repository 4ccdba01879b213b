"""Every strategy that picks, asked for as a person asks, on real prices of Korean ETFs where somebody has them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Dict

import pytest

from tests.harness.road import Road

TRIAL = os.environ.get("RELAY_TRIAL_PRICES", "")
ASKED: Dict[str, Dict[str, Any]] = {
    "momentum_topN_v1": {"core_holdings": "069500,091170,364980"},
    "score_rank_v1": {},
    "trend_following_etf": {},
    "surge_trend_sector": {"jump": 0.01, "volz_min": 0.5},
    "inverse_volatility": {},
    "target_volatility": {},
    "equal_weight": {},
    "buy_and_hold": {},
}


@pytest.mark.skipif(not TRIAL, reason="RELAY_TRIAL_PRICES names no folder with real prices")
def test_a_request_on_real_prices_is_answered_and_its_checks_hold(tmp_path: Path, quick_folder: Path) -> None:
    local = tmp_path / "data" / "prices" / "local"
    local.mkdir(parents=True)
    for file in Path(TRIAL).glob("*.parquet"):
        (local / file.name).write_bytes(file.read_bytes())
    road = Road(quick_folder / "reports", tmp_path / "data", prices="local")
    period = {"start": "2024-01-02", "end": "2025-12-10", "universe": "KOR_ETF_CORE"}
    for name, params in ASKED.items():
        road.submit(request_id=name.lower(), strategy=name, params=params, **period)
    assert road.drain() == 0
    for name in ASKED:
        manifest = road.manifest(name.lower())
        assert manifest["checks"]["reconciled"] is True, name
        assert manifest["checks"]["look_ahead"]["equal"] is True, name
        assert manifest["metrics"]["trades"] > 0, name
        assert not [note for note in manifest["degraded"] if "CORE_HOLDINGS" in note or "regime unknown" in note], name

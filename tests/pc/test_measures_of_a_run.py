"""What a run says of itself: its measures, those it leaves out of the manifest, and its benchmarks on the dates they share."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inbox import Request
from pc.engine import TABLES
from pc.run import Ran, run
from shared.config import Settings
from shared.market import Prices, write_prices
from shared.market.providers import synthetic

YEARS = {"strategy": "krx_ma200", "start": "2020-01-01", "end": "2022-12-31", "charts": False, "symbols": ["990010"]}


def ran(home: Path, prices: Prices) -> tuple[Ran, dict[str, bytes]]:
    write_prices(home / "prices" / "local", prices)
    files: dict[str, bytes] = {}
    request = Request.model_validate({**YEARS, "benchmarks": ["KOSPI"]})
    told = run(request, Settings(prices="local", data=home), files.__setitem__, lambda phase, percent: None)
    return told, files


def without(prices: Prices, symbol: str, days: int) -> Prices:
    """The prices with no bar of that symbol on the first so many sessions of 2021."""
    row = int(np.searchsorted(prices.dates, np.datetime64("2021-01-01")))
    bars: dict[str, Any] = {name: getattr(prices, name).copy() for name in ("open", "high", "low", "close", "volume")}
    for bar in bars.values():
        bar[row : row + days, prices.column(symbol)] = np.nan
    return replace(prices, **bars)


@pytest.mark.parametrize("holiday_of", ["KOSPI", "990010"])
def test_a_day_on_which_only_one_of_them_had_a_close_is_not_compared(tmp_path: Path, holiday_of: str) -> None:
    made = replace(synthetic.make_prices(), synthetic=False, provider="test")
    whole, _ = ran(tmp_path / "whole", made)
    told, files = ran(tmp_path / "holes", without(made, holiday_of, 7))
    sessions = whole.period["used"]["n_days"]
    assert whole.metrics["relative"]["KOSPI"]["dates"] == sessions
    assert told.metrics["relative"]["KOSPI"]["dates"] == sessions - 7
    assert told.metrics["benchmarks"] == whole.metrics["benchmarks"]
    assert files["equity_curve.csv"].count(b"\n") == 1 + sessions  # the curve has every day of the period


def test_the_manifest_has_every_figure_and_no_table(tmp_path: Path) -> None:
    told, files = ran(tmp_path, replace(synthetic.make_prices(), synthetic=False, provider="test"))
    written = json.loads(files["metrics.json"])
    assert [row["year"] for row in written["yearly_returns"]] == ["2020", "2021", "2022"]
    assert len(written["monthly_returns"]) == 36
    assert 0 < len(written["drawdowns"]) <= 10
    assert set(written) - set(told.metrics) == {*TABLES, "formulas"}
    assert written["drawdown"] == written["drawdowns"][0] == told.metrics["drawdown"]

"""The notice of a finished backtest is sent by one side: by the PC only where the settings say so."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, List

import pytest

from shared.market import write_prices
from shared.market.providers import synthetic
from tests.harness.road import Road


@pytest.fixture(scope="module")
def real_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prices nobody says are made up."""
    data = tmp_path_factory.mktemp("real")
    write_prices(data / "prices" / "local", replace(synthetic.make_prices(), synthetic=False, provider="by hand"))
    return data


def _data(folder: Path, prices_in: Path) -> Path:
    """A data folder of the test's own over the same prices."""
    (folder / "data").mkdir()
    (folder / "data" / "prices").symlink_to(prices_in / "prices")
    return folder / "data"


def _notices(data: Path) -> List[Dict[str, Any]]:
    files = sorted((data / "notices" / "waiting").glob("[!.]*.json"))
    return [json.loads(file.read_bytes())["notice"] for file in files]


def test_the_pc_tells_of_every_answer_once_where_it_is_the_one_to_tell(quick_folder: Path, real_data: Path) -> None:
    """Good news, bad news and a cancel; the NAS that publishes the same answers says nothing."""
    data = _data(quick_folder, real_data)
    road = Road(quick_folder / "reports", data, prices="local", completion_from="pc")
    road.submit(request_id="good")
    road.submit(request_id="bad", strategy="krx_ma20")
    road.submit(request_id="late")
    road.drop("late.cancel", b"no longer needed")
    road.submit(request_id="good")
    road.drain()
    road.drain()
    told = {notice["identity"].split()[0]: notice for notice in _notices(data)}
    assert {name: notice["event"] for name, notice in told.items()} == {
        "good": "BACKTEST_COMPLETED",
        "bad": "BACKTEST_FAILED",
        "late": "BACKTEST_SKIPPED",
    }
    assert len(_notices(data)) == 3
    assert str(road.outbox.done / "good") in told["good"]["facts"].values()


def test_by_default_the_pc_says_nothing(quick_folder: Path, real_data: Path) -> None:
    data = _data(quick_folder, real_data)
    road = Road(quick_folder / "reports", data, prices="local")
    road.submit(request_id="good")
    assert road.drain() == 0
    assert _notices(data) == []


def test_of_made_up_prices_the_pc_says_nothing_good(quick_folder: Path, synthetic_data: Path) -> None:
    data = _data(quick_folder, synthetic_data)
    road = Road(quick_folder / "reports", data, completion_from="pc")
    road.submit(request_id="good")
    assert road.drain() == 0
    assert _notices(data) == []


def test_a_notice_that_cannot_be_kept_costs_no_answer(quick_folder: Path, real_data: Path) -> None:
    """The folder of the notices is a file."""
    data = _data(quick_folder, real_data)
    (data / "notices").write_text("in the way")
    road = Road(quick_folder / "reports", data, prices="local", completion_from="pc")
    road.submit(request_id="good")
    assert road.drain() == 0
    assert road.answers() == {"good": "SUCCEEDED"}

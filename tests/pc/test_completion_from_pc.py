"""The notice of a finished backtest is sent by one side: by the PC only where the settings say so."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest

from nas.press import open_press
from nas.publish import publish_answers
from shared.config import HOME
from shared.doctors_own import LABELS
from shared.market import write_prices
from shared.market.providers import synthetic
from shared.notices import hears, open_post
from tests.harness.road import Road

OUTSIDE = HOME / "tests" / "strategies_outside"


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


def _told(data: Path) -> List[Tuple[str, str]]:
    """Of which answer there is which notice, as often as there is."""
    return [(notice["identity"].split()[0], notice["event"]) for notice in _notices(data)]


def _notices(data: Path) -> List[Dict[str, Any]]:
    files = sorted((data / "notices" / "waiting").glob("[!.]*.json"))
    return [json.loads(file.read_bytes())["notice"] for file in files]


ANSWERS = {
    "good": "BACKTEST_COMPLETED",
    "refused": "BACKTEST_FAILED",
    "failed": "BACKTEST_FAILED",
    "late": "BACKTEST_SKIPPED",
}


@pytest.mark.parametrize("teller", ["pc", "nas"])
def test_every_answer_is_told_once_by_the_one_side_that_is_to_tell(teller: str, quick_folder: Path, real_data: Path) -> None:
    """Good news, bad news, a cancel and doctor's own; the worker's log is heard as a running worker's is."""
    data = _data(quick_folder, real_data)
    road = Road(quick_folder / "reports", data, prices="local", completion_from=teller, strategies_path=OUTSIDE)
    post = open_post(road.settings, environment={})
    road.submit(request_id="good")
    road.submit(request_id="refused", strategy="krx_ma20")
    road.submit(request_id="failed", strategy="raises")
    road.submit(request_id="doctors", labels=LABELS)
    road.submit(request_id="late")
    road.drop("late.cancel", b"no longer needed")
    road.submit(request_id="good")
    by_pc = ANSWERS if teller == "pc" else {}
    for _ in range(2):
        road.drain(hears=hears(post))
        assert sorted(_told(data)) == sorted(by_pc.items())
    for _ in range(2):
        publish_answers(open_press(road.settings, post=post))
        assert sorted(_told(data)) == sorted(ANSWERS.items())
    if teller == "pc":
        [good] = [notice for notice in _notices(data) if notice["event"] == "BACKTEST_COMPLETED"]
        assert str(road.outbox.done / "good") in good["facts"].values()


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

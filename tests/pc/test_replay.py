"""A sealed answer computed once more has the same bytes, and where it has not, the reason is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

import pytest

from pc.replay import Replay, replay, replayed
from shared.errors import RequestNotFound, UsageWrong
from tests.harness.road import Road

DICE = """
import random
from pydantic import BaseModel
from shared.strategies import Targets

SYMBOLS = ("KOSPI",)
PART = {part}

class Params(BaseModel):
    pass

def decide(prices, params):
    import numpy as np
    return Targets(np.array([0]), np.full((1, len(prices.symbols)), PART))
"""


@pytest.fixture
def own(new_road: Callable[..., Road], tmp_path: Path) -> Road:
    (tmp_path / "dice.py").write_text(DICE.format(part="0.5"), encoding="utf-8")
    return new_road(strategies_path=tmp_path, language="en")


def answered(road: Road, **content: Any) -> str:
    request_id = road.submit(**content)
    road.drain()
    return request_id


def test_a_replay_has_the_same_bytes(road: Road, capsys: pytest.CaptureFixture[str]) -> None:
    request_id = answered(road, universe="SYNTHETIC_ETF", benchmarks=["KOSPI"])
    assert replayed(road.settings, request_id[:-1]) == Replay(request_id, [], [])
    assert replay(road.settings, request_id, as_json=False) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith(f"SAME request={request_id} files=4 elapsed=")


def test_what_was_told_again_is_replayed_like_any_other(road: Road) -> None:
    answered(road)
    again = answered(road)
    assert road.manifest(again)["reused_from"]
    assert replayed(road.settings, again).verdict == "SAME"


def test_a_strategy_that_changed_is_named_as_what_changed(own: Road, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    request_id = answered(own, strategy="dice")
    (tmp_path / "dice.py").write_text(DICE.format(part="0.25"), encoding="utf-8")
    assert replay(own.settings, request_id, as_json=True) == 2
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["verdict"], told["inputs"]) == ("OTHER INPUTS", ["strategy"])
    assert "trades.csv" in told["differ"]


def test_a_strategy_that_throws_dice_is_no_answer_one_could_replay(own: Road, tmp_path: Path) -> None:
    (tmp_path / "dice.py").write_text(DICE.format(part="random.random()"), encoding="utf-8")
    assert own.manifest(answered(own, strategy="dice"))["error"]["code"] == "E-LOOK-AHEAD"


def test_a_strategy_that_reads_a_file_differs_though_no_input_changed(
    own: Road, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "part.txt"
    secret.write_text("0.5", encoding="utf-8")
    (tmp_path / "dice.py").write_text(DICE.format(part=f"float(open({str(secret)!r}).read())"), encoding="utf-8")
    request_id = answered(own, strategy="dice")
    secret.write_text("0.25", encoding="utf-8")
    assert replay(own.settings, request_id, as_json=False) == 1
    said = capsys.readouterr().out
    assert "the inputs are the same, and these differ: equity_curve.csv" in said
    assert "DIFFERS" in said.splitlines()[-1]


def test_the_last_answer_and_the_one_before_go_by_their_names(own: Road) -> None:
    with pytest.raises(RequestNotFound, match="'@latest'"):
        replayed(own.settings, "@latest")
    first = answered(own)
    with pytest.raises(RequestNotFound, match="'@prev'"):
        replayed(own.settings, "@prev")
    second = answered(own, params={"window": 50})
    assert [replayed(own.settings, name).request_id for name in ("@prev", "@latest")] == [first, second]


def test_only_an_answer_with_numbers_can_be_replayed(own: Road) -> None:
    refused = answered(own, strategy="krx_ma20")
    with pytest.raises(UsageWrong, match="it is REJECTED"):
        replayed(own.settings, refused)
    with pytest.raises(RequestNotFound, match="no such answer"):
        replayed(own.settings, "nobody")
    for name in ("twin-a", "twin-b"):
        answered(own, request_id=name)
    with pytest.raises(RequestNotFound, match="2 answers begin so: twin-a, twin-b"):
        replayed(own.settings, "twin")

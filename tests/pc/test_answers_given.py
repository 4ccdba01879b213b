"""Every answer a worker gives is counted and told, whichever way it came about."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from nas.labels import word
from shared.config import HOME
from shared.errors import StrategyFailed
from tests.harness.people import Person
from tests.harness.road import SMALL, Road, until

OUTSIDE = HOME / "tests" / "strategies_outside"


def test_a_refusal_met_while_cancelling_counts_too(road: Road) -> None:
    """Answered `a`, other content under `a`, and the wish to cancel `a`: the drain found something to refuse."""
    road.submit(request_id="a")
    assert road.drain() == 0
    road.drop("other.json", {**SMALL, "request_id": "a", "capital": 7_000_000})
    (road.inbox.pending / "a.cancel").write_text("")
    assert road.drain() == 1
    assert sorted(road.answers().values()) == ["REJECTED", "SUCCEEDED"]


def test_a_failed_run_keeps_nothing_of_what_it_read(new_road: Callable[..., Road]) -> None:
    """The frames an error came through hold every price of its run; a warm child lives on with the error alone."""
    person = Person(new_road(strategies_path=OUTSIDE))
    claim = person.take(person.road.drop("a.json", {**SMALL, "strategy": "raises"}))
    assert claim is not None
    error = person.run(claim).error
    assert isinstance(error, StrategyFailed)
    assert (error.__traceback__, error.__cause__, error.__context__) == (None, None, None)


def test_every_phase_a_run_tells_has_a_word_for_people() -> None:
    """In both languages."""
    tree = ast.parse((HOME / "pc" / "run.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    phases = {str(call.args[0].value) for call in calls if call.func.attr == "begin" and isinstance(call.args[0], ast.Constant)}  # type: ignore[attr-defined]
    assert len(phases) > 5
    missing = [
        phase
        for phase in (*phases, "seal", "waiting")
        for language in ("ko", "en")
        if word(f"phase_{phase}", language).startswith("phase_")
    ]
    assert missing == []


def test_half_a_character_in_what_a_strategy_says_becomes_a_question_mark(tmp_path: Path, new_road: Callable[..., Road]) -> None:
    """No JSON file in UTF-8 can hold it."""
    own = tmp_path / "strategies"
    own.mkdir()
    text = 'from pydantic import BaseModel\nclass Params(BaseModel): pass\nSYMBOLS = ("KOSPI",)\n'
    text += 'def decide(prices, params):\n    raise ValueError("half \\ud800 of it")\n'
    (own / "halves.py").write_text(text, encoding="utf-8")
    road = new_road(strategies_path=own)
    request_id = road.submit(strategy="halves")
    assert road.drain() == 1
    assert road.manifest(request_id)["error"]["why"] == "ValueError: half ? of it"


def test_a_parameter_that_no_json_can_say_is_refused_before_the_run(tmp_path: Path, new_road: Callable[..., Road]) -> None:
    own = tmp_path / "strategies"
    own.mkdir()
    text = 'from pydantic import BaseModel\nSYMBOLS = ("KOSPI",)\nclass Params(BaseModel):\n    cap: float = float("inf")\n'
    (own / "endless.py").write_text(f"{text}def decide(prices, params):\n    raise RuntimeError\n", encoding="utf-8")
    road = new_road(strategies_path=own)
    request_id = road.submit(strategy="endless")
    assert road.drain() == 1
    assert road.manifest(request_id)["error"]["code"] == "E-PARAMS"


def test_a_file_once_unreadable_is_not_refused_at_the_next_first_look(road: Road, tmp_path: Path) -> None:
    """It vanished, and an hour later another of that name could not be read for a moment."""
    person = Person(road)
    path = road.inbox.pending / "x.json"
    path.symlink_to(tmp_path)
    assert person.take(path) is None
    path.unlink()
    person.shift.look()
    path.symlink_to(tmp_path)
    assert person.take(path) is None
    assert road.answers() == {}
    assert list(until(lambda: person.take(path) or road.answers()).values()) == ["REJECTED"]


@pytest.mark.parametrize(
    "alive", [b'{"lease": "x"}', b'{"runs": 5}', b'{"runs": [{"request_id": "x", "percent": "x"}]}', b"[]", b"{"]
)
def test_a_damaged_sign_of_life_stops_no_status(
    alive: bytes, road: Road, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Anybody may write into the folder."""
    from nas.__main__ import main

    folder = road.inbox.running / "other~12345678"
    folder.mkdir()
    (folder / "alive").write_bytes(alive)
    (folder / "x.1.json").write_text("{}")
    monkeypatch.setenv("RELAY_REPORTS", str(road.root))
    assert main(["status"]) == 0
    assert "other" in capsys.readouterr().out
    assert main(["status", "--json"]) == 0

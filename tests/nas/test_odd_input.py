"""What people mistype, and folders gone odd, end in a sentence and an exit code: never in a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, Iterator

import pytest

from nas.desk import Desk
from nas.wait import wait_for
from tests.harness.processes import Done, Machine
from tests.harness.road import SMALL, Road

NO_UTF8 = b"\xff".decode("utf-8", "surrogateescape")


@pytest.fixture
def machine(tmp_path: Path, synthetic_data: Path) -> Iterator[Machine]:
    """A machine of the test."""
    with Machine(tmp_path, synthetic_data) as running:
        yield running


def is_refused(done: Done, rc: int, *words: str) -> bool:
    """Whether it ended so, with these words and no traceback."""
    return done.rc == rc and "Traceback" not in done.err and all(word in done.err for word in words)


def test_a_reason_that_is_no_utf8_is_kept_as_far_as_it_can_be(machine: Machine) -> None:
    request_id = machine.road.submit()

    cancelled = machine.run("nas", "cancel", request_id, "--reason", f"typo {NO_UTF8}")
    machine.road.drain()
    paused = machine.run("nas", "pause", f"power {NO_UTF8}")

    assert (cancelled.rc, paused.rc) == (0, 0), cancelled.err + paused.err
    assert machine.road.manifest(request_id)["error"]["why"] == "typo ?"
    assert (machine.reports / "PAUSED").read_text(encoding="utf-8") == "power ?"


@pytest.mark.parametrize("depth", [80, 300, 60_000])
def test_a_parameter_nested_without_end_is_refused(machine: Machine, depth: int) -> None:
    deep = machine.run("nas", "submit", "krx_ma200", "--set", f"window={'[' * depth}1{']' * depth}", "--unchecked")

    assert is_refused(deep, 64, "nested deeper than 60 levels")


def test_waiting_for_no_number_of_seconds_is_refused(machine: Machine) -> None:
    for wrong in ("nan", "-1", "soon"):
        assert is_refused(machine.run("nas", "submit", "krx_ma200", "--wait", "--timeout", wrong), 64, "--timeout", wrong)
    assert list((machine.reports / "pending").iterdir()) == []


def test_a_folder_of_nobody_is_refused_by_every_program(machine: Machine) -> None:
    for words in (("nas", "status"), ("pc", "drain")):
        assert is_refused(machine.run(*words, reports="~nosuchuser/x"), 64, "RELAY_REPORTS", "~nosuchuser/x")


# ---- answers gone odd ----

ODD: "Dict[str, Any]" = {
    "figures": {"metrics": {"CAGR_like": 0.1, "MDD": "deep"}},
    "reasons": {"degraded": [1, 2]},
    "error": {"error": {"what": 5}},
    "status": {"status": ["SUCCEEDED"]},
    "data": {"data": [True]},
    "timings": {"timings": "long"},
}


def odd_answers(machine: Machine) -> str:
    """One good answer and, beside it, one of every odd kind."""
    good = machine.road.submit()
    machine.road.drain()
    done = machine.reports / "done"
    manifest = json.loads((done / good / "manifest.json").read_bytes())
    for name, odd in ODD.items():
        (done / name).mkdir()
        (done / name / "manifest.json").write_text(json.dumps({**manifest, "files": [], **odd}), encoding="utf-8")
    (done / "folder" / "manifest.json").mkdir(parents=True)
    return good


def test_one_odd_folder_hides_none_of_the_others(machine: Machine) -> None:
    good = odd_answers(machine)

    told = machine.run("nas", "status", "--json")
    shown = machine.run("nas", "status", language="en")

    found = {one["request_id"]: one["status"] for one in json.loads(told.out)["latest"]}
    assert found == {good: "SUCCEEDED", **dict.fromkeys((*ODD, "folder"), "DAMAGED")}
    assert (told.rc, shown.rc) == (0, 0), told.err + shown.err
    assert good in shown.out


def test_an_odd_answer_is_shown_as_damaged(machine: Machine) -> None:
    odd_answers(machine)

    for name in (*ODD, "folder"):
        assert is_refused(machine.run("nas", "show", name), 1, "E-ANSWER-DAMAGED", name)


def test_a_figure_that_cannot_be_computed_leaves_the_other_out(machine: Machine) -> None:
    good = odd_answers(machine)
    file = machine.reports / "done" / good / "manifest.json"
    manifest = json.loads(file.read_bytes())
    manifest["metrics"]["MDD"] = None
    file.write_text(json.dumps(manifest), encoding="utf-8")

    shown = machine.run("nas", "show", good)

    assert shown.rc == 0, shown.err


def test_a_damaged_answer_never_ends_a_wait_as_good(road: Road, capsys: pytest.CaptureFixture[str]) -> None:
    (road.outbox.done / "mine").mkdir()
    (road.outbox.done / "mine" / "manifest.json").write_text("{}", encoding="utf-8")

    assert wait_for(Desk(road.inbox, road.outbox, road.settings, road.disk), "mine", 5.0, as_json=True) == 1
    assert json.loads(capsys.readouterr().out)["status"] == "DAMAGED"


# ---- pc run FILE ----


def test_pc_run_of_a_request_that_is_not_to_run_yet_says_when(machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / "later.json"
    file.write_text(json.dumps({**SMALL, "not_before": "2099-01-01T00:00:00+09:00"}), encoding="utf-8")

    assert is_refused(machine.run("pc", "run", str(file), "--out", str(tmp_path / "out")), 64, "2099-01-01", "not_before")


def test_pc_run_of_a_name_the_queue_passes_over_says_so(machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / ".q.json"
    file.write_text(json.dumps(SMALL), encoding="utf-8")

    assert is_refused(machine.run("pc", "run", str(file), "--out", str(tmp_path / "out")), 64, "'.q.json'", "rename")

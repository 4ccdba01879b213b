"""`python -m nas publish` as cron and people type it: from a request to a folder, an index and a notice."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Iterator

import pytest

from shared.lock import only_one
from tests.harness.answers import GOOD, on_day, seal
from tests.harness.processes import Machine

COUNTS = r"published=(\d+) refused=(\d+)(?: \([a-z0-9 ,]+\))? waiting=(\d+)"
CLOSING = re.compile(rf"(OK|FAILED|WAITING|SKIPPED) {COUNTS}( why=\"[^\"]+\")? elapsed=\d+ms\n")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A machine with a data folder of its own."""
    (tmp_path / "data").mkdir()
    with Machine(tmp_path, tmp_path / "data", prices="local") as running:
        yield running


def _closing(text: str) -> "tuple[str, int, int, int]":
    found = CLOSING.fullmatch(text)
    assert found, text
    return found[1], int(found[2]), int(found[3]), int(found[4])


def test_what_was_asked_is_published_by_three_commands(machine: Machine, tmp_path: Path) -> None:
    """Submit, drain, publish; real prices, so nothing is refused."""
    from dataclasses import replace

    from shared.market import write_prices
    from shared.market.providers import synthetic

    write_prices(tmp_path / "data" / "prices" / "local", replace(synthetic.make_prices(), synthetic=False, provider="by hand"))
    asked = machine.run("nas", "submit", "krx_ma200", "--start", "2020-01-01", "--end", "2024-12-31", "--id", "mine")
    assert asked.rc == 0, asked.err
    assert machine.run("pc", "drain").rc == 0

    done = machine.run("nas", "publish")

    assert done.rc == 0, done.err
    assert _closing(done.out) == ("OK", 1, 0, 0)
    assert "[INFO] [BACKTEST_COMPLETED]" in done.err
    [folder] = (tmp_path / "backtests").iterdir()
    assert re.fullmatch(r"\d{8}_\d{6}_krx_ma200", folder.name)
    assert (machine.reports / "latest" / "krx_ma200" / "equity_curve.png").is_file()
    assert json.loads((machine.reports / "index.json").read_bytes())["published"][0]["request_id"] == "mine"
    alerts = list((tmp_path / "logs" / "alerts").glob("alerts_*.jsonl"))
    assert "백테스트 완료 · krx_ma200" in "".join(file.read_text(encoding="utf-8") for file in alerts)
    assert _closing(machine.run("nas", "publish").out) == ("OK", 0, 0, 0)


def test_synthetic_answers_are_refused_by_default_and_said_so(machine: Machine) -> None:
    seal(machine.road, "a", data={**GOOD["data"], "synthetic": True})
    done = machine.run("nas", "publish")
    assert done.rc == 0
    assert _closing(done.out) == ("OK", 0, 1, 0)
    assert "[WARNING] [PUBLICATION_REFUSED]" in done.err
    assert "E-ANSWER-SYNTHETIC" in done.err
    assert "PUBLICATION_REFUSED" not in machine.run("nas", "publish").err


def test_a_damaged_answer_fails_the_call_that_finds_it(machine: Machine) -> None:
    seal(machine.road, "a")
    (machine.reports / "done" / "a" / "metrics.json").write_text("{}")
    seal(machine.road, "b", finished=on_day(21))
    done = machine.run("nas", "publish")
    assert done.rc == 1
    assert _closing(done.out) == ("FAILED", 1, 1, 0)
    assert "[ERROR] [PUBLICATION_REFUSED]" in done.err
    assert _closing(machine.run("nas", "publish").out) == ("OK", 0, 1, 0)


def test_the_closing_line_says_why_answers_are_refused_at_every_call(machine: Machine) -> None:
    seal(machine.road, "a", data={})
    for _ in range(2):
        assert "published=0 refused=1 (synthetic) waiting=0 " in machine.run("nas", "publish").out
    seal(machine.road, "b")
    (machine.reports / "done" / "b" / "report.txt").unlink()
    seal(machine.road, "c", data={})
    assert "refused=3 (1 damaged, 2 synthetic)" in machine.run("nas", "publish").out
    assert all(one["fix"] for one in json.loads((machine.reports / "index.json").read_bytes())["refused"])


def test_refused_answers_are_in_status_and_in_the_digest_of_the_day(machine: Machine, tmp_path: Path) -> None:
    """They ran: a day on which nothing else did is not one on which all was quiet."""
    assert "게시 거부" not in machine.run("nas", "status").out
    for name in ("a", "b"):
        seal(machine.road, name, data={})
    for _ in range(2):
        machine.run("nas", "publish")

    told = machine.run("nas", "status").out
    assert f"게시 거부 2 (synthetic): 이유와 해결 방법은 {machine.reports}/index.json" in told
    assert "not published 2 (synthetic): why" in machine.run("nas", "status", language="en").out
    assert json.loads(machine.run("nas", "status", "--json").out)["refused"] == {"synthetic": 2}

    assert machine.run("nas", "notify", "digest").rc == 0
    [alerts] = (tmp_path / "logs" / "alerts").glob("alerts_*.jsonl")
    lines = [json.loads(line) for line in alerts.read_text(encoding="utf-8").splitlines()]
    assert [line["title"] for line in lines if line["event"] == "DIGEST_COMPOSED"] == ["하루 요약 · 알린 실행 2건"]
    assert "게시 거부 2건" in alerts.read_text(encoding="utf-8")


@pytest.mark.parametrize("program", ["nas", "pc"])
def test_a_damaged_answer_that_is_whole_again_is_over_in_the_digest(machine: Machine, program: str) -> None:
    seal(machine.road, "a")
    report = machine.reports / "done" / "a" / "report.txt"
    whole = report.read_bytes()
    report.write_bytes(b"rot")
    machine.run("nas", "publish")
    assert "게시 거부 1건" in machine.run(program, "notify", "digest").err
    report.write_bytes(whole)
    assert "오늘 이상 없음 · 알린 실행 1건 · 지나간 사고 1건" in machine.run(program, "notify", "digest").err


def test_show_says_which_files_stayed_on_the_pc(machine: Machine) -> None:
    seal(machine.road, "a")
    folder = machine.reports / "done" / "a"
    assert "PC에 남아" not in machine.run("nas", "show", "a").out
    (folder / "equity_curve.png").unlink()
    (folder / "left-out.json").write_text('{"files": ["equity_curve.png"]}')

    done = machine.run("nas", "show", "@latest")

    assert done.rc == 0, done.err
    assert f"  {folder / 'equity_curve.png'}  (여기에 없음: PC에 남아 있습니다)\n" in done.out
    assert f"  {folder / 'report.txt'}\n" in done.out
    assert json.loads(machine.run("nas", "show", "a", "--json").out)["left_out"] == ["equity_curve.png"]


def test_the_closing_line_says_why_an_answer_waits(machine: Machine) -> None:
    """Somebody has put folders of his own where it would be shown."""
    seal(machine.road, "a")
    sign = hashlib.sha256(b"a").hexdigest()[:16]
    for suffix in ("", f"_{sign[:6]}", f"_{sign}"):
        (machine.folder / "backtests" / f"20261120_181203_krx_ma200{suffix}").mkdir(parents=True)
    done = machine.run("nas", "publish")
    assert (done.rc, _closing(done.out)) == (2, ("WAITING", 0, 0, 1))
    assert "is taken" in done.out


def test_two_publishes_at_once_are_one(machine: Machine, tmp_path: Path) -> None:
    seal(machine.road, "a")
    with only_one(tmp_path / "data" / "locks" / "publish") as held:
        assert held
        done = machine.run("nas", "publish")
        told = json.loads(machine.run("nas", "publish", "--json").out)
    assert done.rc == 0
    assert _closing(done.out) == ("SKIPPED", 0, 0, 0)
    assert told["at_work"] is True
    assert not (tmp_path / "backtests").exists()
    assert _closing(machine.run("nas", "publish").out) == ("OK", 1, 0, 0)


def test_asked_for_json_it_says_what_it_did(machine: Machine) -> None:
    seal(machine.road, "a")
    seal(machine.road, "b", data={})
    done = machine.run("nas", "publish", "--json")
    told = json.loads(done.out)
    assert [one["request_id"] for one in told["published"]] == ["a"]
    assert [(one["request_id"], one["code"]) for one in told["refused"]] == [("b", "E-ANSWER-SYNTHETIC")]
    assert set(told["refused"][0]) == {"request_id", "code", "what", "why", "fix", "since"}
    assert (told["rc"], told["waiting"], told["at_work"]) == (0, [], False)


def test_where_the_pc_tells_the_nas_publishes_in_silence(machine: Machine, tmp_path: Path) -> None:
    seal(machine.road, "a")
    assert _closing(machine.run("nas", "publish", completion_from="pc").out) == ("OK", 1, 0, 0)
    assert not list((tmp_path / "logs").glob("alerts/*"))


def test_a_share_that_is_away_is_no_empty_one(machine: Machine, tmp_path: Path) -> None:
    done = machine.run("nas", "publish", reports=tmp_path / "nowhere")
    assert done.rc == 3
    assert "E-SHARE-UNREACHABLE" in done.err


def test_nothing_heavy_is_loaded_to_publish_one_answer(machine: Machine) -> None:
    """What costs the time is importing pydantic and yaml, which every command does."""
    seal(machine.road, "a")
    script = (
        "import sys; from nas.__main__ import main; rc = main(['publish']);"
        "print(*{'slack_sdk', 'numpy', 'matplotlib', 'rich', 'asyncio', 'inbox'} & set(sys.modules)); raise SystemExit(rc)"
    )
    environment = machine.environment()
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == [""]

"""What `status`, `show`, `submit --wait` and `pc run` show, to people in two languages, to terminals and to programs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest

from shared.config import HOME
from tests.harness.processes import LOG_LINE, Machine
from tests.harness.road import SMALL, until


@pytest.fixture
def machine(tmp_path: Path, synthetic_data: Path) -> Iterator[Machine]:
    """A machine of the test."""
    with Machine(tmp_path, synthetic_data, heartbeat_seconds=0.3) as running:
        yield running


def held(machine: Machine) -> str:
    """A request whose run goes on until the file `go` is there."""
    return machine.road.submit(strategy="waits", params={"until": str(machine.folder / "go")})


def status(machine: Machine, **settings: Any) -> Dict[str, Any]:
    found: Dict[str, Any] = json.loads(machine.run("nas", "status", "--json", **settings).out)
    return found


# ---- status ----


def test_status_of_an_empty_folder_in_both_languages(machine: Machine) -> None:
    korean, english = machine.run("nas", "status"), machine.run("nas", "status", language="en")

    assert korean.out.splitlines()[0].startswith("대기 0 · 실행 중 0 · 완료 0")
    assert english.out.splitlines()[0].startswith("pending 0 · running 0 · answered 0")
    assert "실행 중인 워커가 없습니다" in korean.out
    assert "no worker is alive" in english.out
    assert str(machine.reports) in korean.out


def test_status_shows_what_runs_and_how_far(machine: Machine) -> None:
    worker, running = machine.watch(worker="desk"), held(machine)
    machine.until_running(running, "decide")
    waiting = machine.road.submit()

    told = status(machine)
    shown = machine.run("nas", "status", language="en").out

    assert [(run["request_id"], run["phase"], run["percent"], run["worker"]) for run in told["running"]] == [
        (running, "decide", 25, "desk")
    ]
    assert (told["pending"], told["waiting"], told["answered"]) == (1, [waiting], 0)
    assert [(one["worker"], one["pid"]) for one in told["workers"]] == [("desk", worker.pid)]
    assert re.search(rf"running  {running}  █+░+ 25% decide", shown)
    assert "desk" in shown
    assert "25% 판단" in machine.run("nas", "status").out


def test_status_tells_a_dead_worker_from_a_living_one(machine: Machine) -> None:
    killed, running = machine.watch(), held(machine)
    machine.until_running(running, "decide")
    killed.end()

    told = status(machine)

    assert told["running"] == []
    assert told["waiting"] == [running]
    assert running in machine.run("nas", "status").out


def test_status_shows_the_latest_answers_with_their_reason(machine: Machine) -> None:
    good = machine.road.submit()
    machine.road.drain()
    bad = machine.road.submit(strategy="raises")
    machine.road.drain()

    latest = status(machine)["latest"]
    shown = machine.run("nas", "status", language="en").out

    assert [(answer["request_id"], answer["status"]) for answer in latest] == [(bad, "FAILED"), (good, "SUCCEEDED")]
    assert "the window is made of glass" in latest[0]["why"]
    assert re.search(rf"succeeded  {good}  CAGR [+-]\d+\.\d\d%  max drawdown -?\d+\.\d\d%.*SYNTHETIC", shown)
    assert re.search(rf"failed  {bad}  E-STRATEGY-FAILED deciding .*made of glass", shown)
    assert f"실패  {bad}  E-STRATEGY-FAILED 전략 코드 오류: deciding " in machine.run("nas", "status", language="ko").out


def test_an_answer_that_was_not_computed_again_says_whose_it_is(machine: Machine) -> None:
    first = machine.road.submit()
    machine.road.drain()
    again = machine.road.submit()
    machine.road.drain()

    assert [answer["reused_from"] for answer in status(machine)["latest"]] == [first, None]
    assert f"not computed again: of {first}" in machine.run("nas", "status", language="en").out
    assert f"{again}  연평균수익률" in (shown := machine.run("nas", "status", language="ko").out)
    assert f"(다시 계산하지 않음: {first}의 결과)" in shown


def test_status_of_a_folder_that_is_not_there_is_no_empty_queue(machine: Machine, tmp_path: Path) -> None:
    done = machine.run("nas", "status", reports=tmp_path / "unmounted")

    assert done.rc == 3
    assert "unmounted" in done.err
    assert not (tmp_path / "unmounted").exists()


# ---- show ----


def test_show_finds_the_latest_the_one_before_and_a_unique_beginning(machine: Machine) -> None:
    for name in ("alpha-one", "alpha-two", "beta"):
        machine.road.submit(request_id=name)
        assert machine.road.drain() == 0

    def shown(wanted: str) -> str:
        return str(json.loads(machine.run("nas", "show", wanted, "--json").out)["request_id"])

    assert [shown(wanted) for wanted in ("@latest", "@prev", "be", "alpha-o", "beta")] == [
        "beta",
        "alpha-two",
        "beta",
        "alpha-one",
        "beta",
    ]
    ambiguous, unknown = machine.run("nas", "show", "alpha"), machine.run("nas", "show", "bta")
    assert (ambiguous.rc, unknown.rc) == (1, 1)
    assert "alpha-one, alpha-two" in ambiguous.err
    assert "did you mean 'beta'" in unknown.err
    assert "(there are 3)" in unknown.err
    assert "alpha" not in unknown.err, "a few that are near, not every one there is"
    assert "did you mean '@latest'" in machine.run("nas", "show", "@last").err


def test_show_prints_the_report_the_verdict_and_every_file(machine: Machine) -> None:
    request_id = machine.road.submit()
    machine.road.drain()

    shown = machine.run("nas", "show", request_id)
    answer = machine.reports / "done" / request_id

    assert shown.rc == 0
    assert shown.out.startswith("※ 합성(가짜) 가격")
    assert f"성공  {request_id}" in shown.out
    assert all(f"  {file}\n" in shown.out for file in answer.iterdir())


def test_show_of_a_failed_answer_says_why_and_ends_with_1(machine: Machine) -> None:
    request_id = machine.road.submit(strategy="raises")
    machine.road.drain()

    shown = machine.run("nas", "show", request_id)

    assert shown.rc == 1
    assert "ValueError: the window is made of glass" in shown.out
    assert "raises.py line" in shown.out


def test_show_of_an_unanswered_request_says_where_it_is(machine: Machine) -> None:
    waiting = machine.road.submit()
    pending = machine.run("nas", "show", waiting)
    worker, running = machine.watch(), held(machine)
    machine.until_running(running, "decide")
    going = machine.run("nas", "show", running, language="en")

    assert (pending.rc, going.rc) == (0, 0)
    assert f"대기  {waiting}" in pending.out
    assert "25% decide" in going.out
    (machine.folder / "go").touch()
    machine.answered(running)
    assert worker.stop() == 0


def test_show_of_nothing_at_all_says_so(machine: Machine) -> None:
    done = machine.run("nas", "show", "@latest")

    assert done.rc == 1
    assert "there are 0 answers" in done.err


def test_a_damaged_answer_is_told_and_never_shown_as_good(machine: Machine) -> None:
    request_id = machine.road.submit()
    machine.road.drain()
    (machine.reports / "done" / request_id / "metrics.json").write_text("{}", encoding="utf-8")

    shown = machine.run("nas", "show", request_id)

    assert shown.rc == 1
    assert shown.out == ""
    assert "E-ANSWER-DAMAGED" in shown.err
    assert "metrics.json" in shown.err
    (machine.reports / "done" / request_id / "manifest.json").write_text("{", encoding="utf-8")
    assert status(machine)["latest"][0]["status"] == "DAMAGED"
    assert machine.run("nas", "show", request_id).rc == 1


# ---- submit --wait, status --follow ----


def test_wait_prints_plain_lines_where_there_is_no_terminal(machine: Machine) -> None:
    worker = machine.watch()
    words = ("submit", "waits", "--set", f"until={machine.folder / 'go'}", "--wait", "--timeout", "60")
    waiting = machine.start("nas", *words, language="en")
    until(lambda: "25% decide" in waiting.err())
    (machine.folder / "go").touch()

    assert waiting.ended() == 0
    assert waiting.out().startswith("succeeded  ")
    told = [text for text in waiting.err().splitlines() if not LOG_LINE.fullmatch(text)]
    assert told == list(dict.fromkeys(told)), "one line per change"
    assert "\x1b" not in waiting.err()
    assert worker.stop() == 0


def test_wait_ends_with_the_exit_code_of_the_answer(machine: Machine) -> None:
    worker = machine.watch()
    done = machine.run("nas", "submit", "raises", "--wait", "--json")

    assert done.rc == 1
    assert json.loads(done.out)["status"] == "FAILED"
    assert worker.stop() == 0


def test_a_refusal_comes_with_its_remedy_wherever_it_is_told(machine: Machine) -> None:
    """And whoever waited is told where the rest stands."""
    worker = machine.watch()
    waited = machine.run("nas", "submit", "krx_ma20", "--unchecked", "--wait", language="en")
    found = machine.run("nas", "submit", "krx_ma20", "--unchecked", "--wait", "--json")
    latest = status(machine)["latest"]

    remedy = "did you mean 'krx_ma200'?"
    assert remedy in waited.out.splitlines()[0]
    assert waited.out.splitlines()[1] == f"  all of it: python -m nas show {latest[1]['request_id']}"
    assert json.loads(found.out)["fix"].startswith(remedy)
    assert latest[0]["fix"].startswith(remedy)
    assert remedy in machine.run("nas", "status").out
    assert worker.stop() == 0


def test_wait_gives_up_after_its_time_and_says_try_later(machine: Machine) -> None:
    done = machine.run("nas", "submit", "krx_ma200", "--wait", "--timeout", "0.2")

    assert done.rc == 2
    assert "E-STILL-WAITING" in done.err
    assert "python -m nas show" in done.err
    assert len(list((machine.reports / "pending").iterdir())) == 1


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no pseudo terminals")
def test_on_a_terminal_wait_draws_a_bar_in_place(machine: Machine) -> None:
    worker = machine.watch()
    mine, theirs = os.openpty()
    words = ["nas", "submit", "waits", "--set", f"until={machine.folder / 'go'}", "--wait", "--timeout", "60"]
    environment = {**machine.environment(language="en"), "TERM": "xterm-256color", "COLUMNS": "160"}
    waiting = subprocess.Popen([sys.executable, "-m", *words], env=environment, cwd=HOME, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    try:
        drawn = read_until(mine, "25% decide")
        (machine.folder / "go").touch()
        out, _ = waiting.communicate(timeout=40)
    finally:
        waiting.kill()
        os.close(mine)

    assert waiting.returncode == 0
    assert "██" in drawn
    assert "\x1b[" in drawn
    assert out.decode().startswith("succeeded  ")
    assert worker.stop() == 0


def read_until(terminal: int, wanted: str) -> str:
    """What was drawn on it, up to the first time that is there."""
    import select

    drawn: List[bytes] = []

    def seen() -> bool:
        if select.select([terminal], [], [], 0.2)[0]:
            drawn.append(os.read(terminal, 65536))
        return wanted in b"".join(drawn).decode("utf-8", "replace")

    until(seen)
    return b"".join(drawn).decode("utf-8", "replace")


def test_follow_goes_on_until_it_is_interrupted(machine: Machine) -> None:
    import signal

    following = machine.start("nas", "status", "--follow", "--json")
    until(lambda: following.out().count("\n") == 1)
    request_id = machine.road.submit()
    until(lambda: request_id in following.out())

    assert following.stop(signal.SIGINT) == 0
    assert [json.loads(text)["pending"] for text in following.out().splitlines()] == [0, 1]
    assert following.err() == ""


def test_follow_prints_plain_lines_where_there_is_no_terminal(machine: Machine) -> None:
    following = machine.start("nas", "status", "--follow", language="en")
    until(lambda: "pending 0" in following.out())
    machine.road.submit()
    until(lambda: "pending 1" in following.out())

    assert "\x1b" not in following.out() + following.err()
    assert "\r" not in following.out()
    assert following.out().count("pending 1") == 1, "one line per change"
    following.end()


# ---- pc run FILE ----


def test_pc_run_answers_a_file_without_the_queue(machine: Machine, tmp_path: Path) -> None:
    file, out = tmp_path / "try me.json", tmp_path / "out"
    file.write_text(json.dumps(SMALL), encoding="utf-8")

    first = machine.run("pc", "run", str(file), "--out", str(out))
    second = machine.run("pc", "run", str(file), "--out", str(out), "--json")

    assert first.rc == 0
    assert first.out.startswith("※ 합성(가짜) 가격")
    assert json.loads(second.out)["status"] == "SUCCEEDED"
    folders = sorted(out.iterdir())
    assert len(folders) == 2, "an earlier answer is never replaced"
    assert all((folder / "manifest.json").is_file() for folder in folders)
    assert file.is_file()
    assert machine.road.left() == []


def test_pc_run_of_a_bad_request_a_bad_strategy_and_no_file(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"strategy": "krx_ma20"}', encoding="utf-8")
    (tmp_path / "raises.json").write_text(json.dumps({**SMALL, "strategy": "raises"}), encoding="utf-8")
    out = str(tmp_path / "out")

    bad, raises, nothing = (
        machine.run("pc", "run", str(tmp_path / f"{name}.json"), "--out", out) for name in ("bad", "raises", "no")
    )

    assert (bad.rc, raises.rc, nothing.rc) == (1, 1, 1)
    assert "did you mean 'krx_ma200'" in bad.out
    assert "made of glass" in raises.out
    assert "E-REQUEST-NOT-FOUND" in nothing.err

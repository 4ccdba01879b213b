"""A strategy is somebody's code: whatever it does costs its own run and nothing else."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any, Dict, Iterator

import psutil
import pytest

from tests.harness.processes import LOG_LINE, Machine, Program, is_alive
from tests.harness.road import SMALL, until

LIES = {
    "nan": "weights that are not finite",
    "infinite": "weights that are not finite",
    "too much": "adding up to 1.01",
    "negative": "weights from -0.5",
    "wrong shape": "weights of shape (1, 2)",
    "descending": "rows that do not ascend",
    "beyond the end": "rows that do not ascend within 0 to",
    "text": "not a list of row numbers",
    "a tuple": "returned tuple, not Targets",
    "nothing": "returned NoneType, not Targets",
}


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, synthetic_data: Path) -> Iterator[Machine]:
    """A machine whose worker watches during all tests of this file."""
    with Machine(tmp_path_factory.mktemp("misbehaving"), synthetic_data, lease_seconds=20) as running:
        yield running


@pytest.fixture(scope="module")
def worker(machine: Machine) -> Program:
    """That worker: the same process from the first test to the last."""
    return machine.watch()


def answer_to(machine: Machine, strategy: str, params: Dict[str, Any], **content: Any) -> Dict[str, Any]:
    return machine.answered(machine.road.submit(strategy=strategy, params=params, **content))


def failed(machine: Machine, strategy: str, params: Dict[str, Any], **content: Any) -> Dict[str, Any]:
    """The error of the answer; the worker answers a good request right after."""
    manifest = answer_to(machine, strategy, params, **content)
    assert manifest["status"] == "FAILED"
    assert answer_to(machine, "krx_ma200", {})["status"] == "SUCCEEDED"
    return {**manifest["error"], "log": _log(machine, manifest["request_id"])}


def _own_files(machine: Machine) -> list[str]:
    """Only a living worker's folder and its sign of life stay."""
    folders = sorted((machine.reports / "running").iterdir())
    return [name for folder in folders for name in (folder.name, f"{folder.name}/alive")]


def _log(machine: Machine, request_id: str) -> str:
    return (machine.reports / "done" / request_id / "run.log").read_text(encoding="utf-8", errors="replace")


def test_a_strategy_that_raises_is_told_with_its_own_line(machine: Machine, worker: Program) -> None:
    error = failed(machine, "raises", {})

    assert error["code"] == "E-STRATEGY-FAILED"
    assert error["why"] == "ValueError: the window is made of glass"
    assert error["fix"].startswith("raises.py line ")
    assert "made of glass" in error["fix"]
    assert "about to raise" in error["log"]


@pytest.mark.parametrize(("kind", "code"), [("exit", "E-STRATEGY-FAILED"), ("memory", "E-RUN-MEMORY"), ("interrupt", "E-RUN")])
def test_leaving_by_an_exception_of_any_kind_fails_only_that_run(machine: Machine, worker: Program, kind: str, code: str) -> None:
    error = failed(machine, "raises", {"kind": kind})

    assert error["code"].startswith(code)
    assert "about to raise" in error["log"]


def test_a_segfault_is_named_and_its_last_words_are_kept(machine: Machine, worker: Program) -> None:
    error = failed(machine, "dies", {"how": "segfault"})

    assert error["code"] == "E-RUN-CRASHED"
    assert "signal 11" in error["why"]
    assert "last words" in error["log"]


def test_leaving_the_process_at_once_is_a_crash_with_its_exit_code(machine: Machine, worker: Program) -> None:
    error = failed(machine, "dies", {"how": "exit"})

    assert error["code"] == "E-RUN-CRASHED"
    assert "exit code 7" in error["why"]
    assert "last words" in error["log"]


def test_what_a_crashed_run_had_started_is_gone_too(machine: Machine, worker: Program, tmp_path: Path) -> None:
    error = failed(machine, "dies", {"how": "segfault", "orphan": str(tmp_path / "orphan")})
    orphan = int((tmp_path / "orphan").read_text(encoding="utf-8"))

    assert error["code"] == "E-RUN-CRASHED"
    until(lambda: not psutil.pid_exists(orphan) or not is_alive(psutil.Process(orphan)))


@pytest.mark.parametrize("where", ["python", "c"])
def test_a_hang_ends_with_the_time_limit_of_its_request(machine: Machine, worker: Program, where: str) -> None:
    error = failed(machine, "hangs", {"where": where}, timeout_seconds=0.5)

    assert error["code"] == "E-RUN-TIMEOUT"
    assert error["why"] == "it took longer than 0.5 s"
    assert "timeout_seconds" in error["fix"]
    assert f"hanging in {where}" in error["log"]


@pytest.mark.parametrize("how", ["slowly", "at once", "shared"])
def test_a_run_that_eats_memory_ends_at_the_limit_of_its_request(machine: Machine, worker: Program, how: str) -> None:
    error = failed(machine, "eats_memory", {"how": how}, memory_mb=600)

    assert error["code"] == "E-RUN-MEMORY"
    assert "600 MB" in error["why"]
    assert "memory_mb" in error["fix"]
    assert f"eating {how}" in error["log"]


@pytest.mark.parametrize("which", LIES)
def test_a_lie_is_no_decision(machine: Machine, worker: Program, which: str) -> None:
    manifest = answer_to(machine, "lies", {"which": which})

    assert manifest["status"] == "FAILED"
    assert manifest["error"]["code"] == "E-STRATEGY-FAILED"
    assert LIES[which] in manifest["error"]["why"]


def test_megabytes_of_output_are_kept_in_the_log_of_a_good_run(machine: Machine, worker: Program) -> None:
    manifest = answer_to(machine, "chatters", {"megabytes": 8})

    assert manifest["status"] == "SUCCEEDED"
    assert "한글과 \N{CHICKEN} 섞인 말" in _log(machine, manifest["request_id"])
    assert next(file["bytes"] for file in manifest["files"] if file["path"] == "run.log") > 8 << 20


def test_prices_cannot_be_written_into(machine: Machine, worker: Program) -> None:
    error = failed(machine, "meddles", {"what": "prices"})

    assert error["code"] == "E-STRATEGY-FAILED"
    assert "read-only" in error["why"]


@pytest.mark.parametrize("what", ["stdout", "folder", "signals", "descriptors"])
def test_meddling_with_its_own_process_spoils_nothing_for_the_next(machine: Machine, worker: Program, what: str) -> None:
    manifest = answer_to(machine, "meddles", {"what": what})
    after = answer_to(machine, "krx_ma200", {})

    assert manifest["status"] in ("SUCCEEDED", "FAILED")
    assert after["status"] == "SUCCEEDED"
    files = list((machine.reports / "done" / after["request_id"]).iterdir())
    assert all(os.access(file, os.R_OK) and file.stat().st_mode & 0o444 for file in files)


def test_a_run_that_holds_every_file_it_may_open_fails_and_is_not_tried_for_ever(machine: Machine, worker: Program) -> None:
    error = failed(machine, "leaves_behind", {"files": 1000, "at_most": 200})

    assert error["code"] == "E-RUN-FAULT"
    assert "Too many open files" in error["why"]
    assert "no more files" in error["log"]


def test_files_that_a_good_run_left_open_do_not_meet_the_next(machine: Machine, worker: Program) -> None:
    before = {child.pid for child in worker.children()}
    manifest = answer_to(machine, "leaves_behind", {"files": 100})

    assert manifest["status"] == "SUCCEEDED"
    assert answer_to(machine, "leaves_behind", {"at_most": 120})["status"] == "SUCCEEDED"
    assert {child.pid for child in worker.children()} - before, "a fresh process made the second"


def test_an_error_class_of_a_strategys_own_ends_only_its_run(machine: Machine, worker: Program) -> None:
    """The worker does not have its module, and could not even read it."""
    error = failed(machine, "doubles", {"what": "own error"})

    assert error["code"] == "E-STRATEGY-FAILED"
    assert error["why"].startswith("TooFewDays: counting the days: there are too few")


def test_days_cannot_be_written_into(machine: Machine, worker: Program) -> None:
    assert "read-only" in failed(machine, "doubles", {"what": "calendar"})["why"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("then", ["returns", "raises"])
def test_a_second_process_of_a_run_never_seals(machine: Machine, worker: Program, then: str) -> None:
    manifest = answer_to(machine, "doubles", {"what": "fork", "then": then})

    assert manifest["status"] == "SUCCEEDED"
    machine.road.manifest(manifest["request_id"])  # verified: nothing lies there that it does not name


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a child adopt what its run orphaned")
@pytest.mark.parametrize("ends", [True, False], ids=["after a good run", "after a time-out"])
def test_a_process_in_a_session_of_its_own_ends_with_its_run(
    machine: Machine, worker: Program, tmp_path: Path, ends: bool
) -> None:
    pid = tmp_path / "pid"
    manifest = answer_to(machine, "leaves_behind", {"pid": str(pid), "ends": ends}, timeout_seconds=3)

    assert manifest["status"] == ("SUCCEEDED" if ends else "FAILED")
    left = int(pid.read_text(encoding="utf-8"))
    until(lambda: not psutil.pid_exists(left) or not is_alive(psutil.Process(left)))


@pytest.mark.parametrize("strategy", ["does_not_load", "has_no_params"])
def test_a_file_that_is_no_strategy_fails_and_says_why(machine: Machine, worker: Program, strategy: str) -> None:
    error = failed(machine, strategy, {})

    assert error["code"] == "E-STRATEGY-FAILED"
    assert strategy in error["what"]
    assert ("crystal_ball" if strategy == "does_not_load" else "Params") in error["why"]


def test_all_of_it_happened_to_one_worker_with_one_child(machine: Machine, worker: Program) -> None:
    assert answer_to(machine, "krx_ma200", {})["status"] == "SUCCEEDED"

    assert worker.is_running()
    until(lambda: len(worker.children()) <= 2)  # the child and multiprocessing's own watch over leaked semaphores
    until(lambda: machine.road.left() == [f"running/{name}" for name in _own_files(machine)])  # a sweep is every quarter lease
    assert worker.events().count("WORKER_STARTED") == 1
    assert [text for text in worker.err().splitlines() if not LOG_LINE.fullmatch(text)] == []


def test_the_settings_limit_a_run_whose_request_names_no_limit(tmp_path: Path, synthetic_data: Path) -> None:
    with Machine(tmp_path, synthetic_data, timeout_seconds=0.5, memory_mb=600) as machine:
        slow = machine.road.submit(strategy="hangs")
        large = machine.road.submit(strategy="eats_memory", params={"how": "at once"})
        drained = machine.run("pc.worker", "--once")

        assert drained.rc == 1
        assert machine.road.manifest(slow)["error"]["code"] == "E-RUN-TIMEOUT"
        assert machine.road.manifest(large)["error"]["code"] == "E-RUN-MEMORY"
        assert machine.road.left() == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system ends processes otherwise")
@pytest.mark.parametrize("where", ["python", "c"])
def test_no_child_outlives_a_killed_worker_and_the_next_takes_over_at_once(
    tmp_path: Path, synthetic_data: Path, where: str
) -> None:
    with Machine(tmp_path, synthetic_data, lease_seconds=3600) as machine:
        killed = machine.watch()
        request_id = machine.road.submit(strategy="hangs", params={"where": where}, timeout_seconds=1)
        machine.until_running(request_id, "decide")
        children = killed.children()
        killed.send(signal.SIGKILL)
        killed.ended()
        assert children
        until(lambda: not any(is_alive(child) for child in children), 10)

        drained = machine.run("pc.worker", "--once")

        assert drained.rc == 1
        attempts = machine.road.manifest(request_id)["attempts"]
        assert [attempt["ended"] for attempt in attempts] == ["died", "answered"]
        assert machine.road.answers() == {request_id: "FAILED"}
        assert machine.road.left() == []


def test_a_request_that_kills_every_worker_is_given_up_after_its_attempts(tmp_path: Path, synthetic_data: Path) -> None:
    with Machine(tmp_path, synthetic_data, lease_seconds=3600) as machine:
        request_id = machine.road.submit(strategy="hangs", max_attempts=2)
        for _ in range(2):
            killed = machine.watch()
            killed.until_event("REQUEST_CLAIMED")
            killed.end()

        drained = machine.run("pc.worker", "--once")

        assert drained.rc == 1
        assert machine.road.manifest(request_id)["error"]["code"] == "E-ATTEMPTS"
        assert machine.road.manifest(request_id)["strategy"] == SMALL["strategy"].replace("krx_ma200", "hangs")
        assert machine.road.left() == []

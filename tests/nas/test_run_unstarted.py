"""What keeps a job from being started at all: it is said, with the right code, and where people look."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Tuple

import pytest

from shared.config import HOME
from tests.harness.slack_server import SlackServer
from tests.harness.typed import Typed


def test_a_slip_in_the_settings_leaves_the_line_of_a_failure_for_every_job(typed: Typed) -> None:
    done = typed("run", "publish_results", RELAY_SLOTS="many")
    assert done.returncode == 64
    [line] = typed.log("publish_results")
    assert line in done.stderr.splitlines()
    assert "[ERROR] [JOB_FAILED] rc=64" in line
    assert "RELAY_SLOTS" in line
    assert typed("run", "--log", "mine", "--", "true", RELAY_SLOT="3").returncode == 64
    assert "no variable 'RELAY_SLOT'" in typed.log("mine")[-1]


@pytest.mark.parametrize("slip", [("--retry-rc", "5"), ("--timeout", "0")])
def test_a_slip_that_cron_types_is_told_once_as_nobody_reads_its_screen(slip: Tuple[str, str], typed: Typed) -> None:
    with SlackServer() as slack:
        for _ in range(2):
            assert typed("run", "report_eod", *slip, **slack.bot()).returncode == 64
        assert ["report_eod" in message for message in slack.channel()] == [True]
    assert "[ERROR] [JOB_FAILED] rc=64" in typed.log("report_eod")[-1]
    assert slip[0] in typed.log("report_eod")[-1]


def test_where_no_variable_names_the_logs_that_line_is_in_those_of_the_checkout(tmp_path: Path) -> None:
    _copy_into(tmp_path, "nas", "shared", "configs")
    (tmp_path / "configs" / "relay.own.yaml").write_text("logs: elsewhere\nslot: 3\n", encoding="utf-8")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("RELAY_")}
    words = [sys.executable, "-m", "nas", "run", "prune"]
    done = subprocess.run(words, cwd=tmp_path, env=plain, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 64
    [log] = (tmp_path / "logs").iterdir()
    assert log.name.startswith("prune_20")
    assert "[ERROR] [JOB_FAILED] rc=64" in log.read_text(encoding="utf-8")


def test_a_queue_that_the_first_request_made_does_for_every_job(tmp_path: Path) -> None:
    """Who submits before anything else has made all of it, or none."""
    _copy_into(tmp_path, "nas", "shared", "configs", "inbox", "outbox")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("RELAY_")}
    for words in (["submit", "krx_ma200"], ["run", "publish_results"], ["run", "back_up"]):
        typed = [sys.executable, "-m", "nas", *words]
        done = subprocess.run(typed, cwd=tmp_path, env=plain, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr


def _copy_into(folder: Path, *names: str) -> None:
    for name in names:
        shutil.copytree(HOME / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.own.yaml"))


def test_the_help_of_a_job_needs_no_settings(typed: Typed) -> None:
    assert typed("run", "report_eod", "--", "--help", RELAY_SLOTS="many").returncode == 0
    assert typed.log("report_eod") == []


def test_without_room_for_how_it_ends_a_job_fails_as_on_a_full_disk(typed: Typed) -> None:
    """And not as a program that is not there: this is mended by making room."""
    words = f"ulimit -f 0; exec {sys.executable} -m nas run publish_results"
    done = subprocess.run(["sh", "-c", words], cwd=HOME, env=typed.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert "[JOB_FAILED] rc=3" in done.stderr
    assert "making the folder in which a job says how it ended: No usable temporary directory found" in done.stderr
    assert "fix=make room" in done.stderr


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_stops_neither_the_job_nor_its_log(closed: str, typed: Typed) -> None:
    words = f"{sys.executable} -m nas run --log mine -- sh -c 'echo out; echo err >&2; exit 7' {closed}"
    done = subprocess.run(["sh", "-c", words], cwd=HOME, env=typed.environment, timeout=60, capture_output=True, check=False)
    assert done.returncode == 7, done.stderr
    log = typed.log("mine")
    assert sorted(log[:2]) == ["err", "out"]
    assert "[JOB_FAILED] rc=7" in log[-1]

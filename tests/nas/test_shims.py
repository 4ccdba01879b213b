"""The scripts of the earlier systems, under their names and with their arguments: each starts what the page says, and no more."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import List

import pytest

from nas.run import name_of
from shared.catalog import Catalog
from shared.config import HOME
from tests.harness.typed import SATURDAY, Typed

LINUX = HOME / "scripts" / "linux"
SHIMS = sorted(LINUX.glob("*/*.sh"))
NAMED = {  # in the documents of the earlier systems
    "batch": "run_scanner run_report_eod run_report_watchlist update_from_git run_healthcheck precache_benchmarks",
    "jobs": "run_with_lock _run_generic run_py_guarded run_ingest_eod run_scanner run_report_eod"
    " run_backtest_request sync_reports",
}
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the scripts are the NAS's, which runs Linux")


def _jobs_in(file: Path) -> List[str]:
    return re.findall(r"-m nas run (\w+)", file.read_text(encoding="ascii"))


def started(typed: Typed, shim: str, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """As cron starts it: from another folder, by its whole name."""
    environment = {**typed.environment, "PYTHONBIN": sys.executable, **more}
    command = [str(LINUX / shim), *words]
    return subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_every_script_the_documents_name_is_there() -> None:
    there = {folder: {file.stem for file in (LINUX / folder).glob("*.sh")} for folder in NAMED}
    assert {folder: set(names.split()) - there[folder] for folder, names in NAMED.items()} == {"batch": set(), "jobs": set()}


@pytest.mark.parametrize("file", [*SHIMS, LINUX / "env.sh"], ids=lambda file: file.stem)
def test_a_shim_is_short_and_can_be_started(file: Path) -> None:
    assert len(file.read_text(encoding="ascii").splitlines()) <= 10
    assert file.name == "env.sh" or os.access(file, os.X_OK)


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="there is no shellcheck here")
def test_shellcheck_finds_nothing() -> None:
    files = [str(file) for file in (*SHIMS, LINUX / "env.sh")]
    done = subprocess.run(["shellcheck", "-x", *files], capture_output=True, text=True, check=False, cwd=LINUX / "jobs")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("file", [file for file in SHIMS if _jobs_in(file)], ids=lambda file: f"{file.parent.name} {file.stem}")
def test_every_job_a_shim_starts_is_one_there_is(file: Path) -> None:
    assert set(_jobs_in(file)) <= set(Catalog("nas.jobs").names())


def test_the_generic_runner_takes_the_options_it_took(typed: Typed) -> None:
    """From the old page: guard, retry, log, then the command after `--`."""
    words = ["--log", "task", "--guard", "none", "--retry-rc", "2", "--retry-max", "1", "--retry-sleep", "0"]
    done = started(typed, "jobs/_run_generic.sh", *words, "--", "sh", "-c", "echo ran; exit 2")
    assert (done.returncode, done.stdout) == (2, "ran\nran\n")
    assert typed.log("task")[0] == "ran"
    assert started(typed, "jobs/_run_generic.sh", "--log-prefix", "task", "--guard", "td").returncode == 64


def test_what_a_guard_closes_out_is_no_failure_of_the_generic_runner(typed: Typed) -> None:
    done = started(typed, "jobs/_run_generic.sh", "--log", "task", "--guard", "td", "--at", SATURDAY, "--", "echo", "ran")
    assert (done.returncode, done.stdout) == (0, "")


def test_the_guarded_runner_and_the_locked_one_take_a_command(typed: Typed) -> None:
    done = started(typed, "jobs/run_py_guarded.sh", sys.executable, "-c", "print('502 Bad Gateway'); exit(1)")
    assert (done.returncode, "[SKIP] external-data-unavailable (guarded)" in done.stderr) == (0, True)
    assert started(typed, "jobs/run_with_lock.sh", "sh", "-c", "exit 5").returncode == 5


def test_a_script_starts_its_job_with_its_arguments(typed: Typed) -> None:
    typed("init")
    done = started(typed, "jobs/sync_reports.sh", "--json")
    assert done.returncode == 0
    assert '"sent": 0' in done.stdout


def test_an_operators_environment_is_read_and_the_script_works_in_its_own_checkout(tmp_path: Path) -> None:
    """What is said there is in force in the job, also two words; the shipped example is such a file as it is."""
    checkout = tmp_path / "내 checkout"
    shutil.copytree(LINUX, checkout / "scripts" / "linux")
    shown = checkout / "shown.sh"
    shown.write_text('#!/bin/sh\necho "$PWD|$MINE|$TZ|$*"\n', encoding="utf-8")
    shown.chmod(0o755)
    example = (HOME / "configs" / "env.nas.sh.example").read_text(encoding="ascii")
    for folder in ("config", "configs"):
        (checkout / folder).mkdir()
    (checkout / "configs" / "env.nas.sh").write_text(f"{example}\nMINE='두 낱말'\nPYTHONBIN=./shown.sh\n", encoding="utf-8")
    (checkout / "config" / "env.nas.sh").write_text("export MINE=old\n", encoding="utf-8")
    done = subprocess.run(
        [str(checkout / "scripts" / "linux" / "batch" / "run_report_eod.sh"), "--date", "auto"],
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    assert done.stdout == f"{checkout}|두 낱말|Asia/Seoul|-m nas run report_eod -- --date auto\n"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (["./mine.sh", "--date", "auto"], "mine"),
        (["bash", "/opt/x/run_y.sh"], "run_y"),
        (["python3.11", "-m", "scripts.bt.run_bt", "--a"], "scripts.bt.run_bt"),
        (["env", "A=b", "python", "report_eod_cli.py"], "report_eod_cli"),
        (["python", "-c", "import os; print(1)"], "import_os_print_1_"),
        (["bash"], "bash"),
        ("../../etc/passwd", "etc_passwd"),
        ("a/b", "a_b"),
        ("점심 작업", "점심_작업"),
        ("..", "command"),
    ],
)
def test_a_commands_log_is_named_by_what_it_runs_and_lies_in_no_other_folder(said: "str | List[str]", name: str) -> None:
    assert name_of(said) == name.strip("._")

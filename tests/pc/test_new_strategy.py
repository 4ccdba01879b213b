"""`python -m pc new-strategy NAME` writes a strategy that works at once, with a test that passes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator

import pytest

from shared.catalog import Catalog
from shared.config import HOME
from tests.harness.processes import Machine


@pytest.fixture
def machine(tmp_path: Path, synthetic_data: Path) -> Iterator[Machine]:
    """A machine with an empty folder for strategies of one's own."""
    with Machine(tmp_path, synthetic_data, strategies_path=tmp_path / "mine") as running:
        yield running


def python(*words: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, *words], cwd=cwd, capture_output=True, text=True, timeout=100, check=False)


def test_the_written_strategy_runs_and_its_test_passes(machine: Machine, tmp_path: Path) -> None:
    written = machine.run("pc", "new-strategy", "my_idea")
    assert written.rc == 0, written.err
    assert written.out.split() == [str(tmp_path / "mine" / "my_idea.py"), str(tmp_path / "mine" / "test_my_idea.py")]

    tested = python("-m", "pytest", "-q", "-p", "no:cacheprovider", written.out.split()[1], cwd=HOME)
    submitted = machine.run("nas", "submit", "my_idea", "--set", "days=60", "--no-charts")
    drained = machine.run("pc.worker", "--once")

    assert tested.returncode == 0, tested.stdout
    assert drained.rc == 0, drained.err
    assert machine.road.answers() == {submitted.out.strip(): "SUCCEEDED"}
    assert machine.road.manifest(submitted.out.strip())["params"] == {"days": 60}


def test_its_test_is_no_strategy(machine: Machine) -> None:
    machine.run("pc", "new-strategy", "my_idea")

    listed = json.loads(machine.run("nas", "list", "strategies", "--json").out)

    assert set(listed) - set(Catalog("shared.strategies").names()) == {"my_idea"}


def test_both_files_are_named_as_json(machine: Machine, tmp_path: Path) -> None:
    written = json.loads(machine.run("pc", "new-strategy", "my_idea", "--json").out)

    assert written["name"] == "my_idea"
    assert Path(written["strategy"]) == tmp_path / "mine" / "my_idea.py"
    assert Path(written["test"]).is_file()


@pytest.mark.parametrize("name", ["My_Idea", "my-idea", "1st", "a", "../up", "class", "test_it", "나의전략", "x" * 41, ""])
def test_a_name_that_is_none_is_refused_and_nothing_is_written(machine: Machine, tmp_path: Path, name: str) -> None:
    refused = machine.run("pc", "new-strategy", name)

    assert refused.rc == 64
    assert repr(name) in refused.err
    assert "a-z" in refused.err
    assert not (tmp_path / "mine").exists()


def test_a_name_that_exists_is_refused_and_nothing_is_touched(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "test_precious.py").write_text("keep me", encoding="utf-8")
    machine.run("pc", "new-strategy", "my_idea")
    before = (tmp_path / "mine" / "my_idea.py").read_bytes()

    refused = [machine.run("pc", "new-strategy", name) for name in ("my_idea", "krx_ma200", "precious")]

    assert [done.rc for done in refused] == [64, 64, 64]
    assert all("there" in done.err and "another name" in done.err for done in refused)
    assert (tmp_path / "mine" / "my_idea.py").read_bytes() == before
    assert (tmp_path / "mine" / "test_precious.py").read_text(encoding="utf-8") == "keep me"
    assert not (tmp_path / "mine" / "precious.py").exists()


def test_in_a_checkout_both_files_go_where_the_house_keeps_them_and_pass_its_checks(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    for room in ("inbox", "outbox", "pc", "shared", "nas", "configs"):
        shutil.copytree(HOME / room, checkout / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HOME / "pyproject.toml", checkout)
    written = python("-m", "pc", "new-strategy", "my_idea", cwd=checkout)
    files = ["shared/strategies/my_idea.py", "tests/strategies/test_my_idea.py"]

    assert written.returncode == 0, written.stderr
    assert written.stdout.split() == [str(checkout / file) for file in files]
    for check in (["ruff", "format", "--check"], ["ruff", "check"], ["pytest", "-q", "tests/strategies"]):
        checked = python("-m", *check, *(files if check[0] == "ruff" else ()), cwd=checkout)
        assert checked.returncode == 0, checked.stdout + checked.stderr

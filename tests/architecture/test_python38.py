"""The core runs on the NAS's Python: 3.8, with the pinned packages of requirements/nas.txt and nothing heavier."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Dict, List

import pytest

from tests.harness.dose import one_in
from tests.harness.oldest_python import OldPython, oldest_python
from tests.harness.sources import ROOT, files_of, imports_of, module_of

pytestmark = pytest.mark.timeout(600)  # the first call makes an environment

CORE = ("inbox", "outbox", "nas", "shared", "shared.strategies")
OF_THE_PC = ("shared.market",)
ABSENT = ("numpy", "pandas", "matplotlib", "watchdog", "psutil")
IMPORTED = """
import importlib, importlib.util, json, sys
there = [name for name in json.loads(sys.argv[1]) if importlib.util.find_spec(name)]
assert not there, f"not the NAS's environment: {there}"
for name in json.loads(sys.argv[2]):
    importlib.import_module(name)
from shared.catalog import Catalog
from shared.strategies import strategy_of
print(*sorted(strategy_of(name, {}, None).name for name in Catalog("shared.strategies").names()))
"""
CORES_TESTS = ("tests/inbox", "tests/outbox", "tests/nas", "tests/shared")
NEEDS_A_PC = re.compile(r"shared\.market|\bpc\.|\"pc\"|strategies_outside|harness\.(people|processes)")
FEWEST = 20


@pytest.fixture(scope="module")
def old(request: pytest.FixtureRequest) -> OldPython:
    found = oldest_python()
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():  # else nobody reads it
        print(f"\nthe core runs under Python {found.version} at {found.found_at}", flush=True)
    return found


def test_everything_of_the_core_and_every_strategys_params_load(old: OldPython) -> None:
    modules = [name for name in map(module_of, files_of("inbox", "outbox", "nas", "shared")) if not name.startswith(OF_THE_PC)]
    assert {"inbox.request", "nas.__main__", "shared.strategies.krx_ma200"} <= set(modules)
    done = _run(old, "-c", IMPORTED, json.dumps(ABSENT), json.dumps(modules))
    assert done.returncode == 0, done.stderr
    assert "krx_ma200" in done.stdout.split()


def test_the_commands_of_the_nas_work(old: OldPython, tmp_path: Path) -> None:
    """Typed one after the other; a wrong parameter is refused here already, before anything is written."""
    mine = {"RELAY_REPORTS": str(tmp_path / "reports"), "RELAY_LANGUAGE": "en"}

    def nas(*words: str) -> "subprocess.CompletedProcess[str]":
        return _run(old, "-m", "nas", *words, **mine)

    assert nas("init").returncode == 0
    asked = nas("submit", "krx_ma200", "--start", "2020-01-01", "--set", "window=100", "--id", "mine")
    assert (asked.returncode, asked.stdout.strip()) == (0, "mine"), asked.stderr
    refused = nas("submit", "krx_ma200", "--set", "window=1")
    assert refused.returncode == 1
    assert "E-PARAMS" in refused.stderr
    assert refused.stdout == ""
    assert json.loads(nas("status", "--json").stdout)["waiting"] == ["mine"]
    assert "mine" in nas("show", "mine").stdout
    for words in (["cancel", "mine"], ["pause", "maintenance"], ["resume"], ["list", "strategies"], ["config"]):
        done = nas(*words)
        assert done.returncode == 0, done.stderr
        assert words != ["cancel", "mine"] or '[CANCEL_SUBMITTED] rc=0 details="request=mine ' in done.stderr
    assert (tmp_path / "reports" / "pending" / "mine.cancel").is_file()


def test_the_tests_of_the_core_pass(old: OldPython, tmp_path: Path) -> None:
    """All files that never speak of the PC, in the everyday check every eighth one, others for other code; in them a drain is
    skipped."""
    every = [file for folder in CORES_TESTS for file in files_of(folder) if file.name.startswith("test_") and _is_cores(file)]
    files = one_in(8, every)
    if not files:
        pytest.skip("no test of the core stands alone yet")
    options = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        "-o",
        "addopts=--import-mode=importlib",
        f"--basetemp={tmp_path / 'old'}",
    ]
    done = _run(old, "-m", "pytest", *options, *[str(file.relative_to(ROOT)) for file in files])
    print(done.stdout[-2000:])
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None, done.stdout[-300:]
    assert int(passed[1]) >= FEWEST, f"Python {old.version} ran too few: {done.stdout[-300:]}"


def _is_cores(file: Path) -> bool:
    imported = {one.module.split(".")[0] for one in imports_of(file)}
    return not imported & {"pc", *ABSENT} and not NEEDS_A_PC.search(file.read_text(encoding="utf-8"))


def _run(old: OldPython, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    kept: Dict[str, str] = {
        name: value for name, value in os.environ.items() if not name.startswith(("RELAY_", "PYTEST_", "PYTHONDONTWRITE"))
    }
    command: List[str] = [str(old.path), *words]
    environment = {**kept, "PYTHONUTF8": "1", **more}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400, check=False)

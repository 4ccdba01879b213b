"""The project as a package, outside its checkout: the commands work with packaged defaults."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from shared.config import HOME


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel holds."""
    built = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)]
    subprocess.run(words, cwd=HOME, check=True, capture_output=True, timeout=100)
    folder = built / "site"
    zipfile.ZipFile(next(built.glob("*.whl"))).extractall(folder)
    return folder


def _run(installed: Path, cwd: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_outside_a_checkout_the_defaults_are_in_force(installed: Path, tmp_path: Path) -> None:
    """Real prices, never made-up ones; the folder is where one stands."""
    shown = json.loads(_run(installed, tmp_path, "nas", "config", "--json").stdout)
    assert shown["prices"] == {"value": "local", "origin": "default"}
    assert shown["reports"]["value"] == str(tmp_path / "reports")


def test_the_packaged_commands_walk_the_road(installed: Path, tmp_path: Path) -> None:
    """Without prices the answer says what is missing and what to do."""
    asked = _run(installed, tmp_path, "nas", "submit", "krx_ma200", "--no-charts")
    assert asked.returncode == 0, asked.stderr
    drained = _run(installed, tmp_path, "pc.worker", "--once")
    assert drained.returncode == 1, drained.stderr
    assert "code=E-DATA-MISSING" in drained.stderr
    assert list((tmp_path / "reports" / "done").iterdir()) != []


def test_the_calendar_travels_with_the_package(installed: Path, tmp_path: Path) -> None:
    """Without it every guard would be closed."""
    shown = json.loads(_run(installed, tmp_path, "nas", "calendar", "show", "2026", "--json").stdout)
    assert (shown["sessions"], shown["verified_through"]) == (244, "2027-12-31")


def test_the_rules_of_the_market_travel_with_the_package(installed: Path, tmp_path: Path) -> None:
    """A run outside a checkout pays the tax of the day as one inside does."""
    days = [f"2024-01-{day:02d}" for day in (2, 3, 4, 5, 8, 9, 10, 11)]
    bars = [f"005930,{day},100,100,100,{close},1000" for day, close in zip(days, (100, 100, 101, 102, 90, 90, 90, 90))]
    prices = tmp_path / "data" / "prices" / "local"
    prices.mkdir(parents=True)
    (prices / "bars.csv").write_text("\n".join(["symbol,date,open,high,low,close,volume", *bars]), encoding="utf-8")
    request = {"strategy": "krx_ma200", "symbols": ["005930"], "params": {"window": 2}, "benchmarks": [], "charts": False}
    (tmp_path / "ask.json").write_text(json.dumps(request), encoding="utf-8")
    ran = _run(installed, tmp_path, "pc", "run", "ask.json", "--json")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    costs = json.loads(ran.stdout)["metrics"]["costs"]
    assert costs["tax"] > 0


def test_the_package_holds_nothing_of_the_tests_or_the_machine(installed: Path) -> None:
    """Only the five packages."""
    assert sorted(path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")) == [
        "inbox",
        "nas",
        "outbox",
        "pc",
        "shared",
    ]

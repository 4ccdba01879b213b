"""What a cold command loads: nothing heavy before a run needs it."""

from __future__ import annotations

import subprocess
import sys
from typing import List

import pytest

from tests.harness.sources import ROOT, files_of, module_of

HEAVY = ("numpy", "pandas", "pyarrow", "matplotlib", "slack_sdk")
LOADED = """
import importlib, sys
for name in sys.argv[2:]:
    importlib.import_module(name)
print(*set(sys.argv[1].split()) & set(sys.modules))
"""
OF_A_RUN = ("pc.engine", "pc.report", "pc.bench", "shared.market")


def _heavy_after(modules: List[str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, " ".join(HEAVY), *modules],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _modules(*packages: str) -> List[str]:
    return [name for name in map(module_of, files_of(*packages)) if not name.startswith(OF_A_RUN) and "__main__" not in name]


@pytest.mark.parametrize("room", ["inbox", "outbox", "shared", "nas"])
def test_importing_a_room_of_the_nas_loads_nothing_heavy(room: str) -> None:
    assert _heavy_after(_modules(room)) == ""


def test_importing_the_worker_and_all_around_it_loads_nothing_heavy() -> None:
    """Only the child in which runs happen loads them."""
    modules = _modules("pc")
    assert {"pc.worker", "pc.service", "pc.run", "pc.launchers.processes"} <= set(modules)
    assert _heavy_after([*modules, "pc.__main__"]) == ""


def test_this_test_would_notice() -> None:
    assert _heavy_after(["pc.engine"]) == "numpy"

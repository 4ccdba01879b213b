"""The two shims of the earlier backtest scripts: same names, same arguments, and no logic of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Dict

import pytest

from shared.config import HOME
from tests.harness.processes import Machine
from tests.harness.road import until

JOBS = HOME / "scripts" / "linux" / "jobs"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="these are the NAS's")


def environment(machine: Machine) -> Dict[str, str]:
    return {**machine.environment(), "PYTHONBIN": sys.executable, "BT_TIMEOUT": "60"}


@pytest.mark.skipif(sys.version_info < (3, 11), reason="runs are the PC's, which has Python 3.11 or newer")
def test_run_bt_asks_as_the_earlier_script_did_and_waits_for_the_answer(tmp_path: Path, synthetic_data: Path) -> None:
    with Machine(tmp_path, synthetic_data, language="en") as machine:
        words = [str(JOBS / "run_bt.sh"), "krx_ma200", "KOSPI", "2024-01-01", "2024-06-28"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        going = subprocess.Popen(words, env=environment(machine), cwd=tmp_path, text=True, **pipes)  # type: ignore[call-overload]
        until(lambda: list((machine.reports / "pending").glob("*.json")))
        assert machine.run("pc", "drain").rc == 0
        out, err = going.communicate(timeout=60)
        assert going.returncode == 0, err
        [answer] = (machine.reports / "done").iterdir()
        asked = json.loads((answer / "request.json").read_bytes())
        assert (asked["benchmarks"], asked["start"], asked["end"]) == ("KOSPI", "2024-01-01", "2024-06-28")
        assert answer.name in out


def test_bt_postprocess_compares_in_the_old_words(tmp_path: Path) -> None:
    with Machine(tmp_path, tmp_path / "data", language="en") as machine:
        words = [str(JOBS / "bt_postprocess.sh"), "krx_ma200"]
        done = subprocess.run(
            words, env=environment(machine), cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 0, done.stderr
    assert "[POST] prev run not found; compare skipped" in done.stderr

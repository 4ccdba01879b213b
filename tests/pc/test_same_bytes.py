"""The same inputs give the same bytes: in another process too, with its sets and dicts in another order."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Dict

from shared.config import HOME
from tests.harness.processes import Machine

ASKED = {
    "strategy": "krx_ma200",
    "start": "2020-01-01",
    "end": "2021-12-31",
    "universe": "SYNTHETIC_ETF",
    "benchmarks": ["KOSPI", "S&P500", "990010", "990030", "NASDAQ"],
    "labels": {"desk": "kim", "n": "007"},
}
OF_ONE_RUN = {"manifest.json", "run.log"}  # its times, its worker, its id
A_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?\S*")


def test_two_processes_with_other_hashes_write_the_same_files(tmp_path: Path, synthetic_data: Path) -> None:
    (tmp_path / "request.json").write_text(json.dumps(ASKED), encoding="utf-8")
    with Machine(tmp_path, synthetic_data) as machine:
        environment = machine.environment()
    seeds = ("1", "271828")
    running = [_run(tmp_path, {**environment, "PYTHONHASHSEED": seed}, seed) for seed in seeds]
    assert [one.wait(60) for one in running] == [0, 0]

    first, second = (_files(tmp_path / seed) for seed in seeds)
    assert set(first) == set(second)
    assert set(first) >= {"equity_curve.csv", "daily_returns.csv", "trades.csv", "metrics.json", "report.txt", "equity_curve.png"}
    assert [name for name in first if first[name] != second[name]] == []
    told = [_told(tmp_path / seed) for seed in seeds]
    assert told[0] == told[1]


def _run(folder: Path, environment: Dict[str, str], seed: str) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-m", "pc", "run", str(folder / "request.json"), "--out", str(folder / seed)]
    return subprocess.Popen(words, env=environment, cwd=HOME, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _files(out: Path) -> Dict[str, bytes]:
    """The results of the one answer, a report without its times."""
    [answer] = out.iterdir()
    found = {path.name: path.read_bytes() for path in answer.iterdir() if path.name not in OF_ONE_RUN}
    return {**found, "report.txt": A_TIME.sub("", found["report.txt"].decode()).encode()}


def _told(out: Path) -> str:
    """What the manifest says of the run, as it is written: but for its times, and for where and as what it ran."""
    manifest = json.loads(next(out.glob("*/manifest.json")).read_text(encoding="utf-8"))
    own = ("run_id", "request_id", "timings", "attempts", "files", "worker")
    return json.dumps({name: value for name, value in manifest.items() if name not in own})

"""The whole road on one page: a request dropped in pending becomes exactly one verified answer in done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


def test_a_request_becomes_exactly_one_verified_answer(tmp_path: Path, synthetic_data: Path) -> None:
    """NAS submits, PC drains, NAS shows: by the commands people type, each a process of its own."""
    environment = {**os.environ, "RELAY_REPORTS": str(tmp_path / "reports"), "RELAY_DATA": str(synthetic_data)}
    environment.update(RELAY_LOGS=str(tmp_path / "logs"), RELAY_PRICES="synthetic", RELAY_SETTLE_SECONDS="0")

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", *words], env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    assert run("nas", "init").returncode == 0
    asked = run("nas", "submit", "krx_ma200", "--start", "2020-01-01", "--end", "2024-12-31", "--set", "window=100")
    request_id = asked.stdout.strip()
    assert asked.returncode == 0, asked.stderr
    assert json.loads(run("nas", "status", "--json").stdout)["pending"] == 1

    pending = tmp_path / "reports" / "pending"
    twice = next(pending.glob("*.json")).read_bytes()
    (pending / "again.json").write_bytes(b"\xef\xbb\xbf" + twice)
    (pending / "broken.json").write_text('{"strategy": "krx_ma20", "start": "2020-01-01"}')
    drained = run("pc.worker", "--once", "--json")

    assert drained.returncode == 1, drained.stderr
    assert json.loads(drained.stdout)["statuses"] == {"SUCCEEDED": 1, "REJECTED": 1}
    answer = tmp_path / "reports" / "done" / request_id
    assert sorted(path.name for path in answer.iterdir()) == [
        "daily_returns.csv",
        "equity_curve.csv",
        "equity_curve.png",
        "manifest.json",
        "metrics.json",
        "report.txt",
        "request.json",
        "run.log",
        "trades.csv",
    ]
    shown = run("nas", "show", request_id)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith("※ 합성(가짜) 가격")
    left = [path for room in ("pending", "claims", "running", "building") for path in (tmp_path / "reports" / room).iterdir()]
    assert left == []
    assert "did you mean 'krx_ma200'?" in drained.stderr

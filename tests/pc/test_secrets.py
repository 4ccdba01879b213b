"""What the environment of a worker holds for others is told to nobody: no log, no answer, no sign of life has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.harness.processes import Machine
from tests.harness.road import SMALL

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-1234567890-hunter2hunter2",
    "SLACK_API_URL": "http://127.0.0.1:9/api/",  # nobody's: no test speaks to Slack
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/hunter2",
    "DATABASE_URL": "postgres://relay:hunter2@db.example/prices",
}


def test_no_secret_of_the_environment_is_written_or_printed_anywhere(
    tmp_path: Path, synthetic_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    with Machine(tmp_path, synthetic_data) as machine:
        asked = [machine.road.submit(strategy=strategy) for strategy in ("krx_ma200", "raises", "does_not_load", "dies")]
        machine.road.drop("broken.json", b'{"strategy": ')
        (tmp_path / "request.json").write_text(json.dumps({**SMALL, "strategy": "raises"}), encoding="utf-8")
        drained = machine.run("pc.worker", "--once", "--json")
        assert drained.rc == 1
        for words in (["nas", "status"], ["nas", "config"], *(["nas", "show", one] for one in asked)):
            machine.run(*words)
        machine.run("pc", "run", str(tmp_path / "request.json"), "--out", str(tmp_path / "out"))
        statuses = sorted(machine.road.answers().values())

    assert statuses == ["FAILED", "FAILED", "FAILED", "REJECTED", "SUCCEEDED"]
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in written} >= {"manifest.json", "run.log", "report.txt", "err.txt", "out.txt"}
    assert any(path.parent.name == "logs" for path in written)
    assert [str(path) for path in written if b"hunter2" in path.read_bytes()] == []


def test_a_secret_under_a_name_that_might_be_ours_is_refused_by_the_name_alone(tmp_path: Path, synthetic_data: Path) -> None:
    with Machine(tmp_path, synthetic_data, slack_webhook="https://hooks.example/services/hunter2") as machine:
        refused = machine.run("pc.worker", "--once", "--json")

    assert refused.rc == 64
    assert "'RELAY_SLACK_WEBHOOK'" in refused.err
    assert "hunter2" not in refused.out + refused.err

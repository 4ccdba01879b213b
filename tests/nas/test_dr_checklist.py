"""docs/dr_checklist.md: what it tells to type is typed on a machine that lost everything."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from shared.config import HOME, Settings
from tests.harness.answers import seal
from tests.harness.road import Road
from tests.nas.test_back_up import IN, made, settings_of

SHOWN = {name: data for name, data in IN.items() if name.startswith(("data", "logs", "backtests"))}
OWN = {"elsewhere/jobs.yaml": b"{}\n", "mine/mine.py": b"# mine\n"}
LONG_AGO = 1700000000
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", (HOME / "docs" / "dr_checklist.md").read_text("utf-8"), re.DOTALL)
    for line in block.splitlines()
]


def lost(tmp_path: Path) -> Settings:
    """A machine that was backed up; its backup is all there will be of it."""
    for name, data in {**SHOWN, **OWN}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    more = {"RELAY_JOBS": str(tmp_path / "elsewhere" / "jobs.yaml"), "RELAY_STRATEGIES_PATH": str(tmp_path / "mine")}
    settings = settings_of(tmp_path, **more)
    seal(Road(settings.reports, settings.data), "one")
    asked = settings.reports / "pending" / "asked.json"
    asked.write_text("{}", encoding="utf-8")
    os.utime(asked, (LONG_AGO, LONG_AGO))
    made(settings)
    return settings


def test_every_command_of_the_recovery_checklist_works_on_a_machine_that_lost_everything(tmp_path: Path) -> None:
    """In a folder as a new checkout is, with the newest backup in it; the answer that came back is published."""
    settings = lost(tmp_path)
    fresh = tmp_path / "fresh"
    (fresh / "configs").mkdir(parents=True)
    settings.backups.rename(fresh / "backups")
    shutil.rmtree(settings.reports)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    (tmp_path / "bin" / "python").chmod(0o755)
    names = ("REPORTS", "DATA", "LOGS", "PRIVATE", "BACKTESTS", "ARCHIVE", "BACKUPS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RELAY_")}
    here = {**kept, **{f"RELAY_{name}": str(fresh / name.lower()) for name in names}, "PYTHONPATH": str(HOME), "PYTHONUTF8": "1"}
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    for command in COMMANDS:
        done = subprocess.run(["sh", "-c", command], cwd=fresh, env={**here, "PATH": path}, capture_output=True, check=False)
        wanted = (0, 2, 3) if "doctor" in command else (0,)
        assert done.returncode in wanted, (command, done.stdout, done.stderr)
        assert "published=1" in done.stdout.decode() or "publish" not in command
    assert {name: (fresh / name).read_bytes() for name in SHOWN} == SHOWN
    assert [(fresh / name).read_bytes() for name in ("configs/own/jobs.yaml", "strategies/mine.py")] == [*OWN.values()]
    restored = fresh / "reports" / "pending" / "asked.json"
    assert restored.stat().st_mtime == LONG_AGO, "what names no request_id has its id of the day of its file"

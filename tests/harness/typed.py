"""The NAS's commands as cron and a person type them: real processes, with folders and a Slack of the test's own.

It exists so that a test of a job says what is typed, and reads what is printed, logged and told.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Dict, List, Optional

from shared import clock
from shared.config import HOME

FRIDAY, SATURDAY = "2026-11-20", "2026-11-21"  # a trading day, and none


class Typed:
    """`python -m nas …` below one folder."""

    def __init__(self, root: Path, **more: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("RELAY_", "SLACK_", "ALERT_"))}
        self.root, self.checkout = root, HOME
        self._begun: List["subprocess.Popen[str]"] = []
        for name in ("DATA", "LOGS", "REPORTS", "PRIVATE", "BACKTESTS", "ARCHIVE", "BACKUPS"):
            kept[f"RELAY_{name}"] = str(root / name.lower())
        self.environment: Dict[str, str] = {**kept, "RELAY_LANGUAGE": "en", "PYTHONUTF8": "1", "TZ": "KST-9", **more}

    def __call__(self, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """Typed, and waited for."""
        return subprocess.run([sys.executable, "-m", "nas", *words], timeout=120, check=False, **self._how(more))

    def begin(self, *words: str, **more: str) -> "subprocess.Popen[str]":
        """Typed, and left alone."""
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        going = subprocess.Popen([sys.executable, "-m", "nas", *words], **{**self._how(more), **pipes})
        self._begun.append(going)
        return going

    def end(self) -> None:
        """Nothing that was begun goes on."""
        for going in self._begun:
            going.kill()
            going.communicate(timeout=30)

    def log(self, job: str, day: Optional[datetime] = None) -> List[str]:
        """The lines of a job's log of today."""
        file = self.root / "logs" / f"{job}_{day or clock.now():%Y-%m-%d}.log"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    def _how(self, more: Dict[str, str]) -> Dict[str, Any]:
        pipe = subprocess.PIPE
        shape = {"text": True, "encoding": "utf-8", "stdout": pipe, "stderr": pipe}
        return {"cwd": self.checkout, "env": {**self.environment, **more}, **shape}

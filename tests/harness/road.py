"""The road for tests: a reports folder of their own, the real doors over it, and waiting without hoping.

It exists so that every test walks the ordinary road in a few lines.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

import pytest

import inbox
import outbox
from shared.config import Settings, load
from shared.disk import Disk
from shared.events import Hears, Log

SMALL: Dict[str, Any] = {"strategy": "krx_ma200", "start": "2024-01-01", "end": "2024-06-30", "charts": False}


def settings_for(reports: Path, data: Path, **changes: Any) -> Settings:
    """Settings for a folder of the test: synthetic prices, quick to settle, nothing of the checkout's."""
    wanted = {"reports": reports, "data": data, "logs": reports.parent / "logs", "worker": "tester", "slots": 1}
    wanted.update({name: reports.parent / name for name in ("backtests", "private")})
    quick = {"prices": "synthetic", "durable": False, "settle_seconds": 0.0, "strategies_path": None}
    return load({}).model_copy(update={**wanted, **quick, **changes})


class Road:
    """One reports folder and what a test does with it."""

    def __init__(self, root: Path, data: Path, **changes: Any) -> None:
        self.settings = settings_for(root, data, **changes)
        self.disk = Disk(self.settings.durable, patience=0.0)
        self.root = root
        self.inbox = inbox.open_inbox(root, self.disk)
        self.outbox = outbox.open_outbox(root, self.disk)
        inbox.make_inbox(self.inbox)
        outbox.make_outbox(self.outbox)

    def submit(self, **content: Any) -> str:
        """A small good request, with changes."""
        return inbox.submit(self.inbox, {**SMALL, **content})

    def drop(self, name: str, content: Any) -> Path:
        """A file into pending as a stranger would: bytes as they are, anything else as JSON."""
        path = self.inbox.pending / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode())
        return path

    def drain(self, disk: Optional[Disk] = None, hears: Optional[Hears] = None) -> int:
        """A fresh worker takes all that can be taken now, in this process; its log is told to whoever hears."""
        if sys.version_info < (3, 11):
            pytest.skip("runs are the PC's, which has Python 3.11 or newer")
        from pc.desk import open_desk
        from pc.launchers.here import open_launcher
        from pc.worker import Worker

        desk = open_desk(self.settings, Log(quiet=True, hears=hears), disk or self.disk)
        return Worker(desk, open_launcher(desk)).drain()

    def answers(self) -> Dict[str, str]:
        """Every answer's status, each verified to the last byte."""
        return {name: str(outbox.verify(self.outbox, name)["status"]) for name in sorted(outbox.answers(self.outbox))}

    def manifest(self, request_id: str) -> Dict[str, Any]:
        """One answer's manifest."""
        return outbox.verify(self.outbox, request_id)

    def left(self) -> List[str]:
        """What lies in the folders that must be empty after a drain."""
        found = []
        for folder in (self.inbox.pending, self.inbox.claims, self.inbox.running, self.outbox.building):
            found += [f"{folder.name}/{path.relative_to(folder)}" for path in sorted(folder.rglob("*"))]
        return found


def until(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    """The condition's first true value; AssertionError once `seconds` have passed without one."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"still not so after {seconds:g} s: {condition}"
        time.sleep(0.005)

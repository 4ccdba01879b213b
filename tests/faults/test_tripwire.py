"""Nobody but `shared/disk.py` touches the reports folder: a whole road is walked with the interpreter itself on watch.

The hook is put into every process of the road, the runs' children too, by a `sitecustomize` on their path.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import List

import inbox
import outbox
from shared.config import HOME
from tests.harness.interleave import Recorder, disk_with
from tests.harness.road import SMALL, Road

WATCH = """
import json, os, sys

_LIBRARY = os.path.dirname(os.__file__) + os.sep
_REPORTS = os.environ["WATCHED_REPORTS"]
_NOTES = os.environ["WATCHED_NOTES"]
_LOOKED_AT = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.utime")
_PATHS = {"os.rename": 2, "os.link": 2, "os.symlink": 2}


def _is_under(path):
    if isinstance(path, int) or path is None:
        return False
    return os.path.abspath(os.fsdecode(path)).startswith(_REPORTS + os.sep)


def _asker():
    frame = sys._getframe(2)
    while frame is not None:
        file = frame.f_code.co_filename
        is_pythons_own = file.startswith(("<frozen", _LIBRARY)) and "site-packages" not in file
        if not is_pythons_own:
            return file
        frame = frame.f_back
    return "?"


def _hook(event, arguments):
    if event not in _LOOKED_AT:
        return
    paths = [os.fsdecode(path) for path in arguments[: _PATHS.get(event, 1)] if _is_under(path)]
    if paths:
        line = json.dumps([event, paths[0], _asker(), os.getpid()]) + "\\n"
        descriptor = os.open(_NOTES, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, line.encode())
        os.close(descriptor)


sys.addaudithook(_hook)
"""
BYPASS = """
import os, pathlib, shutil, sys
reports = pathlib.Path(sys.argv[1])
(reports / "a.txt").write_text("x")
os.rename(reports / "a.txt", reports / "b.txt")
(reports / "b.txt").read_text()
(reports / "folder").mkdir()
shutil.rmtree(reports / "folder")
(reports / "b.txt").unlink()
"""


class Watched:
    """A reports folder, and every process's notes about who opened or changed something in it."""

    def __init__(self, home: Path, data: Path) -> None:
        self.reports, self.notes, hook = home / "reports", home / "notes.jsonl", home / "hook"
        hook.mkdir()
        (hook / "sitecustomize.py").write_text(WATCH)
        self._environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(hook), str(HOME))),
            "WATCHED_REPORTS": str(self.reports),
            "WATCHED_NOTES": str(self.notes),
            "RELAY_REPORTS": str(self.reports),
            "RELAY_DATA": str(data),
            "RELAY_LOGS": str(home / "logs"),
            "RELAY_PRICES": "synthetic",
            "RELAY_SETTLE_SECONDS": "0",
            "RELAY_SLOTS": "1",
        }

    def python(self, *words: str) -> str:
        """What it printed; its exit code may tell of a rejected request."""
        command = [sys.executable, *words]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=90, check=False)
        assert done.returncode in (0, 1), done.stderr
        return done.stdout.strip()

    def seen(self) -> List[List[str]]:
        """Event, path, the file of the code that asked for it, the process."""
        return [json.loads(line) for line in self.notes.read_text().splitlines()]


def test_only_the_disk_module_touches_the_reports_folder(tmp_path: Path, synthetic_data: Path) -> None:
    """Submit, cancel, pause, resume; a drain with real children that answers, rejects, settles, cancels."""
    watched = Watched(tmp_path, synthetic_data)
    submit = ("-m", "nas", "submit", SMALL["strategy"], "--start", SMALL["start"], "--end", SMALL["end"])
    watched.python("-m", "nas", "init")
    request_id = watched.python(*submit)
    unwanted = watched.python(*submit, "--no-charts")
    watched.python("-m", "nas", "cancel", unwanted)
    watched.python("-m", "nas", "pause", "a moment")
    watched.python("-m", "nas", "resume")
    pending = watched.reports / "pending"
    (pending / "again.json").write_bytes(next(pending.glob(f"*{request_id}.json")).read_bytes())
    (pending / "broken.json").write_text('{"strategy": ')
    statuses = json.loads(watched.python("-m", "pc.worker", "--once", "--json"))["statuses"]
    assert statuses == {"SUCCEEDED": 1, "CANCELLED": 1, "REJECTED": 1}

    seen = watched.seen()
    strangers = [note for note in seen if Path(note[2]) != HOME / "shared" / "disk.py"]
    assert strangers == []
    assert {note[0] for note in seen} >= {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"}
    processes = {note[3] for note in seen if "/building/" in note[1]}
    assert len(processes) >= 2, "the runs' children are watched too: they write the drafts, the worker the refusals"


def test_a_way_around_the_disk_module_is_seen(tmp_path: Path, synthetic_data: Path) -> None:
    """The watch would see what it is there for."""
    watched = Watched(tmp_path, synthetic_data)
    watched.reports.mkdir()
    watched.python("-c", BYPASS, str(watched.reports))
    seen = [note[0] for note in watched.seen()]
    assert seen[:4] == ["open", "os.rename", "open", "os.mkdir"]
    assert [event for event in seen[4:] if event != "open"] == ["os.rmdir", "os.remove"]


class _Targets(Recorder):
    """Writes down every rename whose target is there already."""

    def __init__(self) -> None:
        super().__init__()
        self.renames, self.replaced = 0, [""][:0]

    def rename(self, source: Path, target: Path) -> None:
        """As os.rename."""
        self.renames += 1
        self.replaced += [f"{source} → {target}"] if os.path.lexists(target) else []
        os.rename(source, target)


def test_no_move_finds_its_target_taken(road: Road) -> None:
    """Twice the same, other content under one id before and after the answer, a cancel, an archive."""
    targets = _Targets()
    disk = disk_with(targets)
    for name, capital in (("a", 1), ("b", 1), ("c", 2), ("d", 3)):
        road.drop(f"{name}.json", {**SMALL, "request_id": "x", "capital": capital * 1_000_000})
    for _ in range(2):
        inbox.submit(inbox.open_inbox(road.root, disk), {**SMALL, "request_id": "y"})
    inbox.cancel(inbox.open_inbox(road.root, disk), "y", "no")
    for _ in range(2):
        road.drain(disk)
        road.drop("a.json", {**SMALL, "request_id": "x", "capital": 4_000_000})
    outbox.archive(outbox.open_outbox(road.root, disk), "x", road.root.parent / "archive", has_claims=False)
    road.drain(disk)
    assert sorted(road.answers().values()) == ["CANCELLED", "REJECTED", "REJECTED", "REJECTED"]
    assert targets.renames >= 20
    assert targets.replaced == []

"""Whether a file put into a folder rings a bell on this machine: a watch is set up and a file is put there.

It exists because a folder without events looks exactly like one with them, until a request waits for the next scan.
"""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import Any

from shared import mounts
from shared.disk import Disk
from shared.found import OK, WARN, Found
from shared.probe import probe_name
from shared.sayings import say

_SECONDS = 1.0


def events(disk: Disk, folder: Path, scan_seconds: float) -> Found:
    """By the kind of file system where that settles it: our own files ring on a share too, the other machine's never do."""
    kind = mounts.kind_of(folder)
    if kind is not None and mounts.is_remote(kind):
        return mounts.events(folder, scan_seconds)
    took = rung_after(disk, folder)
    if took is None:
        said = say("events_none", kind=kind or "?", seconds=f"{_SECONDS:g}")
        return Found("events", WARN, said, say("events_fix"))
    return Found("events", OK, say("events_ok", kind=kind or "?", ms=round(took * 1000)))


def rung_after(disk: Disk, folder: Path) -> float | None:
    """Seconds until a watch of that folder told of a file we put there; None where it did not within one."""
    from watchdog.observers import Observer

    # It complains of every event between the wish to stop and its end; those are nobody's business.
    logging.getLogger("watchdog").addHandler(logging.NullHandler())
    listener, observer = _Listener(probe_name()), Observer()
    observer.daemon = True
    observer.schedule(listener, str(folder), recursive=False)  # type: ignore[arg-type]  # it has what is called
    observer.start()
    try:
        return _time_to(listener, disk, folder)
    finally:
        observer.stop()
        disk.remove(folder / listener.name)


def _time_to(listener: _Listener, disk: Disk, folder: Path) -> float | None:
    began = time.monotonic()
    disk.put(folder / listener.name, b"")  # a dot-name: no worker's bell rings for it
    return time.monotonic() - began if listener.heard.wait(_SECONDS) else None


class _Listener:
    """What watchdog calls, in its own thread."""

    def __init__(self, name: str) -> None:
        self.name, self.heard = name, threading.Event()

    def dispatch(self, event: Any) -> None:
        """Only our own file counts."""
        if str(event.src_path).endswith(self.name):
            self.heard.set()

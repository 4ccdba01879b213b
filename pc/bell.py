"""The bell: what wakes the worker when something arrives in `pending`.

It exists so that a request is picked up in milliseconds; it may ring late, twice or never, so nothing depends on it.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import shutil
import sys
import tempfile
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from shared.errors import in_words
from shared.events import Log
from shared.machine import start_of

if TYPE_CHECKING:
    from watchdog.events import FileSystemEventHandler

_LINKS = "krx-relay-bell-"


class Bell:
    """Watches pending (and running, see below) and keeps the names that changed."""

    def __init__(self, pending: Path, running: Path, log: Log) -> None:
        self._pending, self._running, self._log = pending, running, log
        self._rung: deque[str] = deque(maxlen=100_000)
        self.connection, self._hammer = multiprocessing.Pipe(duplex=False)
        if os.name != "nt":
            # A full pipe wakes as well as a fuller one, and the worker's own signal handler must never wait for its reader.
            os.set_blocking(self._hammer.fileno(), False)
        self._observer: Any = None
        self._links: Path | None = None
        self._watched: tuple[int, int] | None = None
        self.mend()

    def names(self) -> set[str]:
        """The names rung for since the last call."""
        while self.connection.poll():
            self.connection.recv_bytes()
        found = set()
        with contextlib.suppress(IndexError):
            while True:
                found.add(self._rung.popleft())
        return found

    def ring(self, name: str = "") -> None:
        """Wake whoever waits; also from a signal's handler."""
        if name:
            self._rung.append(name)
        with contextlib.suppress(OSError):
            self._hammer.send_bytes(b"")

    def mend(self) -> None:
        """Watch again if the folder was exchanged (a share that went and came back) or the watch died."""
        identity = _identity(self._pending)
        if identity is None or (identity == self._watched and self._observer is not None and self._observer.is_alive()):
            return
        self.silence()
        try:
            self._watch()
            self._watched = identity
        except Exception as error:  # a machine without events has scans; whatever the reason, one line says it
            self._log.warning("BELL_MUTED", why=in_words(error), fix="scans go on")
            self.silence()
            self._watched = identity
            self._observer = _Mute()

    def silence(self) -> None:
        """Stop watching."""
        if self._observer is not None:
            with contextlib.suppress(Exception):
                self._observer.stop()
                self._observer.join(2)
        self._observer = None
        if self._links is not None:
            shutil.rmtree(self._links, ignore_errors=True)
            self._links = None

    def _watch(self) -> None:
        from watchdog.events import FileClosedEvent, FileCreatedEvent, FileMovedEvent
        from watchdog.observers import Observer

        logging.getLogger("watchdog").addHandler(logging.NullHandler())  # else what it says of a watch that ends goes to stderr
        observer = Observer()
        wanted = [FileCreatedEvent, FileMovedEvent, FileClosedEvent]
        for folder, recursive in self._folders():
            observer.schedule(
                cast("FileSystemEventHandler", _Handler(self)),
                str(folder),
                recursive=recursive,
                event_filter=wanted,
                follow_symlink=recursive,
            )
        observer.daemon = True
        observer.start()
        self._observer = observer

    def _folders(self) -> list[tuple[Path, bool]]:
        """Linux: one watch over links to pending and running. A rename out of the only watched folder makes watchdog hold
        back all that follows for half a second, waiting for its other half; here it sees both halves. `done` is never watched."""
        if sys.platform != "linux" or any(_leads_away(folder) for folder in (self._pending, self._running)):
            return [(self._pending, False)]
        _sweep_links()
        self._links = Path(tempfile.mkdtemp(prefix=f"{_LINKS}{os.getpid()}-"))
        os.symlink(self._pending, self._links / "pending")
        os.symlink(self._running, self._links / "running")
        return [(self._links, True)]


def _leads_away(folder: Path) -> bool:
    """Whether a link to a folder lies in it: following ours, the watch would follow that one too, into who knows what."""
    with os.scandir(folder) as found:
        return any(entry.is_symlink() and entry.is_dir() for entry in found)


class _Handler:
    """What watchdog calls, in its own thread."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell

    def dispatch(self, event: Any) -> None:
        """Only what now lies in pending is news; a draft that is about to be renamed would wake the worker for nothing."""
        folder, name = os.path.split(str(event.dest_path or event.src_path))
        if os.path.basename(folder) == "pending" and not name.startswith("."):
            self._bell.ring(name)


class _Mute:
    """Stands where a watch could not be had, so that it is not tried at every look."""

    def is_alive(self) -> bool:
        """Alive enough."""
        return True

    def stop(self) -> None:
        """Nothing to stop."""

    def join(self, timeout: float) -> None:
        """Nothing to wait for."""


def _sweep_links() -> None:
    """Remove the links of workers that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_LINKS}*"):
        pid = folder.name[len(_LINKS) :].split("-")[0]
        if pid.isdigit() and start_of(int(pid)) is None:
            shutil.rmtree(folder, ignore_errors=True)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(folder)
    except OSError:
        return None
    return found.st_dev, found.st_ino

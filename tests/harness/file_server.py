"""A file server with a clock of its own, and the clients that reach it.

It exists so that a test can move the server's time and each machine's clock as it likes, and stop or kill a client
before any one of its file operations.
"""

from __future__ import annotations

import os
from pathlib import Path
from threading import Semaphore, Thread
from typing import Any, Callable, Dict, Optional, Union

FOREVER = float("inf")
AnyPath = Union[str, Path]


class Killed(BaseException):
    """The process is gone: nothing of it runs on, and no `except Exception` sees it."""


class FileServer:
    """The one clock that every file's time comes from."""

    def __init__(self, now: float = 1_780_000_000.0) -> None:
        self.now = now

    def touch(self, path: AnyPath) -> None:
        """That was changed just now."""
        if os.path.exists(path) and not os.path.islink(path):
            os.utime(path, (self.now, self.now))


class Client:
    """The calls of one machine: files get the server's time, `before` is asked before each, `moved` told after each rename."""

    def __init__(
        self, server: FileServer, before: Callable[[], None] = lambda: None, moved: Callable[[], None] = lambda: None
    ) -> None:
        self._server, self._before, self._moved = server, before, moved
        self._paths: Dict[int, AnyPath] = {}

    def open(self, path: AnyPath, flags: int, mode: int = 0o777) -> int:
        """As os.open."""
        self._before()
        fd = os.open(path, flags, mode)
        self._paths[fd] = path
        if flags & os.O_CREAT:
            self._changed(path, Path(path).parent)
        return fd

    def write(self, fd: int, data: bytes) -> int:
        """As os.write."""
        self._before()
        written = os.write(fd, data)
        self._changed(self._paths[fd])
        return written

    def truncate(self, fd: int, size: int) -> None:
        """As os.ftruncate."""
        self._before()
        os.ftruncate(fd, size)
        self._changed(self._paths[fd])

    def read(self, fd: int, size: int) -> bytes:
        """As os.read."""
        return os.read(fd, size)

    def fstat(self, fd: int) -> os.stat_result:
        """As os.fstat."""
        return os.fstat(fd)

    def fsync(self, fd: int) -> None:
        """As os.fsync."""
        os.fsync(fd)

    def close(self, fd: int) -> None:
        """As os.close; also of a process that is being killed."""
        self._paths.pop(fd, None)
        os.close(fd)

    def rename(self, source: AnyPath, target: AnyPath) -> None:
        """As os.rename."""
        self._before()
        os.rename(source, target)
        self._changed(Path(source).parent, Path(target).parent)
        self._moved()

    def replace(self, source: AnyPath, target: AnyPath) -> None:
        """As os.replace."""
        self._before()
        os.replace(source, target)
        self._changed(Path(source).parent, Path(target).parent)

    def unlink(self, path: AnyPath) -> None:
        """As os.unlink."""
        self._before()
        os.unlink(path)
        self._changed(Path(path).parent)

    def mkdir(self, path: AnyPath) -> None:
        """As os.mkdir."""
        self._before()
        os.mkdir(path)
        self._changed(path, Path(path).parent)

    def rmdir(self, path: AnyPath) -> None:
        """As os.rmdir."""
        self._before()
        os.rmdir(path)
        self._changed(Path(path).parent)

    def listdir(self, path: AnyPath) -> Any:
        """As os.listdir."""
        self._before()
        return os.listdir(path)

    def lstat(self, path: AnyPath) -> os.stat_result:
        """As os.lstat."""
        self._before()
        return os.lstat(path)

    def _changed(self, *paths: AnyPath) -> None:
        for path in paths:
            self._server.touch(path)


class Actor:
    """Something that does one step at a time and can be stopped before any file operation, for ever or until told to go on."""

    def __init__(self) -> None:
        self.busy = False
        self.was_stopped = False  # since it last moved a file in the present step
        self._left = FOREVER
        self._doomed = False
        self._go, self._back = Semaphore(0), Semaphore(0)
        self._error: Optional[BaseException] = None

    def before(self) -> None:
        """Called by its client before every file operation, in its own thread."""
        if self._left <= 0 and not self._doomed:
            self.was_stopped = True
            self._back.release()
            self._go.acquire()
        if self._doomed:
            raise Killed
        self._left -= 1

    def moved(self) -> None:
        """Called by its client after every rename: what it knows is as fresh as that."""
        self.was_stopped = False

    def begin(self, step: Callable[[], object], operations: float) -> None:
        """Do so many operations of a new step."""
        assert not self.busy
        assert not self._doomed
        self.busy, self.was_stopped, self._left = True, False, operations
        Thread(target=self._run, args=(step,), daemon=True).start()
        self._wait()

    def go_on(self, operations: float = FOREVER) -> None:
        """Do so many more of the step it is in."""
        if self.busy:
            self._left = operations
            self._go.release()
            self._wait()

    def kill(self) -> None:
        """No operation of its any more."""
        self._doomed = True
        self.go_on()

    def _wait(self) -> None:
        assert self._back.acquire(timeout=60), "a step neither ended nor came to its next file operation"
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _run(self, step: Callable[[], object]) -> None:
        try:
            step()
        except Killed:
            pass
        except BaseException as error:
            self._error = error
        finally:
            self.busy = False
            self._back.release()

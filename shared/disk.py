"""Every file operation of the queue, and nothing else.

It exists so that one place knows what a share really does, and so that tests can fail each operation: `Calls` is the seam.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import stat
import time
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator, List, NamedTuple, Sequence, Tuple, Union

from shared.calls import Calls

_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_AGAIN = os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_HELD_BY_SOMEBODY = (5, 32, 33)  # Windows: access denied, sharing violation, lock violation
_TAKEN = (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR, errno.EISDIR)
NO_FILE = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG)  # nothing of ours goes by that name
Data = Union[bytes, Iterable[bytes]]  # all at once, or a piece at a time
Where = Union[Path, str]  # making a Path takes longer than asking the system whether it is there


class Content(NamedTuple):
    """What a file holds and the file server's time of its last change."""

    data: bytes
    mtime: float


class HalfWritten(OSError):
    """The new file is there under its name and ours, but its content is not."""


class Disk:
    """The queue's way to its folders. `durable=False` leaves out every fsync; `patience` is how long a held file is retried."""

    def __init__(self, durable: bool = True, calls: Any = Calls, patience: float = 1.0) -> None:
        self.durable, self._calls, self._patience = durable, calls, patience

    def exists(self, path: Where) -> bool:
        """Whether anything has that name; a share that cannot be asked raises."""
        return self._seen(path) is not None

    def is_folder(self, path: Where) -> bool:
        """Whether a folder of our own lies there: not a link or a junction to somebody else's."""
        found = self._seen(path)
        return found is not None and stat.S_ISDIR(found.st_mode) and not getattr(found, "st_reparse_tag", 0)

    def _seen(self, path: Where) -> Any:
        try:
            return self._calls.lstat(path)
        except OSError as error:
            if error.errno not in NO_FILE:
                raise
            return None

    def mtime(self, path: Where) -> float:
        """The file server's time of the last change."""
        return float(self._calls.lstat(path).st_mtime)

    def status(self, path: Where) -> Any:
        """Whose it is and what is allowed with it, as os.lstat tells."""
        return self._calls.lstat(path)

    def names(self, folder: Where) -> List[str]:
        """What lies in the folder, in no order; a missing folder is empty."""
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            return list(self._calls.listdir(folder))
        return []

    def read(self, path: Where, limit: int = 1 << 62) -> Content:
        """At most `limit` bytes of a regular file; links are not followed, pipes do not block, folders raise."""
        with self._opened(path, _READ) as fd:
            mtime = self._calls.fstat(fd).st_mtime
            return Content(b"".join(self._pieces(fd, limit)), mtime)

    def pieces(self, path: Where, limit: int) -> Iterator[bytes]:
        """The same a piece at a time: of a file that need not fit into memory."""
        with self._opened(path, _READ) as fd:
            yield from self._pieces(fd, limit)

    def _pieces(self, fd: int, left: int) -> Iterator[bytes]:
        piece = self._calls.read(fd, min(left, 1 << 16))
        is_more = len(piece) == 1 << 16
        while piece:
            yield piece
            left -= len(piece)
            piece = self._calls.read(fd, min(left, 1 << 20)) if is_more and left > 0 else b""

    @contextlib.contextmanager
    def _opened(self, path: Where, flags: int) -> Iterator[int]:
        fd = self._calls.open(path, flags)
        try:
            yield fd
        finally:
            self._calls.close(fd)

    def put(self, path: Where, data: Data) -> None:
        """A new file, not yet flushed; FileExistsError if the name is taken: the exclusive act everywhere."""
        self._new(path, data, flush=False)

    def create(self, path: Where, data: Data) -> None:
        """A new file whose content is on the platter; FileExistsError if the name is taken."""
        self._new(path, data, flush=self.durable)

    def publish(self, path: Where, data: Data, replacing: bool = False) -> None:
        """A file that is complete when it appears, in an older one's place if wanted, and survives a power cut from then on."""
        folder, name = os.path.split(path)
        draft = f"{folder}/.{name}.{os.urandom(4).hex()}.tmp"
        try:
            self.create(draft, data)
            self._patiently(self._calls.replace if replacing else self._calls.rename, draft, path)
        except OSError:
            self.remove(draft)
            raise
        self.flush_folder(folder)

    def overwrite(self, path: Where, data: bytes) -> float:
        """New content for an existing file; returns the file server's time now. FileNotFoundError once it was removed."""
        with self._opened(path, _AGAIN) as fd:
            self._write_all(fd, data)
            self._calls.truncate(fd, len(data))
            return float(self._calls.fstat(fd).st_mtime)

    def append_handle(self, path: Where) -> int:
        """A descriptor of a new file that a run's output may flow into."""
        return int(self._calls.open(path, _NEW | os.O_APPEND, 0o666))

    def _new(self, path: Where, data: Data, flush: bool) -> None:
        fd = self._calls.open(path, _NEW, 0o666)
        try:
            self._fill(fd, data, flush)
        except OSError as error:
            raise HalfWritten(error.errno, error.strerror, str(path)) from error

    def _fill(self, fd: int, data: Data, flush: bool) -> None:
        try:
            for piece in (data,) if isinstance(data, bytes) else data:
                self._write_all(fd, piece)
            if flush:
                self._calls.fsync(fd)
        finally:
            self._calls.close(fd)  # a network share may tell only now that the content did not arrive

    def _write_all(self, fd: int, data: bytes) -> None:
        written = self._calls.write(fd, data)
        while written < len(data):
            written += self._calls.write(fd, data[written:])

    def move(self, source: Where, target: Where) -> None:
        """Rename to a name nobody else uses. Where somebody holds the file open (Windows, SMB) it is tried again for a while."""
        self._patiently(self._calls.rename, source, target)

    def move_folder(self, source: Where, target: Where) -> bool:
        """Rename a folder, never replacing; False if the target is taken (an empty one counts as free)."""
        try:
            self._patiently(self._calls.rename, source, target)
        except OSError as error:
            if error.errno in _TAKEN or (os.name == "nt" and isinstance(error, FileExistsError)):
                return False
            raise
        return True

    def remove(self, path: Where) -> None:
        """Away with a file; already away is as good."""
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            self._patiently(self._calls.unlink, path)

    def make_folder(self, path: Where) -> None:
        """A new folder; FileExistsError if the name is taken."""
        self._calls.mkdir(path)

    def add_folder(self, path: Path) -> None:
        """The folder, made where missing inside one that is there: of a share that went just now nothing is made anew."""
        with contextlib.suppress(FileExistsError):
            self._calls.mkdir(path)
            self.flush_folder(path.parent)

    def ensure_folder(self, path: Path) -> None:
        """The folder and those above it, made where missing; what was made survives a power cut."""
        if path.parent != path and not self.exists(path.parent):
            self.ensure_folder(path.parent)
        self.add_folder(path)

    def remove_folder(self, path: Where) -> bool:
        """Away with an empty folder; False if something lies in it."""
        try:
            self._calls.rmdir(path)
        except FileNotFoundError:
            return True
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR) or getattr(error, "winerror", 0) == 145:
                return False
            raise
        return True

    def remove_tree(self, path: Where) -> None:
        """Away with a folder and all in it; whatever is already away is as good. Of a link only the link goes."""
        folders = [path] if self.is_folder(path) else []  # grows while it is walked: somebody may have nested them without end
        if not folders:
            self.remove(path)
        for inner in (f"{folder}/{name}" for folder in folders for name in self.names(folder)):
            try:
                self.remove(inner)
            except (IsADirectoryError, PermissionError) as error:
                folders.append(self._as_folder(inner, error))
        for folder in reversed(folders):
            self.remove_folder(folder)

    def _as_folder(self, path: Where, error: OSError) -> Where:
        if not self.is_folder(path):
            raise error
        return path

    def _patiently(self, call: Callable[..., None], *names: Where) -> None:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                return call(*names)
            except OSError as error:
                if getattr(error, "winerror", None) not in _HELD_BY_SOMEBODY or time.monotonic() >= deadline:
                    raise
            time.sleep(0.02)

    def flush_folder(self, folder: Where) -> None:
        """Names in the folder survive a power cut (Windows has no such call and needs none)."""
        if self.durable and os.name != "nt":
            self._flush(folder, os.O_RDONLY)

    def flush_all(self, files: Sequence[Where], folders: Iterable[Where] = ()) -> None:
        """All of them at once: the file system commits them together, far faster than one after the other."""
        wanted: List[Tuple[Where, int]] = [(file, _AGAIN) for file in files]
        wanted += [(folder, os.O_RDONLY) for folder in folders if os.name != "nt"]
        list(self._threads.map(lambda each: self._flush(*each), wanted if self.durable else ()))  # raises what any raised

    def _flush(self, path: Where, flags: int) -> None:
        with self._opened(path, flags) as fd:
            self._calls.fsync(fd)

    @functools.cached_property
    def _threads(self) -> Any:
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(8, thread_name_prefix="flush")

"""The file `cache.db`: opened for one act at a time, made where there is none, set aside where it cannot be read.

It exists so that what SQLite says is told as what it is: a busy file, a full disk, or a file that is no database any more.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from shared import clock
from shared.disk import Disk
from shared.errors import RelayError
from shared.lock import only_one
from shared.market.cache.rows import SCHEMA, VERSION

FILE = "cache.db"
_WAIT = 60.0  # seconds for another process' transaction
_FIX = "move it away: everything is asked for again then"
_AS_SYSTEM = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_READONLY: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_BUSY: errno.EBUSY,
    sqlite3.SQLITE_LOCKED: errno.EBUSY,
}
Found = TypeVar("Found")


class CacheUnreadable(RelayError):
    """`cache.db` is no database, or none of ours: nobody sees this but where a new one could not be read either."""

    code = "E-CACHE-UNREADABLE"


class Database:
    """Of one folder. A file that cannot be read is set aside and an empty one begun: then everything is asked for again,
    since no part that nothing vouches for is believed."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._folder, self._disk, self._file = folder, disk, folder / FILE

    def change(self, act: Callable[[sqlite3.Connection], Found]) -> Found:
        """What `act` gives, in one transaction: all of it happens, or nothing."""
        return self.look(lambda connection: _in_one(connection, act))

    def look(self, act: Callable[[sqlite3.Connection], Found]) -> Found:
        """What `act` gives, that only reads."""
        try:
            return self._once(act)
        except CacheUnreadable:
            self.mend()
        return self._once(act)

    def mend(self) -> None:
        """Set aside if it is damaged: an empty one is in its place then."""
        with only_one(self._folder.parent / "locks" / "cache-ledger", _WAIT):
            if not self._is_ruined():
                return  # somebody else has done so
            now = clock.now()
            aside = self._folder / "aside" / f"{now:%Y-%m-%d}"
            self._disk.ensure_folder(aside)
            # In this order: a journal without its database is thrown away, one beside a fresh database would be played back.
            for name in [name for name in (FILE, f"{FILE}-journal") if self._disk.exists(self._folder / name)]:
                self._disk.move(self._folder / name, aside / f"{clock.stamp(now)}-{name}")

    def _once(self, act: Callable[[sqlite3.Connection], Found]) -> Found:
        with self._opened() as connection:
            return act(connection)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """One connection for one act: nothing is kept open across forks and threads, or while the file is set aside."""
        if not self._disk.exists(self._folder):
            self._disk.ensure_folder(self._folder)
        connection = None
        try:
            connection = sqlite3.connect(self._file, timeout=_WAIT, isolation_level=None)
            connection.text_factory = lambda data: data.decode("utf-8", "replace")
            connection.execute(f"PRAGMA synchronous = {'FULL' if self._disk.durable else 'OFF'}")
            _prepare(connection)
            yield connection
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter in the name of a column
            raise _meant(error, self._file) from error
        finally:
            if connection:
                connection.close()

    def _is_ruined(self) -> bool:
        try:
            self._once(_check)
        except CacheUnreadable:
            return True
        return False


def _prepare(connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != VERSION:
        _in_one(connection, _begin)


def _begin(connection: sqlite3.Connection) -> None:
    """The tables of an empty file; somebody else may have made them meanwhile."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == VERSION:
        return
    if version or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise CacheUnreadable("reading cache.db", "it is another program's, or a newer version's", _FIX)
    for statement in SCHEMA:
        connection.execute(statement)


def _check(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(SCHEMA[-1])  # whether it can be written to: its header may say that it cannot
    connection.execute("ROLLBACK")
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise CacheUnreadable("checking cache.db", found, _FIX)
    tables = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'table'").fetchall()
    if {text for (text,) in tables} != {text for text in SCHEMA if text.startswith("CREATE")}:
        raise CacheUnreadable("checking cache.db", "its tables are others", _FIX)


def _in_one(connection: sqlite3.Connection, act: Callable[[sqlite3.Connection], Found]) -> Found:
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = act(connection)
    except BaseException:
        if connection.in_transaction:  # a full disk has ended it already
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return found


def _meant(error: Exception, file: Path) -> Exception:
    """What SQLite says, as who it concerns knows it: the disk's own fault, or the file's."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_READONLY and os.access(file, os.W_OK):
        code = sqlite3.SQLITE_CORRUPT  # its header says that only a later SQLite may write to it
    if code in _AS_SYSTEM:
        return OSError(_AS_SYSTEM[code], str(error), str(file))
    return CacheUnreadable(f"using {file}", str(error), _FIX)

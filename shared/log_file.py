"""A log file: lines go to its end, whole, whoever else writes to it at the same time; one that is full is rolled away.

It exists so that a log that cannot be written never stops the work it tells about, and none of them fills a disk unseen.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Optional

from shared import clock
from shared.lock import only_one

MOST_BYTES = 20 << 20
ROLLING = ".rolling.lock"
_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
_PATIENCE = 1.0  # seconds; whoever rolls has the lock for a rename
_TURN, _LOOKS = 0.001, 50  # how long a line waits for others' lines: seconds, times


def append(file: Path, text: str, moment: Optional[datetime] = None) -> None:
    """One line more; the file's name may hold the day, as strftime writes it: that moment's."""
    path = file.with_name((moment or clock.now()).strftime(file.name))
    try:
        _append(path, text.encode("utf-8", "backslashreplace") + b"\n")
    except OSError as error:
        print(f"log file {path} cannot be written: {error}", file=sys.stderr)


def _append(path: Path, line: bytes) -> None:
    """Opened for each line: nobody goes on writing into a file that was rolled away."""
    fd = _opened(path)
    try:
        if not _is_full(fd, line):
            _put(fd, line)
            return
    finally:
        os.close(fd)
    _roll(path, line)
    fd = _opened(path)
    try:
        _put(fd, line)
    finally:
        os.close(fd)


def _opened(path: Path) -> int:
    try:
        return os.open(path, _FLAGS, 0o666)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, _FLAGS, 0o666)


def _put(fd: int, line: bytes) -> None:
    """In one call. What a full disk takes half of stays half: its rest would come after others' lines."""
    _wait_for_turn(fd)
    whole = line if _ends_whole(fd) else b"\n" + line
    written = os.write(fd, whole)
    if written < len(whole):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _wait_for_turn(fd: int) -> None:
    """RACE: a look at the last byte while somebody writes may find half a line that is whole a moment later.

    The turn ends with the handle. Somebody who was stopped in the midst of his stops nobody else: without it, at worst a line
    is empty."""
    if os.name == "nt":
        return
    import fcntl

    for _ in range(_LOOKS):
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(_TURN)
        except OSError:  # a file system without such turns
            return


def _ends_whole(fd: int) -> bool:
    """Whether nobody left half a line there, upon which ours would be read as its rest."""
    if not os.fstat(fd).st_size:
        return True
    os.lseek(fd, -1, os.SEEK_END)
    return os.read(fd, 1) == b"\n"


def _is_full(fd: int, line: bytes) -> bool:
    size = os.fstat(fd).st_size
    return size > 0 and size + len(line) > MOST_BYTES


def _roll(path: Path, line: bytes) -> None:
    """`pc_2026-11-20.log` becomes `pc_2026-11-20.1.log`, the next one `.2.log`; nothing is renamed twice.

    Where that cannot be (Windows: somebody reads it), it grows on."""
    with contextlib.suppress(OSError), only_one(path.with_name(ROLLING), _PATIENCE) as is_ours:
        # RACE: two find it full at once. The second one must not roll away the new one, with one line in it.
        if is_ours and path.stat().st_size + len(line) > MOST_BYTES:
            path.rename(path.with_name(f"{path.stem}.{_highest(path) + 1}{path.suffix}"))


def _highest(path: Path) -> int:
    """The number of the last one that was rolled, also where it is compressed; what was deleted leaves none free."""
    rolled = re.compile(re.escape(path.stem) + r"\.(\d+)" + re.escape(path.suffix) + r"(?:\.gz)?")
    found = (rolled.fullmatch(name) for name in os.listdir(path.parent))
    return max((int(one[1]) for one in found if one), default=0)

"""What a process prints, passed on as it comes, line by line: to its log, and to whoever reads ours.

It exists so that who reads no further stops neither the job nor its log, a line without end fills no memory, and nothing that is
passed on tells a secret.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import select
import selectors
import sys
import time
from collections import deque
from subprocess import Popen
from typing import Callable, Deque, List, TextIO

from shared.masking import cut_between, masked
from shared.one_line import one_line

_LONGEST = 1 << 16  # of a line: one that never ends would fill the memory
_AT_ONCE = 1 << 13  # bytes: between two looks at who asks us to end
_IN_A_PIPE = 1 << 16  # bytes
_KEPT = 200  # lines of its output
_READS = 5.0  # seconds: who takes nothing for so long has stopped reading

Hear = Callable[[str], object]


class Output:
    """Both streams of one process. One thread reads them, and never waits for one alone."""

    def __init__(self, process: "Popen[bytes]", hear: Hear) -> None:
        self._hear = hear
        self._last: Deque[str] = deque(maxlen=_KEPT)
        self._open = selectors.DefaultSelector()
        for source, target in ((process.stdout, sys.stdout), (process.stderr, sys.stderr)):
            assert source is not None
            self._open.register(source, selectors.EVENT_READ, (_Lines(), target))

    def pass_on(self, seconds: float) -> bool:
        """What comes within that time; False where nobody can print any more."""
        for key, _ in self._open.select(seconds) if self._open.get_map() else ():
            self._take(key, os.read(key.fd, _AT_ONCE))
        return bool(self._open.get_map())

    def pass_on_rest(self, seconds: float) -> str:
        """What is still under way, for no longer than that: what the process left running may hold it open for ever. The last
        lines there were."""
        ends = time.monotonic() + seconds
        while self.pass_on(max(0.0, ends - time.monotonic())) and time.monotonic() < ends:
            pass
        for _ in range(_IN_A_PIPE // _AT_ONCE):  # it was there in time: showing what came before it took so long
            self.pass_on(0.0)
        for key in list(self._open.get_map().values()):
            self._take(key, b"")  # the line that was begun
        for target in (sys.stdout, sys.stderr):
            _is_read(target)  # how it ended is said there next
        return "\n".join(self._last)

    def _take(self, key: selectors.SelectorKey, data: bytes) -> None:
        """No bytes are the end."""
        lines, target = key.data
        for line in lines.of(data):
            self._tell(line, target)
        if not data:
            self._open.unregister(key.fileobj)

    def _tell(self, text: str, target: TextIO) -> None:
        line = masked(one_line(text.rstrip("\r").replace("\t", "    ")))
        self._last.append(line)
        self._hear(line)
        with contextlib.suppress(OSError, ValueError):  # nobody reads ours any more
            _show(line, target)


class _Lines:
    """Bytes as they come, made into whole lines."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._begun = ""

    def of(self, data: bytes) -> List[str]:
        """Those that end with these bytes; of no bytes, the rest. One that is too long is cut, through no secret."""
        *whole, self._begun = (self._begun + self._decode(data, not data)).split("\n")
        if self._begun and (not data or len(self._begun) > _LONGEST):
            end = cut_between(self._begun, len(self._begun)) if data else len(self._begun)
            whole, self._begun = [*whole, self._begun[:end]], self._begun[end:]
        return whole


def _show(line: str, target: TextIO) -> None:
    """No piece is larger than what a pipe that is ready surely takes: to write never waits."""
    data = f"{line}\n".encode(target.encoding, "replace")
    for begin in range(0, len(data), select.PIPE_BUF):
        if _is_read(target):
            os.write(target.fileno(), data[begin : begin + select.PIPE_BUF])


def _is_read(target: TextIO) -> bool:
    """Whether somebody reads it; a stream of ours that nobody does leads nowhere from then on, for every print would wait."""
    _, ready, _ = select.select([], [target], [], _READS)
    if not ready:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, target.fileno())
        os.close(nowhere)
    return bool(ready)

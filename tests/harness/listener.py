"""Who listens to a worker as systemd does: a real datagram socket, and what came through it with the moment it came.

It exists so that tests hear what systemd would hear, without a systemd.
"""

from __future__ import annotations

import contextlib
import select
import socket
import time
from typing import List

from tests.harness.road import until


class Listener:
    """Bound at an address as NOTIFY_SOCKET names it; `@` begins an abstract one."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.lines: List[str] = []
        self.pings: List[float] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(f"\0{address[1:]}" if address.startswith("@") else address)
        self._socket.setblocking(False)

    def heard(self) -> List[str]:
        """Every line up to now."""
        with contextlib.suppress(BlockingIOError):
            while True:
                found = self._socket.recv(65536).decode().splitlines()
                self.lines += found
                self.pings += [time.monotonic()] * found.count("WATCHDOG=1")
        return self.lines

    def until(self, line: str, seconds: float = 30.0, after: str = "") -> None:
        """Wait for that line, said once more after the other, where one is named."""
        try:
            until(lambda: line in (heard := self.heard())[heard.index(after) if after else 0 :], seconds)
        except AssertionError as error:
            raise AssertionError(f"never heard {line!r}, but {self.lines}") from error

    def is_quiet_for(self, seconds: float) -> bool:
        """Whether nothing at all came in that time; it ends with the first word."""
        return not select.select([self._socket], [], [], seconds)[0]

    def until_pinged(self, times: int) -> None:
        """Wait for so many more pings."""
        before = len(self.pings)
        until(lambda: self.heard() is not None and len(self.pings) >= before + times)

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()

"""A wire on loopback that can be bad: it cuts a connection after some bytes, or flips one bit on the way.

It exists so that real transfers meet what real networks do, at a place the test chooses.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Iterator, List, NamedTuple, Optional


class Mishap(NamedTuple):
    """What happens to one connection's answer bytes: it ends after so many, or that byte is changed."""

    cut_after: Optional[int] = None
    flip_at: Optional[int] = None


class Wire:
    """From a port of its own to the server's; one mishap per connection, in order, and none afterwards."""

    def __init__(self, server: int, mishaps: List[Mishap]) -> None:
        self._server, self._mishaps = server, list(mishaps)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.connections = 0

    def serve(self) -> None:
        """Until it is closed."""
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                self.connections += 1
                mishap = self._mishaps.pop(0) if self._mishaps else Mishap()
                far = socket.create_connection(("127.0.0.1", self._server))
                for source, target, what in ((near, far, Mishap()), (far, near, mishap)):
                    threading.Thread(target=_pass_on, args=(source, target, what), daemon=True).start()

    def close(self) -> None:
        """No more connections."""
        self._listening.close()


def _pass_on(source: socket.socket, target: socket.socket, mishap: Mishap) -> None:
    passed = 0
    with contextlib.suppress(OSError):
        while True:
            data = source.recv(1 << 16)
            if mishap.cut_after is not None and passed + len(data) > mishap.cut_after:
                target.sendall(data[: mishap.cut_after - passed])
                break
            if mishap.flip_at is not None and passed <= mishap.flip_at < passed + len(data):
                at = mishap.flip_at - passed
                data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            if not data:
                break
            target.sendall(data)
            passed += len(data)
    for one in (source, target):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


@contextlib.contextmanager
def bad_wire(server: int, mishaps: List[Mishap]) -> Iterator[Wire]:
    """Such a wire to a server on this machine."""
    wire = Wire(server, mishaps)
    threading.Thread(target=wire.serve, daemon=True).start()
    try:
        yield wire
    finally:
        wire.close()

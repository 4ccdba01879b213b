"""What every stand-in of a market's server does alike: it runs beside the test, says an answer, and trickles one.

It exists so that the stand-ins differ only in what they answer.
"""

from __future__ import annotations

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable, Iterator


@contextlib.contextmanager
def beside_the_test(server: ThreadingHTTPServer, let_go: "Callable[[], None]") -> Iterator[None]:
    """It answers until the test is over; then whoever still waits in it is let go."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        let_go()
        server.shutdown()
        server.server_close()
        thread.join()


def say(handler: BaseHTTPRequestHandler, status: int, body: bytes, length: int = 0, /, **headers: str) -> None:
    """That answer, told to be of that length; whoever asked may have given it up."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(length or len(body)))
    with contextlib.suppress(OSError):
        handler.end_headers()
        handler.wfile.write(body)


def trickle(handler: BaseHTTPRequestHandler, over: threading.Event) -> None:
    """A byte now and then: never silent, never at its end."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    with contextlib.suppress(OSError):
        while not over.wait(0.1):
            handler.wfile.write(b" ")

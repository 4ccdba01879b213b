"""The servers behind pykrx, yfinance and FinanceDataReader as a test has them, right or misbehaving in a way that is a word.

It exists so that the real libraries, unmodified, speak to something: a forward proxy to which the environment alone points.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import trustme

from tests.harness import market_answers
from tests.harness.market_answers import BARRED, EMPTY, RENAMED, ZEROS, Asked, in_four_bytes, without_a_close
from tests.harness.market_handler import beside_the_test, say, trickle

_POINTING = ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy")
_TRUSTING = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


class MarketProxy:
    """`modes`: how each kind of question is answered, right where nothing is said; `asked`: every question, in order."""

    def __init__(self, folder: Path) -> None:
        self.modes, self.asked, self.sessions = dict[str, str](), list[str](), set[str]()
        self.tomorrow = False  # whether a day that is not over is among the answers
        self.spared = dict[str, int]()  # so many questions of a kind are answered rightly first
        self._authority, self._contexts = trustme.CA(), dict[str, ssl.SSLContext]()
        self.over = threading.Event()  # whoever waits is let go
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self._trusted = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(str(self._trusted))

    @property
    def environment(self) -> dict[str, str]:
        """All that a client needs to be pointed here."""
        address = f"http://127.0.0.1:{self._server.server_address[1]}"
        return {**dict.fromkeys(_POINTING, address), **dict.fromkeys(_TRUSTING, str(self._trusted))}

    @contextlib.contextmanager
    def running(self) -> Iterator[MarketProxy]:
        with beside_the_test(self._server, lambda: self.over.set()):  # noqa: PLW0108 - the one there is by then
            yield self

    def forget(self) -> None:
        """Well again, and asked nothing; who logged in still is."""
        self.modes, self.asked, self.tomorrow, self.spared = {}, [], False, {}
        self.over.set()
        self.over = threading.Event()

    def mode_of(self, kind: str, word: str) -> str:
        """How the next question of that kind, or the next about just that, is answered."""
        left = self.spared.get(kind, 0)
        self.spared[kind] = left - 1
        return "right" if left > 0 else self.modes.get(kind, self.modes.get(f"{kind} {word}", "right"))

    def context(self, host: str) -> ssl.SSLContext:
        """To be that host, of HTTP/1.1 alone."""
        if host not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.set_alpn_protocols(["http/1.1"])
            self._authority.issue_cert(host).configure_cert(context)
            self._contexts[host] = context
        return self._contexts[host]


@contextlib.contextmanager
def standing_in(folder: Path, **more: str) -> Iterator[MarketProxy]:
    """A proxy that runs, and the environment of this process, and of those it starts, pointing there."""
    with pytest.MonkeyPatch.context() as surroundings, MarketProxy(folder).running() as proxy:
        for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "ALLOW_NET_FETCH"):
            surroundings.delenv(name, raising=False)
        for name, value in {**proxy.environment, **more}.items():
            surroundings.setenv(name, value)
        yield proxy


def _handler_of(proxy: MarketProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version, host = "HTTP/1.1", ""
        disable_nagle_algorithm = True

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

        def do_CONNECT(self) -> None:
            self.host = self.path.split(":")[0]
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            try:
                self.connection = proxy.context(self.host).wrap_socket(self.connection, server_side=True)
            except OSError:
                self.close_connection = True
                return
            self.rfile, self.wfile = self.connection.makefile("rb", -1), self.connection.makefile("wb", 0)
            self.close_connection = False

        def do_GET(self) -> None:
            place = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            form = {name: values[0] for name, values in parse_qs(f"{place.query}&{body}").items()}
            host = self.host or place.hostname or ""
            asked = Asked(host, unquote(place.path), form, self.headers.get("Cookie") or "")
            kind, word = market_answers.kind_of(asked)
            proxy.asked.append(f"{kind} {word}")
            mode = proxy.mode_of(kind, word)
            _MODES[mode](self, proxy, market_answers.right(kind, asked, proxy, mode), kind)

        do_POST = do_GET  # noqa: N815 - as http.server calls it

    return Handler


Answer = market_answers.Answer
Misbehaviour = Callable[[Any, MarketProxy, Answer, str], Any]


def _said(handler: Any, proxy: MarketProxy, answer: Answer, kind: str) -> None:
    say(handler, answer.status, answer.body, **answer.headers)


def _reset(handler: Any, proxy: MarketProxy, answer: Answer, kind: str) -> None:
    """In the middle of the answer."""
    say(handler, 200, answer.body[:20], len(answer.body) + 20)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with contextlib.suppress(OSError):
        handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def _edited(edits: dict[str, tuple[bytes, bytes]]) -> Misbehaviour:
    def edit(handler: Any, proxy: MarketProxy, answer: Answer, kind: str) -> None:
        before, after = edits[kind]
        assert before in answer.body
        say(handler, 200, answer.body.replace(before, after), **answer.headers)

    return edit


def _plain(status: int, body: bytes, **headers: str) -> Misbehaviour:
    return lambda handler, proxy, answer, kind: say(handler, status, body, **headers)


_MODES: dict[str, Misbehaviour] = {
    "right": _said,
    "CD010": _said,  # the answers to a login are told by market_answers
    "CD011": _said,
    "wrong password": _said,
    "four bytes": lambda handler, proxy, answer, kind: say(handler, 200, in_four_bytes(answer.body)),
    "no close": lambda handler, proxy, answer, kind: say(handler, 200, without_a_close(answer.body)),
    "of another": lambda handler, proxy, answer, kind: say(handler, 200, answer.body.replace(b"SPY", b"QQQ")),
    "LOGOUT": _plain(400, b"LOGOUT"),
    "401": _plain(401, b"{}"),
    "503 html": _plain(503, b"<html>busy</html>"),
    "200 html": _plain(200, b"<html><body>maintenance</body></html>"),
    "renamed column": _edited(RENAMED),
    "no prices but words": _edited(BARRED),
    "empty": lambda handler, proxy, answer, kind: say(handler, *EMPTY[kind]),
    "zeros": lambda handler, proxy, answer, kind: say(handler, 200, ZEROS[kind](answer.body)),
    "429": _plain(429, b"slow down"),
    "429 with Retry-After": _plain(429, b"slow down", Retry_After="7"),
    "hang": lambda handler, proxy, answer, kind: proxy.over.wait(60),
    "trickle": lambda handler, proxy, answer, kind: trickle(handler, proxy.over),
    "reset in the middle": _reset,
    "truncated": lambda handler, proxy, answer, kind: say(handler, 200, answer.body[:-25]),
    "wrong encoding": lambda handler, proxy, answer, kind: say(handler, 200, "이름".encode("cp949") + answer.body),
}
MODES = tuple(_MODES)
OF_A_LOGIN = ("CD010", "CD011", "wrong password")
OF_ONE = ("right", "LOGOUT", "401", "four bytes", "no close", "of another", *OF_A_LOGIN)
OF_ANYTHING = tuple(mode for mode in MODES if mode not in OF_ONE)

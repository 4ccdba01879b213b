"""The exchange's open API and Naver's chart as a test has them: right, or misbehaving in one of the ways servers do.

It exists so that the real client speaks to something over a real socket, and every way it can fail is a word.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Dict, Iterable, Iterator, List
from urllib.parse import parse_qs, urlsplit

from tests.harness.market_handler import beside_the_test, say, trickle

KEY = "good-key-of-the-exchange"
HALT = "000020"
BARS = ("20240102|35500|35700|35400|35600|3000000000", "20240103|35600|35900|35500|35800|3000000000")  # of a chart
_FULL = {"20240102": (35_500, 35_700, 35_400, 35_600), "20240103": (35_600, 35_900, 35_500, 35_800)}


def row_of(code: str, day: str, prices: "tuple[int, ...]") -> Dict[str, str]:
    """As the exchange writes it: strings, with commas."""
    names = ("TDD_OPNPRC", "TDD_HGPRC", "TDD_LWPRC", "TDD_CLSPRC")
    bars = {name: f"{price:,}" for name, price in zip(names, prices)}
    return {"BAS_DD": day, "ISU_CD": code, "ISU_NM": "이름", **bars, "ACC_TRDVOL": "3,000,000,000", "ACC_TRDVAL": "1,234,567"}


def index_row(day: str) -> Dict[str, str]:
    """Of KOSPI."""
    names = ("OPNPRC_IDX", "HGPRC_IDX", "LWPRC_IDX", "CLSPRC_IDX")
    bars = dict(zip(names, ("2,645.47", "2,675.80", "2,641.00", "2,669.81")))
    return {"BAS_DD": day, "IDX_CLSS": "KOSPI", "IDX_NM": "코스피", **bars, "ACC_TRDVOL": "-", "ACC_TRDVAL": "9"}


def chart_of(symbol: str, items: "Iterable[str]", name: str = "KODEX 200") -> bytes:
    """Naver's chart with these bars, in its encoding."""
    rows = "".join(f'<item data="{item}" />\n' for item in items)
    chart = f'<chartdata symbol="{symbol}" name="{name}" count="6" timeframe="day" precision="0" origintime="19900103">'
    text = f'<?xml version="1.0" encoding="EUC-KR" ?>\n<protocol>\n\t{chart}\n{rows}</chartdata>\n</protocol>\n'
    return text.encode("euc-kr")


class MarketServer:
    """`mode` says how it answers; `asked` is every path it was asked for. Without a mode it is right."""

    def __init__(self) -> None:
        self.mode, self.asked, self.refused = "right", list[str](), set[str]()
        self.elsewhere = "http://localhost:9/"
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        there = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.url, self.chart_url = f"{there}/svc/apis", f"{there}/sise.nhn"

    @contextlib.contextmanager
    def running(self) -> Iterator["MarketServer"]:
        with beside_the_test(self._server, self.over.set):
            yield self


def _rows(service: str, day: str) -> List[Dict[str, str]]:
    if day not in _FULL:
        return []
    if service.startswith("idx/"):
        return [index_row(day)]
    halted = (0, 0, 0, 1_000)
    return [row_of("069500", day, _FULL[day])] if service.startswith("etp/") else [row_of(HALT, day, halted)]


def _handler_of(server: MarketServer) -> "type[BaseHTTPRequestHandler]":
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if asked.path == "/sise.nhn":
                server.asked.append(asked.query)
                body = chart_of(parse_qs(asked.query)["symbol"][0], BARS, name="코덱스 200")
                return {**_MODES, **_OF_A_CHART}[server.mode](self, server, body)
            service, day = asked.path.split("/apis/")[1], parse_qs(asked.query)["basDd"][0]
            server.asked.append(f"{service} {day}")
            if self.headers.get("AUTH_KEY") != KEY or service in server.refused:
                return say(self, 401, b'{"respMsg":"Unauthorized API Call","respCode":"401"}')
            return {**_MODES, **_OF_A_DAY}[server.mode](self, server, json.dumps({"OutBlock_1": _rows(service, day)}).encode())

    return Handler


def _reset(handler: Any, server: MarketServer, body: bytes) -> None:
    """In the middle of the answer."""
    say(handler, 200, body[:20], len(body))
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True


def _hang(handler: Any, server: MarketServer, body: bytes) -> None:
    server.over.wait(60)  # as long as the test runs


_BEYOND = f"Mon, 01 Jan 2024 00:00:00 +{'9' * 30}"


def _another_of(body: bytes) -> bytes:
    """The first row once more, with another close, before all others; nothing where there is none."""
    rows = json.loads(body).get("OutBlock_1") if body.startswith(b"{") else None
    return json.dumps({**rows[0], "ACC_TRDVAL": "1"}).encode() + b"," if rows else b""


_MODES: Dict[str, Callable[[Any, MarketServer, bytes], Any]] = {
    "right": lambda handler, server, body: say(handler, 200, body),
    "empty": lambda handler, server, body: say(handler, 200, b'{"OutBlock_1":[]}'),
    "zeros": lambda handler, server, body: say(
        handler, 200, json.dumps({"OutBlock_1": [row_of("069500", handler.path[-8:], (0, 0, 0, 0))]}).encode()
    ),
    "renamed column": lambda handler, server, body: say(handler, 200, body.replace(b"TDD_CLSPRC", b"CLOSE")),
    "no prices but words": lambda handler, server, body: say(handler, 200, body.replace(b"35,600", b"n/a")),
    "an impossible number": lambda handler, server, body: say(handler, 200, body.replace(b"35,600", b"1e308")),
    "elsewhere": lambda handler, server, body: say(handler, 302, b"", Location=server.elsewhere),
    "a Retry-After beyond words": lambda handler, server, body: say(handler, 429, b"", Retry_After=_BEYOND),
    "negative": lambda handler, server, body: say(handler, 200, body.replace(b'"35,400"', b'"-35,400"')),
    "LOGOUT": lambda handler, server, body: say(handler, 400, b"LOGOUT"),
    "503 html": lambda handler, server, body: say(handler, 503, b"<html>busy</html>"),
    "200 html": lambda handler, server, body: say(handler, 200, b"<html>maintenance</html>"),
    "429": lambda handler, server, body: say(handler, 429, b"slow down"),
    "429 with Retry-After": lambda handler, server, body: say(handler, 429, b"slow down", Retry_After="7"),
    "429 with a day": lambda handler, server, body: say(handler, 429, b"", Retry_After="Fri, 31 Dec 2100 23:59:59 GMT"),
    "truncated": lambda handler, server, body: say(handler, 200, body[:-15]),
    "wrong encoding": lambda handler, server, body: say(handler, 200, "이름".encode("cp949") + body),
    "no object": lambda handler, server, body: say(handler, 200, b'["OutBlock_1"]'),
    "reset in the middle": _reset,
    "hang": _hang,
    "trickle": lambda handler, server, body: trickle(handler, server.over),
}
_OF_A_DAY: Dict[str, Callable[[Any, MarketServer, bytes], Any]] = {
    "yesterday": lambda handler, server, body: say(handler, 200, body.replace(b'"20240103"', b'"20240102"')),
    "twice, and they differ": lambda handler, server, body: say(handler, 200, body.replace(b"[", b"[" + _another_of(body), 1)),
}
_EMPTY = chart_of("069500", ())
_OF_A_CHART: Dict[str, Callable[[Any, MarketServer, bytes], Any]] = {
    "empty": lambda handler, server, body: say(handler, 200, _EMPTY),
    "zeros": lambda handler, server, body: say(handler, 200, chart_of("069500", ["20240102|0|0|0|0|0"])),
    "renamed column": lambda handler, server, body: say(handler, 200, body.replace(b"data=", b"bar=")),
    "no prices but words": lambda handler, server, body: say(handler, 200, body.replace(b"35600", b"n/a")),
    "negative": lambda handler, server, body: say(handler, 200, body.replace(b"|35400|", b"|-35400|")),
    "an impossible number": lambda handler, server, body: say(handler, 200, body.replace(b"|35600|", b"|1e308|")),
    "a column more": lambda handler, server, body: say(handler, 200, body.replace(b'" />', b'|1" />')),
    "a day twice": lambda handler, server, body: say(handler, 200, body.replace(b"20240103|", b"20240102|")),
    "a day to come": lambda handler, server, body: say(handler, 200, body.replace(b"20240103|", b"20990102|")),
    "another symbol": lambda handler, server, body: say(handler, 200, chart_of("000660", BARS)),
    "words of its own": lambda handler, server, body: say(handler, 200, body.replace(b"<protocol>", b"<!DOCTYPE a><protocol>")),
    "in UTF-8": lambda handler, server, body: say(handler, 200, body.decode("euc-kr").encode()),
}
MODES = tuple({**_MODES, **_OF_A_DAY})
CHART_MODES = tuple({**_MODES, **_OF_A_CHART})

"""A whole exchange as a test has it: years of bars of many symbols, served as two providers do, each of which may fail.

It exists so that a chain of providers walks over real sockets from one to the next, and a day passes by a word.
"""

from __future__ import annotations

import contextlib
import json
import random
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Dict, Iterator, List, Tuple
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.krx_calendar import shipped_calendar
from tests.harness.market_handler import beside_the_test, say
from tests.harness.market_server import KEY, chart_of

Bar = Tuple[int, int, int, int, int]
_FAILURES = {
    "503": (503, b"<html>busy</html>"),
    "429": (429, b"slow down"),
    "429 for long": (429, b"slow down"),  # with a Retry-After nobody waits for
    "auth": (401, b'{"respMsg":"Unauthorized API Call","respCode":"401"}'),
    "html": (200, b"<html>maintenance</html>"),
    "truncated": (200, b'{"OutBlock_1":[{"BAS_DD"'),
}
SOURCES = """
benchmarks:
  KOSPI: {providers: [local_cache, krx_openapi, naver]}
codes: {providers: [local_cache, naver, krx_openapi]}
providers:
  krx_openapi: {seconds: 8, sessions_at_once: 20}
  naver: {seconds: 8}
"""


class Exchange:
    """`bars` by symbol and session; nothing after `until` is there yet. `failing`: how a provider fails, by its name."""

    def __init__(self, symbols: "tuple[str, ...]", first: date, last: date) -> None:
        self.until, self.failing, self.asked = last, dict[str, str](), list[Tuple[str, str]]()
        self.failing_first: Dict[str, List[str]] = {}  # how its next questions fail, one by one, before `failing`
        self.sessions = shipped_calendar().sessions(first, last)
        self.bars = {symbol: _walk(symbol, self.sessions) for symbol in symbols}
        self.splits: Dict[str, Tuple[date, int]] = {}  # from that day on a share is so many; what adjusts changes the past
        self.wrong: Dict[Tuple[str, str], Dict[date, Bar]] = {}  # what a provider has instead, by its name and the symbol
        self.slow = set[str]()  # symbols whose question nobody answers
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True

    @contextlib.contextmanager
    def open(self, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Exchange]":
        there = f"http://127.0.0.1:{self._server.server_address[1]}"
        monkeypatch.setenv("KRX_OPENAPI_URL", f"{there}/svc/apis")
        monkeypatch.setenv("KRX_OPENAPI_KEY", KEY)
        monkeypatch.setenv("KRX_OPENAPI_APART", "0")
        monkeypatch.setenv("NAVER_CHART_URL", f"{there}/sise.nhn")
        with beside_the_test(self._server, self.over.set):
            yield self

    def questions(self, provider: str) -> List[str]:
        """What that one was asked since the last look."""
        found = [what for name, what in self.asked if name == provider]
        self.asked = [pair for pair in self.asked if pair[0] != provider]
        return found

    def chart(self, symbol: str) -> bytes:
        """As Naver has it: the past in today's shares."""
        day_of_split, times = self.splits.get(symbol, (date.min, 1))
        there = {**self.bars.get(symbol, {}), **self.wrong.get(("naver", symbol), {})}
        bars = {day: bar for day, bar in there.items() if day <= self.until}
        shown = {day: bar if day >= day_of_split else _in_parts(bar, times) for day, bar in bars.items()}
        items = [f"{day:%Y%m%d}|" + "|".join(map(str, bar)) for day, bar in shown.items()]
        return chart_of(symbol, items, name=f"이름 {symbol}")

    def day(self, service: str, day: date) -> bytes:
        """As the exchange's open API has it: as traded."""
        rows = [_row(symbol, day, bars[day]) for symbol, bars in self.bars.items() if day in bars and _is_in(service, symbol)]
        return json.dumps({"OutBlock_1": rows if day <= self.until else []}).encode()


def _walk(symbol: str, sessions: List[date]) -> Dict[date, Bar]:
    """The same numbers for the same symbol, whoever asks."""
    dice, close, bars = random.Random(symbol), 30_000, {}
    for day in sessions:
        opened = round(close * (1 + dice.gauss(0, 0.004)) / 5) * 5
        close = round(opened * (1 + dice.gauss(0.0003, 0.012)) / 5) * 5
        bars[day] = (opened, max(opened, close) + 50, min(opened, close) - 50, close, dice.randrange(10_000, 900_000))
    return bars


def _in_parts(bar: Bar, times: int) -> Bar:
    opened, high, low, close, volume = bar
    return opened // times, high // times, low // times, close // times, volume * times


def _is_in(service: str, symbol: str) -> bool:
    return service.startswith("idx/kospi") if symbol == "KOSPI" else service.startswith("etp/")


def _row(symbol: str, day: date, bar: Bar) -> Dict[str, str]:
    if symbol == "KOSPI":
        names = ("OPNPRC_IDX", "HGPRC_IDX", "LWPRC_IDX", "CLSPRC_IDX")
        told = {"IDX_NM": "코스피"}
    else:
        names = ("TDD_OPNPRC", "TDD_HGPRC", "TDD_LWPRC", "TDD_CLSPRC")
        told = {"ISU_CD": symbol, "ISU_NM": f"이름 {symbol}"}
    prices = {name: f"{price:,}" for name, price in zip(names, bar)}
    return {"BAS_DD": f"{day:%Y%m%d}", **told, **prices, "ACC_TRDVOL": f"{bar[4]:,}", "ACC_TRDVAL": f"{bar[4] * bar[3]:,}"}


def _handler_of(exchange: Exchange) -> "type[BaseHTTPRequestHandler]":
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            words = {name: values[0] for name, values in parse_qs(asked.query).items()}
            if asked.path == "/sise.nhn":
                exchange.asked.append(("naver", words["symbol"]))
                return self._answer("naver", words["symbol"], lambda: exchange.chart(words["symbol"]))
            service, day = asked.path.split("/apis/")[1], words["basDd"]
            exchange.asked.append(("krx_openapi", f"{service} {day}"))
            return self._answer("krx_openapi", service, lambda: exchange.day(service, date.fromisoformat(day)))

        def _answer(self, provider: str, what: str, right: Any) -> None:
            first = exchange.failing_first.get(provider)
            failure = first.pop(0) if first else exchange.failing.get(provider, "")
            if failure == "hang" or what in exchange.slow:
                exchange.over.wait(60)
            status, body = _FAILURES.get(failure, (200, b""))
            headers = {"Retry_After": "120"} if failure == "429 for long" else {}
            say(self, status, body or right(), **headers)

    return Handler

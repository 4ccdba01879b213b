"""The real pykrx against a stand-in of the exchange's site and of Naver: right bars, or the right kind of outage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from shared.market.asking import Provider
from tests.harness.market_answers import CLOSES, DAYS, NO_INDEX, NOBODY, VALUE, VOLUME, tomorrow
from tests.harness.market_proxy import OF_ANYTHING, MarketProxy
from tests.harness.outages import FIRST, KINDS, LAST, outage

LIMIT = 4.0
OF_THE_SITE = {**KINDS, "LOGOUT": "auth", "401": "auth"}
OF_A_LOGIN = {
    **dict.fromkeys(("CD010", "wrong password", "LOGOUT"), "auth"),
    **{mode: KINDS[mode] for mode in ("503 html", "200 html", "429", "truncated", "reset in the middle", "hang")},
}
LOGGING_IN = ["page ", "page ", "login "]
INDEX = "krx MDCSTAT00301"


@pytest.fixture(scope="module")
def index_for_all(servers: MarketProxy) -> Iterator[Provider]:
    """Loading pykrx takes longer than all its questions: one process for all tests."""
    with Provider("pykrx_index", LIMIT) as asked:
        yield asked


@pytest.fixture(scope="module")
def stock_for_all(servers: MarketProxy) -> Iterator[Provider]:
    with Provider("pykrx_stock", LIMIT) as asked:
        yield asked


@pytest.fixture
def index(index_for_all: Provider, proxy: MarketProxy) -> Provider:
    """Logged in, and none of it counted."""
    index_for_all.fetch("1001", FIRST, FIRST)
    proxy.asked.clear()
    return index_for_all


@pytest.fixture
def stock(stock_for_all: Provider, proxy: MarketProxy) -> Provider:
    return stock_for_all


def test_an_index_comes_from_the_exchanges_site_after_one_login(
    index: Provider, proxy: MarketProxy, capfd: pytest.CaptureFixture[str]
) -> None:
    """More shares than 2^31 are told rightly, what pykrx prints is printed nowhere, and its table is kept."""
    bars = index.fetch("1001", FIRST, LAST)
    assert bars.dates.tolist() == list(DAYS)
    assert bars.numbers["close"].tolist() == CLOSES
    assert bars.numbers["open"].tolist() == [prices[0] for prices in DAYS.values()]
    assert bars.numbers["volume"].tolist() == [VOLUME] * 3
    assert bars.numbers["value"].tolist() == [VALUE] * 3
    assert (bars.adjusted, bars.name) == (True, "코스피")
    assert "종가" in bars.raw["1001.csv"].decode()
    assert proxy.asked == [INDEX]
    assert capfd.readouterr() == ("", "")


def test_a_share_or_an_etf_comes_adjusted_from_naver_without_a_login(
    stock: Provider, proxy: MarketProxy, capfd: pytest.CaptureFixture[str]
) -> None:
    bars = stock.fetch("069500", FIRST, LAST)
    assert bars.dates.tolist() == list(DAYS)
    assert bars.numbers["close"].tolist() == [2670, 2607, 2587]
    assert bars.numbers["volume"].tolist() == [VOLUME] * 3
    assert np.isnan(bars.numbers["value"]).all()
    assert bars.adjusted is True
    assert proxy.asked == ["naver 069500"]
    assert capfd.readouterr() == ("", "")


def test_every_way_it_can_fail_has_its_kind() -> None:
    assert set(KINDS) == set(OF_ANYTHING)


@pytest.mark.parametrize("mode", OF_THE_SITE)
def test_every_way_the_site_fails_is_the_right_kind_of_outage(
    mode: str, index: Provider, proxy: MarketProxy, capfd: pytest.CaptureFixture[str]
) -> None:
    """In its time, without a word on our output, and without a price; once it is well again, so are its answers."""
    proxy.modes["krx"] = mode
    found = outage(index, "1001")
    assert (found.kind, found.retry_after) == (OF_THE_SITE[mode], 7.0 if "Retry-After" in mode else None)
    assert capfd.readouterr() == ("", "")
    proxy.forget()
    assert len(index.fetch("1001", FIRST, LAST)) == 3


@pytest.mark.parametrize("mode", KINDS)
def test_every_way_naver_fails_is_the_right_kind_of_outage(
    mode: str, stock: Provider, proxy: MarketProxy, capfd: pytest.CaptureFixture[str]
) -> None:
    proxy.modes["naver"] = mode
    found = outage(stock, "069500")
    assert (found.kind, found.retry_after) == (KINDS[mode], 7.0 if "Retry-After" in mode else None)
    assert capfd.readouterr() == ("", "")
    proxy.forget()
    assert len(stock.fetch("069500", FIRST, LAST)) == 3


@pytest.mark.parametrize("mode", OF_A_LOGIN)
def test_every_way_a_login_fails_is_the_right_kind_of_outage(mode: str, index: Provider, proxy: MarketProxy) -> None:
    """It is not tried twice, nobody's name is told, and the site's words, which may hold one, are not either."""
    proxy.sessions.clear()
    proxy.modes["login"] = mode
    found = outage(index, "1001")
    assert found.kind == OF_A_LOGIN[mode]
    assert ("CD010: its password must be changed" in found.why) == (mode == "CD010")
    assert "told in words" not in str(found)
    assert proxy.asked == [INDEX, *LOGGING_IN]
    proxy.forget()
    assert len(index.fetch("1001", FIRST, LAST)) == 3


@pytest.mark.parametrize("mode", ["right", "CD011"])
def test_a_login_the_site_has_forgotten_is_done_once_more(mode: str, index: Provider, proxy: MarketProxy) -> None:
    """CD011: somebody else is logged in under that name. That session is ended, as pykrx does."""
    proxy.sessions.clear()
    proxy.modes["login"] = mode
    assert len(index.fetch("1001", FIRST, LAST)) == 3
    assert proxy.asked == [INDEX, *LOGGING_IN, *(["login "] if mode == "CD011" else []), INDEX]


def test_ten_years_are_asked_in_pieces_and_one_that_is_refused_refuses_them_all(index: Provider, proxy: MarketProxy) -> None:
    """pykrx asks for two years at a time."""
    bars = index.fetch("1001", date(2021, 1, 1), LAST)
    assert bars.dates.tolist() == list(DAYS)
    assert proxy.asked == [INDEX] * 2
    proxy.forget()
    proxy.modes["krx"], proxy.spared["krx"] = "503 html", 1
    assert outage(index, "1001", (date(2021, 1, 1), LAST)).kind == "network"


@pytest.mark.parametrize(("name", "symbol"), [("index", NO_INDEX), ("stock", NOBODY), ("stock", "KOSPI")])
def test_what_nobody_lists_is_empty(name: str, symbol: str, index: Provider, stock: Provider) -> None:
    assert outage({"index": index, "stock": stock}[name], symbol).kind == "empty"


def test_a_day_that_is_not_over_is_not_among_the_bars(index: Provider, stock: Provider, proxy: MarketProxy) -> None:
    proxy.tomorrow = True
    for provider, symbol in ((index, "1001"), (stock, "069500")):
        assert provider.fetch(symbol, FIRST, tomorrow()).dates.tolist() == list(DAYS)


def test_without_a_login_nothing_is_asked(proxy: MarketProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KRX_PW")
    with Provider("pykrx_index", LIMIT) as nobody:
        found = outage(nobody, "1001")
    assert (found.kind, proxy.asked) == ("disabled", [])
    assert "KRX_ID and KRX_PW are not set" in found.why


def test_nobody_there_is_an_outage_of_the_network(proxy: MarketProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also with a login in the environment, with which loading pykrx would fail."""
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://user:sesame-of-the-proxy@127.0.0.1:9")
    with Provider("pykrx_index", LIMIT) as nobody:
        found = outage(nobody, "1001")
    assert found.kind == "network"
    assert "sesame" not in str(found)


def a_library(folder: Path, name: str, text: str) -> str:
    (folder / name).mkdir()
    (folder / name / "__init__.py").write_text(text)
    return str(folder)


@pytest.mark.parametrize("name", ["pykrx_index", "pykrx_stock"])
def test_without_the_library_it_is_switched_off_and_says_what_to_install(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loading it is not counted: here it takes longer than a question may."""
    missing = "import time\ntime.sleep(1.2)\nraise ModuleNotFoundError(\"No module named 'pykrx'\", name='pykrx')"
    monkeypatch.syspath_prepend(a_library(tmp_path, "pykrx", missing))
    with Provider(name, 1.0) as without:
        found = outage(without, "069500")
    assert found.kind == "disabled"
    assert "no pykrx: pip install 'krx-relay[market]'" in found.why


@pytest.mark.parametrize(
    ("text", "seconds", "kind"),
    [
        ("import socket\nraise socket.gaierror(-2, 'Name or service not known')", 60.0, "network"),
        ("import requests\nraise requests.exceptions.ProxyError('http://me:sesame@proxy')", 60.0, "network"),
        ("import requests\nraise requests.exceptions.ReadTimeout()", 60.0, "timeout"),
        ("import time\ntime.sleep(60)", 1.5, "timeout"),
    ],
)
def test_an_outage_while_the_library_is_loaded_is_one(
    text: str, seconds: float, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(a_library(tmp_path, "pykrx", text))
    with Provider("pykrx_stock", 1.0, loading=seconds) as loading:
        found = outage(loading, "069500")
    assert found.kind == kind
    assert "sesame" not in str(found)

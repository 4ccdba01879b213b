"""The real yfinance against a stand-in of Yahoo: right bars, or the right kind of outage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from shared.market.asking import Provider
from tests.harness.market_answers import CLOSES, DAYS, NOBODY, VOLUME, tomorrow
from tests.harness.market_proxy import OF_ANYTHING, MarketProxy
from tests.harness.outages import FIRST, KINDS, LAST, outage

LIMIT = 4.0
OF_YAHOO = {**KINDS, "401": "auth", "LOGOUT": "schema_drift"}
SYMBOLS = {"yf_index": "^KS11", "yf_etf": "069500.KS"}


@pytest.fixture(scope="module")
def providers(servers: MarketProxy) -> Iterator[dict[str, Provider]]:
    """Loading yfinance takes longer than all its questions: one process of each for all tests."""
    with Provider("yf_index", LIMIT) as index, Provider("yf_etf", LIMIT) as etf:
        yield {"yf_index": index, "yf_etf": etf}


@pytest.mark.parametrize("symbol", ["069500.KS", "SPY"])
def test_an_etf_comes_with_its_closes_as_the_exchange_shows_them(
    symbol: str, providers: dict[str, Provider], proxy: MarketProxy, capfd: pytest.CaptureFixture[str]
) -> None:
    """Of each exchange's own days; splits are in them, dividends not; more shares than 2^31 are told rightly."""
    bars = providers["yf_etf"].fetch(symbol, FIRST, LAST)
    assert bars.dates.tolist() == list(DAYS)
    assert bars.numbers["close"].tolist() == CLOSES
    assert bars.numbers["volume"].tolist() == [VOLUME] * 3
    assert np.isnan(bars.numbers["value"]).all()
    assert bars.adjusted is True
    assert b"Adj Close" in bars.raw[f"{symbol}.csv"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("symbol", ["^KS11", "^GSPC"])
def test_an_index_comes_without_a_volume_because_nobody_says_what_is_counted(
    symbol: str, providers: dict[str, Provider], proxy: MarketProxy
) -> None:
    bars = providers["yf_index"].fetch(symbol, FIRST, LAST)
    assert bars.dates.tolist() == list(DAYS)
    assert bars.numbers["close"].tolist() == CLOSES
    assert np.isnan(bars.numbers["volume"]).all()
    assert bars.adjusted is True


def test_prices_of_four_bytes_are_what_they_were_meant_to_be(providers: dict[str, Provider], proxy: MarketProxy) -> None:
    """2669.81 arrives as 2669.81005859375."""
    proxy.modes["yahoo"] = "four bytes"
    assert providers["yf_etf"].fetch("SPY", FIRST, LAST).numbers["close"].tolist() == CLOSES


def test_a_day_without_a_close_is_none(providers: dict[str, Provider], proxy: MarketProxy) -> None:
    proxy.modes["yahoo"] = "no close"
    assert providers["yf_etf"].fetch("SPY", FIRST, LAST).numbers["close"].tolist() == [CLOSES[0], CLOSES[2]]


def test_every_way_it_can_fail_has_its_kind() -> None:
    assert set(KINDS) == set(OF_ANYTHING)


@pytest.mark.parametrize("name", SYMBOLS)
@pytest.mark.parametrize("mode", OF_YAHOO)
def test_every_way_yahoo_fails_is_the_right_kind_of_outage(
    mode: str, name: str, providers: dict[str, Provider], proxy: MarketProxy, capfd: pytest.CaptureFixture[str]
) -> None:
    """In its time, without a word on our output, and without a price, also where it was well a moment ago; and well again,
    the same question is answered, and not out of yfinance's memory."""
    provider, symbol = providers[name], SYMBOLS[name]
    provider.fetch(symbol, FIRST, LAST)
    proxy.modes["yahoo"] = mode
    found = outage(provider, symbol)
    assert (found.kind, found.retry_after) == (OF_YAHOO[mode], 7.0 if "Retry-After" in mode else None)
    assert capfd.readouterr() == ("", "")
    proxy.forget()
    assert len(provider.fetch(symbol, FIRST, LAST)) == 3


def test_a_busy_yahoo_is_asked_once_and_not_again_in_another_way(providers: dict[str, Provider], proxy: MarketProxy) -> None:
    providers["yf_etf"].fetch("SPY", FIRST, LAST)
    proxy.forget()
    proxy.modes["yahoo"] = "429"
    outage(providers["yf_etf"], "SPY")
    assert [asked for asked in proxy.asked if asked.startswith("yahoo")] == ["yahoo SPY"]


@pytest.mark.parametrize("mode", ["hang", "503 html", "429", "reset in the middle", "200 html"])
def test_without_its_cookies_yahoo_gives_charts_too(mode: str, proxy: MarketProxy) -> None:
    proxy.modes["cookie"] = mode
    with Provider("yf_etf", LIMIT) as fresh:
        assert len(fresh.fetch("SPY", FIRST, LAST)) == 3


@pytest.mark.parametrize("name", SYMBOLS)
def test_what_nobody_lists_is_empty(name: str, providers: dict[str, Provider], proxy: MarketProxy) -> None:
    found = outage(providers[name], NOBODY + ".KS")
    assert found.kind == "empty"
    assert "symbol may be delisted" in found.why


def test_days_without_a_session_are_empty(providers: dict[str, Provider], proxy: MarketProxy) -> None:
    assert outage(providers["yf_etf"], "SPY", (date(2023, 12, 30), date(2023, 12, 31))).kind == "empty"


def test_an_answer_about_something_else_is_none(providers: dict[str, Provider], proxy: MarketProxy) -> None:
    proxy.modes["yahoo"] = "of another"
    found = outage(providers["yf_etf"], "SPY")
    assert (found.kind, "'QQQ'" in found.why) == ("schema_drift", True)


@pytest.mark.parametrize("symbol", ["SPY", "069500.KS"])
def test_a_day_that_is_not_over_is_not_among_the_bars(symbol: str, providers: dict[str, Provider], proxy: MarketProxy) -> None:
    proxy.tomorrow = True
    bars = providers["yf_etf"].fetch(symbol, FIRST, tomorrow() + timedelta(days=1))
    assert bars.dates.tolist() == list(DAYS)


def test_nobody_there_is_an_outage_of_the_network(proxy: MarketProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://user:sesame-of-the-proxy@127.0.0.1:9")
    with Provider("yf_index", LIMIT) as nobody:
        found = outage(nobody, "^KS11")
    assert found.kind == "network"
    assert "sesame" not in str(found)


def test_it_asks_by_requests_where_there_is_no_curl(proxy: MarketProxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "curl_cffi").mkdir()
    (tmp_path / "curl_cffi" / "__init__.py").write_text("raise ModuleNotFoundError(name='curl_cffi')")
    monkeypatch.syspath_prepend(str(tmp_path))
    with Provider("yf_etf", LIMIT) as plain:
        assert len(plain.fetch("SPY", FIRST, LAST)) == 3
        proxy.modes["yahoo"] = "503 html"
        assert outage(plain, "SPY").kind == "network"


def test_nothing_of_its_cookies_is_left_behind(proxy: MarketProxy) -> None:
    with Provider("yf_etf", LIMIT) as asked:
        asked.fetch("SPY", FIRST, LAST)
        kept = list(asked._folder.rglob("*.db"))
    assert kept
    assert not any(file.exists() for file in kept)


def test_without_the_library_it_is_switched_off_and_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "yfinance").mkdir()
    (tmp_path / "yfinance" / "__init__.py").write_text("raise ModuleNotFoundError(name='yfinance')")
    monkeypatch.syspath_prepend(str(tmp_path))
    with Provider("yf_etf", LIMIT) as without:
        found = outage(without, "SPY")
    assert (found.kind, "no yfinance: pip install 'krx-relay[market]'" in found.why) == ("disabled", True)

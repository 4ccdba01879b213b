"""Naver's chart against a stand-in of it: right bars, or the right kind of outage, and no bar of a session that goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import numpy as np
import pytest

from shared import clock
from shared.krx_calendar import shipped_calendar
from shared.market.asking import Provider
from shared.market.outage import ExternalDataUnavailable
from shared.market.providers.naver import bars_in
from shared.market.sessions import last_final_day
from tests.harness.market_server import CHART_MODES, MarketServer, chart_of
from tests.harness.outages import FIRST, LAST, OVER_THE_WEB, outage

KINDS = {
    **OVER_THE_WEB,
    "a column more": "schema_drift",
    "a day twice": "schema_drift",
    "a day to come": "schema_drift",
    "another symbol": "schema_drift",
    "words of its own": "schema_drift",
}


@pytest.fixture(scope="module")
def server() -> Iterator[MarketServer]:
    with MarketServer().running() as running:
        yield running


@pytest.fixture(scope="module")
def provider(server: MarketServer) -> Iterator[Provider]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NAVER_CHART_URL", server.chart_url)
        with Provider("naver", seconds=3.0) as asked:
            yield asked


@pytest.fixture(autouse=True)
def well(server: MarketServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAVER_CHART_URL", server.chart_url)
    server.mode = "right"
    server.asked.clear()


def test_right_bars_come_with_what_they_are(provider: Provider, server: MarketServer) -> None:
    """Adjusted, without the traded value; more shares than 2^31 are told rightly, and the answer is kept as it came."""
    bars = provider.fetch("069500", FIRST, LAST)
    assert bars.dates.tolist() == [date(2024, 1, 2), date(2024, 1, 3)]
    told = {name: array.tolist() for name, array in bars.numbers.items() if name != "value"}
    assert told == {
        "open": [35_500, 35_600],
        "high": [35_700, 35_900],
        "low": [35_400, 35_500],
        "close": [35_600, 35_800],
        "volume": [3e9, 3e9],
    }
    assert np.isnan(bars.numbers["value"]).all()
    assert (bars.adjusted, bars.name) == (True, "코덱스 200")
    assert bars.raw["069500.xml"].startswith(b"<?xml")
    [asked] = server.asked
    assert asked.startswith("symbol=069500&timeframe=day&count=")
    sessions = len(np.arange(np.datetime64(FIRST), np.datetime64(clock.now().date()) + 1, dtype="datetime64[D]")) * 5 // 7
    assert int(asked.split("count=")[1].split("&")[0]) >= sessions, "it counts back from today"


def test_an_index_has_no_volume_because_nobody_says_what_is_counted(provider: Provider) -> None:
    bars = provider.fetch("KOSPI", FIRST, LAST)
    assert np.isnan(bars.numbers["volume"]).all()
    assert bars.numbers["close"].tolist() == [35_600, 35_800]


def test_its_chart_may_come_in_another_encoding(provider: Provider, server: MarketServer) -> None:
    server.mode = "in UTF-8"
    assert provider.fetch("069500", FIRST, LAST).name == "코덱스 200"


@pytest.mark.parametrize("mode", KINDS)
def test_every_way_it_fails_is_the_right_kind_of_outage(
    mode: str, provider: Provider, server: MarketServer, capfd: pytest.CaptureFixture[str]
) -> None:
    """In its time, without a word on our output, and without a price; once it is well again, so are its bars."""
    provider.fetch("069500", FIRST, LAST)  # its process is there
    server.mode = mode
    assert outage(provider).kind == KINDS[mode]
    assert capfd.readouterr() == ("", "")
    server.mode = "right"
    assert len(provider.fetch("069500", FIRST, LAST)) == 2


def test_every_way_it_can_fail_has_its_kind() -> None:
    assert {*KINDS, "right", "in UTF-8"} == set(CHART_MODES)


@pytest.mark.parametrize("symbol", ["^KS11", "SPY", "069500.KS", "../x", "069500&count=1"])
def test_a_symbol_it_does_not_know_is_not_asked_for(symbol: str, provider: Provider, server: MarketServer) -> None:
    found = outage(provider, symbol)
    assert (found.kind, "it knows Korean codes" in str(found)) == ("empty", True)
    assert server.asked == []


def test_days_it_has_no_bars_of_are_empty(provider: Provider) -> None:
    assert outage(provider, days=(date(2010, 1, 4), date(2010, 1, 8))).kind == "empty"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.KST)


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ("2026-11-19T10:00", date(2026, 11, 18)),  # a session an hour later, on the day of the CSAT
        ("2026-11-20T15:49", date(2026, 11, 19)),
        ("2026-11-20T15:50", date(2026, 11, 20)),
        ("2026-11-19T15:50", date(2026, 11, 18)),
        ("2026-11-19T16:50", date(2026, 11, 19)),
        ("2026-11-22T09:00", date(2026, 11, 22)),  # a Sunday
        ("2199-11-20T16:59", date(2199, 11, 19)),  # nobody knows its hours
        ("2199-11-20T17:00", date(2199, 11, 20)),
    ],
)
def test_a_bar_is_final_once_its_session_is_over(now: str, last: date) -> None:
    assert last_final_day(at(now), shipped_calendar()) == last


def test_the_bar_of_a_session_that_goes_on_is_not_taken() -> None:
    body = chart_of("069500", ["20240102|1|1|1|1|1", "20240103|2|2|2|2|2"])
    assert bars_in(body, "069500", at("2024-01-03T11:00")).dates.tolist() == [date(2024, 1, 2)]
    assert bars_in(body, "069500", at("2024-01-03T16:00")).dates.tolist() == [date(2024, 1, 2), date(2024, 1, 3)]
    with pytest.raises(ExternalDataUnavailable, match="2024-01-03 is yet to come"):
        bars_in(body, "069500", at("2024-01-02T23:00"))


def test_a_halt_keeps_its_close_and_fills_nothing() -> None:
    bars = bars_in(chart_of("000020", ["20240102|0|0|0|1000|0"]), "000020", at("2024-01-03T11:00"))
    assert (bars.numbers["close"].tolist(), bars.numbers["open"].tolist()) == ([1000], [0])

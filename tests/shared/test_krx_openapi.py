"""The exchange's open API against a stand-in of it: right bars, or the right kind of outage, and never a wrong price."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from shared.errors import RelayError
from shared.market.asking import Provider, ProviderFaulty
from shared.market.bars import Bars, bars_from, believed
from shared.market.outage import PASSING, ExternalDataUnavailable
from shared.market.providers._web import answer_of
from tests.harness.market_server import HALT, KEY, MODES, MarketServer
from tests.harness.outages import FIRST, LAST, OVER_THE_WEB, outage

KINDS = {**OVER_THE_WEB, "yesterday": "schema_drift", "twice, and they differ": "schema_drift"}


@pytest.fixture
def provider(exchange: MarketServer) -> Iterator[Provider]:
    with Provider("krx_openapi", seconds=4.0) as asked:
        yield asked


def test_right_bars_come_with_what_they_are(provider: Provider, exchange: MarketServer) -> None:
    """A day the exchange has nothing for yet is not among them; more shares than 2^31 are told rightly."""
    bars = provider.fetch("069500", FIRST, LAST)
    assert bars.dates.tolist() == [date(2024, 1, 2), date(2024, 1, 3)]
    assert {name: array.tolist() for name, array in bars.numbers.items()} == {
        "open": [35_500, 35_600],
        "high": [35_700, 35_900],
        "low": [35_400, 35_500],
        "close": [35_600, 35_800],
        "volume": [3e9, 3e9],
        "value": [1_234_567, 1_234_567],
    }
    assert (bars.adjusted, bars.name) == (False, "이름")
    assert exchange.asked[0] == "etp/etf_bydd_trd 20240102"


def test_an_index_is_one_of_its_own_service_and_what_it_does_not_say_is_not_known(provider: Provider) -> None:
    bars = provider.fetch("KOSPI", FIRST, FIRST)
    assert bars.numbers["close"].tolist() == [2669.81]
    assert np.isnan(bars.numbers["volume"]).all()


def test_a_halted_share_keeps_its_close_and_is_looked_for_in_every_service(provider: Provider, exchange: MarketServer) -> None:
    bars = provider.fetch(HALT, FIRST, FIRST)
    assert (bars.numbers["open"].tolist(), bars.numbers["close"].tolist()) == ([0], [1_000])
    assert exchange.asked == ["etp/etf_bydd_trd 20240102", "sto/stk_bydd_trd 20240102"]


def test_one_day_is_asked_once_however_many_symbols_it_is_for(provider: Provider, exchange: MarketServer) -> None:
    raw = [name for symbol in ("069500", HALT, "069500") for name in provider.fetch(symbol, FIRST, FIRST).raw]
    assert len(exchange.asked) == len(set(exchange.asked)) == 2
    assert raw == ["etp-etf_bydd_trd-20240102.json", "sto-stk_bydd_trd-20240102.json"], "each answer is handed on once"


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "right"])
def test_every_way_it_fails_is_the_right_kind_of_outage(
    mode: str, provider: Provider, exchange: MarketServer, capfd: pytest.CaptureFixture[str]
) -> None:
    """In its time, without a word on our output, and without a price; and once it is well again, it is asked again."""
    provider.fetch("KOSPI", FIRST, FIRST)  # its process is there
    exchange.mode = mode
    found = outage(provider)
    assert (found.kind, found.code, found.status) == (KINDS[mode], "E-DATA-UNAVAILABLE", "SKIPPED")
    assert capfd.readouterr() == ("", "")
    exchange.mode = "right"
    assert len(provider.fetch("KOSPI", date(2024, 1, 3), date(2024, 1, 3))) == 1


def test_every_way_it_can_fail_has_its_kind() -> None:
    assert {*KINDS, "right"} == set(MODES)
    assert {kind for kind in KINDS.values() if kind in PASSING} == {"rate_limit", "network", "timeout"}


@pytest.mark.parametrize(("mode", "wait"), [("429", None), ("429 with Retry-After", 7.0), ("429 with a day", 300.0)])
def test_how_long_it_asks_to_wait_is_told_and_capped(
    mode: str, wait: float | None, provider: Provider, exchange: MarketServer
) -> None:
    exchange.mode = mode
    assert outage(provider).retry_after == wait


def test_a_wrong_key_or_none_is_no_reason_to_try_again(
    exchange: MarketServer, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange.refused = {"etp/etf_bydd_trd", "sto/stk_bydd_trd", "sto/ksq_bydd_trd"}
    assert outage(provider).kind == "auth"
    monkeypatch.delenv("KRX_OPENAPI_KEY")
    with Provider("krx_openapi") as without:
        found = outage(without)
    assert found.kind == "disabled"
    assert "KRX_OPENAPI_KEY is not set" in found.why


def test_a_service_the_key_is_not_for_hides_no_symbol_of_another(exchange: MarketServer, provider: Provider) -> None:
    exchange.refused = {"etp/etf_bydd_trd"}
    assert len(provider.fetch(HALT, FIRST, FIRST)) == 1


def test_the_network_switched_off_is_said_and_nothing_is_asked(
    exchange: MarketServer, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOW_NET_FETCH", "0")
    found = outage(provider)
    assert found.kind == "disabled"
    assert "ALLOW_NET_FETCH" in found.why
    assert exchange.asked == []


def test_nobody_there_is_an_outage_of_the_network(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRX_OPENAPI_URL", "http://127.0.0.1:9/svc/apis")
    with Provider("krx_openapi") as nobody:
        assert outage(nobody).kind == "network"


def test_a_fault_of_our_own_is_no_outage(exchange: MarketServer, provider: Provider) -> None:
    with pytest.raises(ProviderFaulty, match="TypeError") as caught:
        provider.fetch(5, FIRST, LAST)  # type: ignore[arg-type]
    assert not isinstance(caught.value, ExternalDataUnavailable)
    assert caught.value.status == "FAILED"


@pytest.mark.parametrize("mode", ["hang", "trickle"])
def test_a_question_to_the_web_ends_in_its_time(mode: str, exchange: MarketServer) -> None:
    exchange.mode, began = mode, time.monotonic()
    with pytest.raises(ExternalDataUnavailable) as caught:
        answer_of(f"{exchange.url}/idx/kospi_dd_trd?basDd=20240102", {"AUTH_KEY": KEY}, 0.4, "trying")
    assert caught.value.kind == "timeout"
    assert time.monotonic() - began < 2


def test_nothing_is_left_of_a_providers_process(exchange: MarketServer) -> None:
    with Provider("krx_openapi") as asked:
        asked.fetch("KOSPI", FIRST, FIRST)
        process, folder = asked._process, asked._folder
    assert not process.is_alive()
    assert not Path(folder).exists()


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([{"date": FIRST, "close": 1.0}, {"date": FIRST, "close": 2.0}], "2024-01-02 is there twice"),
        ([{"date": FIRST, "close": float("inf")}], "close on 2024-01-02 is inf"),
        ([{"date": FIRST, "close": 1.0, "volume": -3.0}], "volume on 2024-01-02 is -3"),
        ([{"date": FIRST, "open": 1.0}], "2024-01-02 has no close"),
    ],
)
def test_what_cannot_be_prices_is_not_believed(rows: "list[dict[str, object]]", why: str) -> None:
    with pytest.raises(ExternalDataUnavailable, match=why) as caught:
        believed(bars_from("069500", rows), "trying", FIRST, LAST)
    assert caught.value.kind == "schema_drift"


def test_bars_stand_in_the_order_of_their_days_and_none_is_outside() -> None:
    rows = [{"date": date(2024, 1, day), "close": float(day)} for day in (4, 2, 3, 9)]
    bars: Bars = believed(bars_from("069500", rows), "trying", FIRST, LAST)
    assert bars.numbers["close"].tolist() == [2, 3, 4]


def test_an_outage_survives_the_way_from_one_process_to_another() -> None:
    import pickle

    error = ExternalDataUnavailable("asking", "429", "rate_limit", 7.0)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.kind, again.retry_after) == (str(error), "rate_limit", 7.0)
    assert isinstance(again, RelayError)

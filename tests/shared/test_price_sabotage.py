"""Somebody wants a wrong price believed, a key told, or the day stopped: through an answer, a note or a file of ours."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import requests

from shared.clock import KST
from shared.krx_calendar import shipped_calendar
from shared.market.asking import Breaker, Failed, Pace, failed_today
from shared.market.cache import open_cache
from shared.market.ingest.eod import closes_csv
from shared.market.outage import ExternalDataUnavailable
from shared.market.providers import krx_openapi
from shared.market.providers._heard import outage_of
from shared.market.providers._web import answer_of
from tests.harness.kept_bars import END, START, bars_of
from tests.harness.market_server import KEY, MarketServer
from tests.harness.panels import panel

NOON = datetime(2026, 11, 20, 12, tzinfo=KST)
TODAY = '"day": "2026-11-20"'
NEVER = Pace(lambda: NOON, lambda seconds: None, lambda: 0.5)
NOTES = {
    "open, and nobody says why": f'{{{TODAY}, "failures": 1, "open": true}}',
    "a word for a number": f'{{{TODAY}, "failures": "x", "open": false, "kind": "auth", "why": ""}}',
    "no number": f'{{{TODAY}, "failures": null, "open": false, "kind": "auth", "why": ""}}',
    "endless": f'{{{TODAY}, "failures": 1e999, "open": false, "kind": "auth", "why": ""}}',
    "a kind there is not": f'{{{TODAY}, "failures": 9, "open": true, "kind": "banana", "why": "so"}}',
    "nested without end": "[" * 100_000,
    "from tomorrow": '{"day": "2026-11-21", "failures": 9, "open": true, "kind": "auth", "why": "so"}',
    "half of it": f'{{{TODAY}, "failures": 9, "open": tr',
}


@pytest.fixture(autouse=True)
def _asked_for_nothing_yet() -> None:
    krx_openapi._day.cache_clear()


def _refused() -> str:
    raise ExternalDataUnavailable("asking", "no right", "auth")


def test_who_is_sent_on_to_another_host_does_not_bring_it_the_key(exchange: MarketServer) -> None:
    with MarketServer().running() as stranger:
        exchange.mode, exchange.elsewhere = "elsewhere", stranger.url.replace("127.0.0.1", "localhost") + "/x?basDd=20240102"
        with pytest.raises(ExternalDataUnavailable, match="it answered 302"):
            krx_openapi.fetch("KOSPI", date(2024, 1, 2), date(2024, 1, 2))
        assert stranger.asked == []


@pytest.mark.parametrize("address", ["http://[", "http://127.0.0.1:none/", "//[::1", "http://" + "a" * 70 + ".b/"])
def test_who_is_sent_on_to_no_address_at_all_is_an_outage(exchange: MarketServer, address: str) -> None:
    exchange.mode, exchange.elsewhere = "elsewhere", address
    with pytest.raises(ExternalDataUnavailable):
        answer_of(f"{exchange.url}/x?basDd=20240102", {"AUTH_KEY": KEY}, 5.0, "asking")


def test_a_key_with_the_end_of_its_line_is_the_key_and_what_is_none_is_never_shown(
    exchange: MarketServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KRX_OPENAPI_KEY", f"{KEY}\r\n")
    assert len(krx_openapi.fetch("KOSPI", date(2024, 1, 2), date(2024, 1, 2))) == 1
    krx_openapi._day.cache_clear()
    for odd in (f"{KEY}\r\nHost: elsewhere", "열쇠열쇠열쇠열쇠"):
        monkeypatch.setenv("KRX_OPENAPI_KEY", odd)
        with pytest.raises(ExternalDataUnavailable) as caught:
            krx_openapi.fetch("KOSPI", date(2024, 1, 2), date(2024, 1, 2))
        assert caught.value.kind == "disabled"
        assert KEY not in str(caught.value)
    with pytest.raises(ExternalDataUnavailable) as caught:
        answer_of(exchange.url, {"AUTH_KEY": f"{KEY}\r"}, 5.0, "asking")
    assert KEY not in str(caught.value)


def test_a_proxy_that_is_no_address_is_an_outage_and_no_fault_of_ours() -> None:
    """Nor is its address told, which may hold a password."""
    for error in (requests.exceptions.InvalidURL, requests.exceptions.InvalidProxyURL):
        found = outage_of(error("Failed to parse: http://user:s3cret@[::1:3"), "asking")
        assert found is not None
        assert (found.kind, "s3cret" in str(found)) == ("network", False)
    assert outage_of(requests.exceptions.JSONDecodeError("no JSON", "{", 0), "asking") is None, (
        "an answer that is misread is none"
    )


def test_days_the_calendar_does_not_reach_are_no_reason_to_ask_for_nothing(exchange: MarketServer) -> None:
    """Years before its first day, as a backfill asks for them; and those beyond its last one, as far as they are weekdays."""
    calendar = shipped_calendar()
    last = calendar.verified_through
    exchange.mode = "empty"
    with pytest.raises(ExternalDataUnavailable) as caught:
        krx_openapi.fetch("KOSPI", date(1990, 1, 1), calendar.first + timedelta(days=4))
    assert caught.value.kind == "empty"
    exchange.asked.clear()
    with pytest.raises(ExternalDataUnavailable):
        krx_openapi.fetch("KOSPI", last - timedelta(days=1), last + timedelta(days=7))
    days = [date.fromisoformat(asked.split()[1]) for asked in exchange.asked]
    beyond = [last + timedelta(days=number) for number in range(1, 8)]
    assert [day for day in days if day > last] == [day for day in beyond if day.weekday() < 5]


@pytest.mark.parametrize("note", NOTES)
def test_a_note_nobody_wrote_so_stops_nobody(tmp_path: Path, note: str) -> None:
    (tmp_path / "naver.json").write_text(NOTES[note], encoding="utf-8")
    breaker = Breaker(tmp_path, "naver", NEVER)
    assert (failed_today(tmp_path, NOON), breaker.why_open()) == ({}, "")
    assert breaker.asked(lambda: "bars") == "bars"
    (tmp_path / "naver.json").write_text(NOTES[note], encoding="utf-8")
    with pytest.raises(ExternalDataUnavailable):
        breaker.asked(_refused)
    assert failed_today(tmp_path, NOON) == {"naver": Failed(True, "auth", "no right (auth)", 1)}


@pytest.mark.parametrize("folder", ["naver.json", ""])
def test_where_nothing_can_be_noted_a_refusal_is_kept_to_all_the_same(tmp_path: Path, folder: str) -> None:
    """A folder lies in the note's place, or a file in the folder's: as little can be written into what is root's."""
    if folder:
        (tmp_path / "notes" / folder).mkdir(parents=True)
    else:
        (tmp_path / "notes").write_text("", encoding="utf-8")
    breaker = Breaker(tmp_path / "notes", "naver", NEVER)
    with pytest.raises(ExternalDataUnavailable):
        breaker.asked(_refused)
    with pytest.raises(ExternalDataUnavailable, match="left alone for the rest of 2026-11-20"):
        breaker.asked(lambda: "bars")
    assert not list(tmp_path.rglob("*.tmp"))


def test_what_a_person_put_into_the_cache_is_nobodys_litter(tmp_path: Path) -> None:
    """Older programs kept their own parquet files below the same folder."""
    cache = open_cache(tmp_path)
    cache.put(bars_of("069500"), "naver", START, END)
    theirs = [tmp_path / "kr" / "daily" / "069500.parquet", tmp_path / "US" / "SPY" / "2024-0a1b2c3d.parquet"]
    theirs += [tmp_path / "naver" / "069500" / "my notes.txt"]
    for file in theirs:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("mine", encoding="utf-8")
    assert cache.verify().litter == ()
    cache.put(bars_of("069500", factor=2.0), "naver", START, END)
    cache.purge()
    assert [file.read_text(encoding="utf-8") for file in theirs] == ["mine"] * 3


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\r\n=1", "|cmd"])
def test_no_name_is_a_formula_to_a_spreadsheet(name: str) -> None:
    prices = replace(panel([[100.0], [101.0]]), names={"A": name})
    [_, row] = csv.reader(io.StringIO(closes_csv(prices, {}).decode("utf-8-sig")))
    assert row[1][:1] == "'"
    assert row[2] == "101"


@pytest.mark.parametrize("name", ['이름, 쉼표 "따옴표"', "두\n줄", "KODEX 200"])
def test_any_other_name_is_one_cell_of_one_line(name: str) -> None:
    prices = replace(panel([[100.0], [101.0]]), names={"A": name})
    text = closes_csv(prices, {}).decode("utf-8-sig")
    assert len(text.splitlines()) == 2
    [_, row] = csv.reader(io.StringIO(text))
    assert row[1] == name.replace("\n", " ")
    assert np.isfinite(float(row[2]))

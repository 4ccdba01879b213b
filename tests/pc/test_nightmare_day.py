"""A day on which every provider of prices fails in a way of its own, as cron and people live it: real programs, end to end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared import clock
from shared.config import load
from shared.market.asking import Pace
from shared.market.ingest import Means, Wish, ingest
from tests.harness.house import CODE, FIRST, NEVER, STDLIB, TODAY, TOMORROW, House, a_house, data_of_yesterday
from tests.harness.market_answers import ID, PASSWORD
from tests.harness.market_proxy import MarketProxy, standing_in

SOURCES = """
benchmarks:
  KOSPI:
    providers: [local_cache, krx_openapi, pykrx_index, yf_index, yf_etf]
    symbols: {pykrx_index: "1001", yf_index: "^KS11", yf_etf: "069500.KS"}
codes:
  providers: [local_cache, naver, pykrx_stock, yf_etf, krx_openapi]
  symbols: {yf_etf: ["{code}.KS"]}
providers:
  krx_openapi: {sessions_at_once: 60}
"""
FAULTY = """
benchmarks:
  KOSPI: {providers: [local_cache, krx_openapi]}
  ONLY: {providers: [local_cache, fdr]}
  TOO: {providers: [local_cache, fdr]}
  ALSO: {providers: [local_cache, fdr]}
codes: {providers: [local_cache, fdr, naver]}
"""
ASKED: dict[str, Any] = {
    "strategy": "krx_ma200",
    "start": "2023-11-01",
    "end": "2024-01-04",
    "charts": False,
    "params": {"window": 20},
}
REQUESTS = {
    "on-codes": {**ASKED, "symbols": [CODE]},
    "on-kospi": {**ASKED, "symbols": ["KOSPI"]},
    "required": {**ASKED, "symbols": [CODE], "required": [NEVER]},
    "compared": {**ASKED, "symbols": [CODE], "benchmarks": ["KOSPI", NEVER]},
}


@pytest.fixture(scope="module")
def yesterday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two programs and their providers for an evening on which nothing happens: once for all that go on from it."""
    return data_of_yesterday(tmp_path_factory.mktemp("yesterday"))


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with a_house(tmp_path, monkeypatch, PYTHONPATH=tmp_path) as one:
        yield one


@pytest.fixture
def servers(house: House, tmp_path: Path) -> Iterator[MarketProxy]:
    """What the libraries ask."""
    with standing_in(tmp_path, KRX_ID=ID, KRX_PW=PASSWORD, NO_PROXY="127.0.0.1") as proxy:
        yield proxy


def test_on_a_nightmare_day_every_request_ends_in_an_answer_with_its_reasons(
    house: House, servers: MarketProxy, yesterday: Path
) -> None:
    """Each provider fails in a way of its own, the real libraries unmodified among them."""
    house.moves_in(yesterday)
    everybody_fails(house, servers)
    done = house.ingest(TODAY, "KOSPI", CODE, NEVER)
    assert done.rc == 2, done.err
    assert done.out.startswith("DEGRADED day=2024-01-04 current=0 ended=0 old=2 unavailable=1 failed=0 ")
    answers = house.day(REQUESTS)
    assert {name: answer["status"] for name, answer in answers.items()} == {
        **dict.fromkeys(REQUESTS, "SUCCEEDED"),
        "required": "SKIPPED",
    }
    they_tell_why(answers)
    assert house.log.count("[SKIP] external-data-unavailable (guarded)") == 1
    told = house.status()
    assert (told["statuses"], told["degraded"]) == ({"SKIPPED": 1, "SUCCEEDED": 3}, 3)
    assert set(told["symbols"]) == {"KOSPI", CODE, NEVER, "prices"}
    assert told["symbols"][CODE] == [reason(answers["on-codes"], CODE).partition(": ")[2]]
    assert len(house.outages()) == 1, house.slack.channel()
    house.midnight()
    house.exchange.failing.clear()
    house.sources.write_text(STDLIB, encoding="utf-8")
    assert house.ingest(TOMORROW).rc == 0
    assert house.outages()[0].startswith("✅ Recovered")


def everybody_fails(house: House, servers: MarketProxy) -> None:
    house.sources.write_text(SOURCES, encoding="utf-8")
    house.exchange.failing.update(naver="429 for long", krx_openapi="truncated")
    yahoo = {"yahoo ^KS11": "200 html", f"yahoo {CODE}.KS": "zeros", f"yahoo {NEVER}.KS": "empty"}
    servers.modes.update({"krx": "LOGOUT", "naver": "wrong encoding", **yahoo})


def they_tell_why(answers: dict[str, dict[str, Any]]) -> None:
    of_kospi, of_code = reason(answers["on-kospi"], "KOSPI"), reason(answers["on-codes"], CODE)
    assert "old: its prices end on 2024-01-03 (krx_openapi: idx/kospi_dd_trd did not answer in JSON" in of_kospi
    assert "pykrx_index: it wants a login (LOGOUT) (auth)" in of_kospi
    for provider, kind in (("naver", "rate_limit"), ("pykrx_stock", "schema_drift"), ("yf_etf", "empty")):
        assert re.search(rf"{provider}: [^;]*\({kind}\)", of_code), of_code
    assert any(NEVER in said for said in answers["compared"]["degraded"])
    assert answers["compared"]["benchmarks"]["used"] == ["KOSPI"]
    assert answers["required"]["error"]["code"] == "E-REQUIRED-UNAVAILABLE"


def reason(answer: dict[str, Any], symbol: str) -> str:
    """The one that is this symbol's."""
    (said,) = [said for said in answer["degraded"] if said.startswith(f"{symbol}: ")]
    return str(said)


def test_where_everybody_fails_for_a_while_each_is_asked_again_and_then_what_was_kept_is_used(
    house: House, servers: MarketProxy, yesterday: Path
) -> None:
    """The waits are those of the real thing, told and not waited. One that hangs is ended, and asked again in a new process."""
    house.moves_in(yesterday)
    house.sources.write_text(SOURCES + "  naver: {seconds: 1}\n", encoding="utf-8")
    house.exchange.failing.update(naver="hang", krx_openapi="503")
    house.exchange.failing_first["naver"] = ["hang", "503", "503", "503", "503"]
    servers.modes.update({"krx": "reset in the middle", "naver": "truncated", "yahoo": "429 with Retry-After"})
    house.exchange.until, waited = TODAY, list[float]()
    wish, pace = Wish(TODAY, symbols=("KOSPI", CODE), since=FIRST), Pace(clock.now, waited.append, lambda: 0.5)
    with house.at_home():
        done = ingest(load(), "pc", wish, Means(lambda *_: None, pace))
    assert {found.instrument: found.state for found in done.founds} == {"KOSPI": "old", CODE: "old"}
    kinds = {(one.provider, one.kind) for found in done.founds for one in found.silent}
    assert kinds == {
        ("krx_openapi", "network"),
        ("pykrx_index", "network"),
        ("pykrx_stock", "schema_drift"),
        ("yf_index", "rate_limit"),
        ("yf_etf", "rate_limit"),
        ("naver", "timeout"),
    }
    assert house.exchange.questions("naver") == [CODE] * 6
    told = [round(seconds, 3) for seconds in waited]
    assert told.count(16.0) >= 4, "who may be well in a minute is asked again, to the end"
    assert 7.0 in told, "as long as it asked for"
    assert max(told) <= 60


def test_on_the_first_day_ever_every_request_is_skipped_where_nobody_has_anything(house: House) -> None:
    house.exchange.failing.update(naver="429 for long", krx_openapi="auth")
    assert house.ingest(TODAY).rc == 2
    answers = house.day(REQUESTS)
    assert {answer["status"] for answer in answers.values()} == {"SKIPPED"}
    for answer in answers.values():
        assert "naver: it answered 429 (rate_limit); krx_openapi: " in answer["error"]["why"]
    assert house.log.count("[SKIP] external-data-unavailable (guarded)") == len(REQUESTS)
    assert house.status()["statuses"] == {"SKIPPED": len(REQUESTS)}
    assert len(house.outages()) == 1


def test_without_kospi_what_compares_with_it_is_skipped_and_nothing_else(house: House) -> None:
    house.exchange.failing.update(krx_openapi="auth")
    assert house.ingest(TODAY).rc == 2
    alone = {**REQUESTS["on-codes"], "benchmarks": []}
    answers = house.answers({"compared": REQUESTS["compared"], "alone": alone, "other": {**alone, "benchmarks": [NEVER]}})
    assert {name: one["status"] for name, one in answers.items()} == {
        "compared": "SKIPPED",
        "alone": "SUCCEEDED",
        "other": "SUCCEEDED",
    }
    assert answers["compared"]["error"]["why"].startswith("KOSPI: krx_openapi: ")
    assert house.log.count("[SKIP] external-data-unavailable (guarded)") == 1


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("import os; os._exit(3)", "its process died"),
        ("raise RuntimeError('a bug')", "RuntimeError: a bug"),
    ],
    ids=["it dies", "it raises"],
)
def test_a_failure_of_our_own_code_is_told_loudly_and_never_called_an_outage(house: House, fault: str, why: str) -> None:
    """The next provider is asked, the other instruments are there, and a run that lacks its prices fails."""
    calls = house.machine.folder / "calls.txt"
    broken = f"def DataReader(*asked):\n    open({str(calls)!r}, 'a').write('once ')\n    {fault}\n"
    (house.machine.folder / "FinanceDataReader.py").write_text(broken, encoding="utf-8")
    house.sources.write_text(FAULTY, encoding="utf-8")
    done = house.ingest(TODAY, "KOSPI", CODE, "ONLY", "TOO", "ALSO")
    assert done.rc == 1, done.err
    assert done.out.startswith("FAILED day=2024-01-04 current=2 ended=0 old=0 unavailable=0 failed=3 ")
    assert f"[ERROR] fdr: a fault of this program, not an outage ({why}" in done.err
    assert "left alone by this ingest, it failed 3 times in a row" in done.err
    assert calls.read_text() == "once once once "
    assert "[INGEST_FAILED] rc=1" in done.err
    assert "code=E-PROVIDER-FAULTY why=fdr: " in done.err
    house.machine.road.submit(request_id="without", **{**ASKED, "symbols": ["ONLY"]})
    house.machine.road.submit(request_id="with", **{**ASKED, "symbols": [CODE]})
    house.machine.run("pc", "drain")
    assert {name: house.machine.road.manifest(name)["status"] for name in ("without", "with")} == {
        "without": "FAILED",
        "with": "SUCCEEDED",
    }

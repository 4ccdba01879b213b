"""Fetching: a chain of providers walked over real sockets, what they give kept and extended, one sealed panel made of it."""

from __future__ import annotations

import contextlib
import gzip
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from nas.closes import closes_of
from shared.cache import PricesBusy, PricesNotOurs
from shared.disk import Disk
from shared.errors import DataMissing
from shared.market import why_unavailable
from shared.market.asking import Pace
from shared.market.ingest import Means, Wish, ingest
from shared.market.ingest.round import round_of
from tests.harness.evening import EVERYBODY, FIRST, TODAY, TOMORROW, WISH, Evening, states
from tests.harness.exchange import SOURCES, Exchange
from tests.harness.processes import held_elsewhere


@contextlib.contextmanager
def an_evening(home: Path, surroundings: pytest.MonkeyPatch) -> Iterator[Evening]:
    surroundings.delenv("ALLOW_NET_FETCH", raising=False)
    exchange = Exchange(EVERYBODY, date(2024, 10, 1), date(2025, 3, 31))
    exchange.until = TODAY
    with exchange.open(surroundings):
        yield Evening(home, exchange)


@pytest.fixture
def evening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Evening]:
    with an_evening(tmp_path, monkeypatch) as one:
        yield one


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is there after an evening on which nothing happened: once for all that go on from it."""
    with pytest.MonkeyPatch.context() as surroundings, an_evening(tmp_path_factory.mktemp("fetched"), surroundings) as before:
        assert {state for state, _ in states(before.ingest()).values()} == {"current"}
    return before.settings.data


def test_an_ingest_fetches_checks_and_seals_what_runs_read(evening: Evening) -> None:
    done = evening.ingest()
    assert states(done) == {
        "KOSPI": ("current", "krx_openapi"),
        "069500": ("current", "naver"),
        "229200": ("current", "naver"),
    }
    prices = evening.prices
    assert (str(prices.dates[0]), str(prices.dates[-1])) == ("2024-11-01", "2025-03-14")
    bars = evening.exchange.bars["069500"]
    closes = prices.close[:, prices.column("069500")]
    assert closes.tolist() == [bars[day.item()][3] for day in prices.dates]
    assert prices.providers == {"KOSPI": "krx_openapi", "069500": "naver", "229200": "naver"}
    assert not prices.synthetic


def test_a_day_later_only_what_is_missing_is_asked_for(evening: Evening, fetched: Path) -> None:
    """The open API is asked for the last sessions again, to see whether the past is still what it was."""
    evening.goes_on_from(fetched)
    evening.exchange.asked.clear()
    evening.next_day()
    assert {state for state, _ in states(evening.ingest()).values()} == {"current"}
    asked = [what.split() for what in evening.exchange.questions("krx_openapi")]
    days = ["20250310", "20250311", "20250312", "20250313", "20250314", "20250317"]
    assert [day for service, day in asked if service == "idx/kospi_dd_trd"] == days
    assert str(evening.prices.dates[-1]) == "2025-03-17"
    assert len(list((evening.settings.data / "cache" / "naver" / "069500").glob("2025-*.parquet"))) == 1


def test_what_is_fresh_is_not_asked_for_again_unless_somebody_insists(evening: Evening, fetched: Path) -> None:
    evening.goes_on_from(fetched)
    evening.exchange.asked.clear()
    evening.ingest()
    assert evening.exchange.asked == []
    evening.ingest(WISH._replace(force=True))
    assert {name for name, _ in evening.exchange.asked} == {"krx_openapi", "naver"}


def test_the_next_provider_is_asked_where_one_fails_and_that_is_logged(evening: Evening) -> None:
    evening.exchange.failing["naver"] = "html"
    assert states(evening.ingest())["069500"] == ("current", "krx_openapi")
    lines = evening.log().splitlines()
    failed = [line for line in lines if "[WARNING] [PRICES_NOT_FETCHED] rc=2" in line and "provider=naver symbol=069500" in line]
    assert len(failed) == 1
    assert "kind=schema_drift" in failed[0]
    assert any("[INFO] [PRICES_FETCHED]" in line and "provider=krx_openapi symbol=069500" in line for line in lines)


def test_one_days_answer_of_the_open_api_serves_all_symbols(evening: Evening) -> None:
    """A backfill goes by days, not by symbols."""
    evening.exchange.failing["naver"] = "html"
    evening.ingest()
    asked = evening.exchange.questions("krx_openapi")
    assert len(asked) == len(set(asked))


def test_a_dead_provider_costs_the_day_nothing_where_the_cache_has_yesterday(evening: Evening, fetched: Path) -> None:
    evening.goes_on_from(fetched)
    evening.next_day()
    evening.exchange.failing.update(naver="html", krx_openapi="truncated")
    done = evening.ingest()
    assert states(done) == {
        "KOSPI": ("old", "krx_openapi"),
        "069500": ("old", "naver"),
        "229200": ("old", "naver"),
    }
    assert str(evening.prices.dates[-1]) == "2025-03-14"
    note = evening.prices.notes["069500"]
    assert note.startswith("old: its prices end on 2025-03-14 (naver: it has no chartdata (schema_drift); ")


def test_of_two_that_are_old_the_one_that_came_farther_is_used(evening: Evening, fetched: Path) -> None:
    evening.goes_on_from(fetched)
    evening.exchange.failing["naver"] = "html"
    evening.next_day()
    assert states(evening.ingest())["069500"] == ("current", "krx_openapi")
    evening.exchange.failing["krx_openapi"] = "truncated"
    evening.day = date(2025, 3, 18)
    assert states(evening.ingest())["069500"] == ("old", "krx_openapi")
    assert evening.prices.span("069500")["last"] == "2025-03-17"


def test_what_nobody_has_is_unavailable_with_every_reason(evening: Evening) -> None:
    done = evening.ingest(WISH._replace(symbols=(*EVERYBODY, "999990")))
    assert states(done)["999990"] == ("unavailable", None)
    why = evening.prices.unavailable["999990"]
    assert why.startswith("naver: no price from 2024-11-01 to 2025-03-14 (empty); krx_openapi: no price from ")
    assert set(evening.prices.symbols) == set(EVERYBODY)


def test_where_nobody_has_anything_runs_are_told_so_until_somebody_has(evening: Evening) -> None:
    evening.exchange.failing.update(naver="503", krx_openapi="auth")
    done = evening.ingest()
    assert done.prices is None
    assert set(why_unavailable(evening.settings.data)) == set(EVERYBODY)
    evening.exchange.failing.clear()
    evening.day = evening.exchange.until = TOMORROW  # who was left alone yesterday is asked again
    assert evening.ingest().prices is not None
    assert why_unavailable(evening.settings.data) == {}


def test_a_split_is_noticed_and_the_whole_past_comes_anew_with_its_dates_told(evening: Evening, fetched: Path) -> None:
    evening.goes_on_from(fetched)
    before = evening.prices.close[:, evening.prices.column("069500")].copy()
    evening.next_day()
    evening.exchange.splits["069500"] = (TOMORROW, 5)
    evening.exchange.bars["069500"][TOMORROW] = (6_400, 6_450, 6_350, 6_400, 5_000_000)
    done = evening.ingest()
    prices = evening.prices
    after = prices.close[:, prices.column("069500")]
    assert np.array_equal(after[:-1], before // 5)
    assert len(next(found for found in done.founds if found.instrument == "069500").revised) == len(before)
    assert "naver revised its prices of 2024-11-01, 2024-11-04, 2024-11-05 and" in prices.notes["069500"]
    assert "229200" not in prices.notes


def test_a_symbol_listed_later_is_asked_for_its_days_before_only_once(evening: Evening) -> None:
    evening.exchange.failing["naver"] = "html"
    late = evening.exchange.bars["229200"]
    evening.exchange.bars["229200"] = {day: bar for day, bar in late.items() if day >= date(2025, 2, 3)}
    assert states(evening.ingest())["229200"] == ("current", "krx_openapi")
    evening.exchange.asked.clear()
    evening.next_day()
    evening.ingest()
    assert min(what.split()[1] for what in evening.exchange.questions("krx_openapi")) == "20250310"


def test_what_is_not_traded_any_more_has_ended_and_is_no_alarm(evening: Evening) -> None:
    bars = evening.exchange.bars["229200"]
    evening.exchange.bars["229200"] = {day: bar for day, bar in bars.items() if day <= date(2025, 1, 10)}
    assert states(evening.ingest())["229200"] == ("ended", "naver")
    evening.exchange.asked.clear()
    evening.ingest()
    assert "229200" not in evening.exchange.questions("naver"), "nobody is asked twice a day for what has ended"


def test_where_nobody_has_the_day_nothing_has_ended_all_of_it_is_old(evening: Evening) -> None:
    """A provider that stands still for weeks is no wave of delistings."""
    evening.exchange.until = date(2025, 2, 3)
    done = evening.ingest()
    assert {state for state, _ in states(done).values()} == {"old"}
    assert {one.code for one in done.findings if one.symbol == "069500"} >= {"Q-OLD"}


def test_what_was_in_use_stays_in_use_where_only_others_are_asked_for(evening: Evening, fetched: Path) -> None:
    evening.goes_on_from(fetched)
    evening.next_day()
    evening.ingest(Wish(symbols=("229200",)))
    prices = evening.prices
    assert set(prices.symbols) == set(EVERYBODY)
    assert prices.span("229200")["last"] == "2025-03-17"
    assert prices.span("069500")["last"] == "2025-03-14"
    assert prices.notes["069500"].startswith("last bar on 2025-03-14")


@pytest.mark.parametrize("lost", [False, True])
def test_what_nobody_asks_for_is_carried_over_whatever_became_of_the_cache(evening: Evening, lost: bool) -> None:
    """Its prices, whose they are, and what nobody had."""
    evening.ingest(WISH._replace(symbols=(*EVERYBODY, "999990")))
    before, why = evening.prices, evening.prices.unavailable
    if lost:
        shutil.rmtree(evening.settings.data / "cache")
    evening.next_day()
    evening.ingest(Wish(symbols=("KOSPI",), since=FIRST))
    now = evening.prices
    assert set(now.symbols) == set(EVERYBODY)
    assert now.providers["069500"] == "naver"
    assert np.array_equal(now.close[:, now.column("069500")], before.close[:, before.column("069500")])
    assert now.unavailable == why
    evening.day = evening.exchange.until = date(2025, 3, 18)
    evening.exchange.bars["999990"] = evening.exchange.bars["069500"]
    assert "999990" in states(evening.ingest(Wish(since=FIRST))), "what nobody had is asked for again"


def test_a_day_that_was_not_there_yet_is_asked_for_again_the_same_evening(evening: Evening, fetched: Path) -> None:
    evening.goes_on_from(fetched)
    evening.day = TOMORROW
    assert {state for state, _ in states(evening.ingest()).values()} == {"old"}
    evening.exchange.until = TOMORROW
    assert {state for state, _ in states(evening.ingest()).values()} == {"current"}


def test_without_a_key_what_has_ended_is_no_alarm_either(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to have a key of the open API: who is not asked says nothing, and is not left alone."""
    monkeypatch.delenv("KRX_OPENAPI_KEY")
    bars = evening.exchange.bars["229200"]
    evening.exchange.bars["229200"] = {day: bar for day, bar in bars.items() if day <= date(2025, 1, 10)}
    assert states(evening.ingest())["229200"] == ("ended", "naver")
    assert not (evening.settings.data / "providers" / "krx_openapi.json").exists()


def test_what_a_universe_names_and_nobody_may_be_asked_for_stops_nobody(evening: Evening) -> None:
    found = {one.instrument: one for one in round_of(["QQQQ"], *evening.desk())}
    assert (found["QQQQ"].state, found["QQQQ"].why) == ("unavailable", "data_sources: it names nobody who has it")


def test_a_revision_stays_told_for_the_day_on_which_it_was_found(evening: Evening, fetched: Path) -> None:
    evening.goes_on_from(fetched)
    evening.next_day()
    evening.exchange.splits["069500"] = (TOMORROW, 5)
    evening.exchange.bars["069500"][TOMORROW] = (6_400, 6_450, 6_350, 6_400, 5_000_000)
    evening.ingest()
    evening.ingest()
    assert "naver revised its prices" in evening.prices.notes["069500"]
    told = json.loads((evening.settings.data / "quality" / "2025-03-17.json").read_text(encoding="utf-8"))
    assert [one["code"] for one in told["findings"] if one["symbol"] == "069500"].count("Q-REVISED") == 1


def test_a_damaged_part_is_asked_for_again_and_never_served(evening: Evening, fetched: Path) -> None:
    evening.goes_on_from(fetched)
    before = evening.prices.close.copy()
    part = next((evening.settings.data / "cache" / "naver" / "069500").glob("2025-*.parquet"))
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 0xFF
    part.write_bytes(bytes(data))
    assert states(evening.ingest())["069500"] == ("current", "naver")
    assert np.array_equal(evening.prices.close, before)


def test_the_closes_of_the_day_are_a_table_of_their_own(evening: Evening) -> None:
    bars = evening.exchange.bars
    bars["229200"] = {day: bar for day, bar in bars["229200"].items() if day != TODAY}
    evening.ingest(WISH._replace(symbols=(*EVERYBODY, "999990")))
    table = (evening.settings.data / "eod" / "2025-03-14.csv").read_text(encoding="utf-8-sig").splitlines()
    assert table[0] == "code,name,close,previous_close,volume,value,flags"
    today, before = bars["069500"][TODAY], bars["069500"][date(2025, 3, 13)]
    assert f"069500,KODEX 200,{today[3]},{before[3]},{today[4]},," in table
    assert any(line.startswith("229200,") and line.endswith(",old:2025-03-13") for line in table)
    assert "999990,,,,,,unavailable" in table
    beside = closes_of(Disk(), evening.settings, date(2025, 3, 14))
    assert (beside.before, beside.rows[0].close) == (date(2025, 3, 13), today[3]), "as whoever reports it reads it"


def test_only_one_fetches_at_a_time_and_only_the_side_that_may(evening: Evening) -> None:
    with held_elsewhere(evening.settings.lock_of("ingest")), pytest.raises(PricesBusy):
        evening.ingest()
    evening.settings = evening.settings.model_copy(update={"prices_from": "nas"})
    with pytest.raises(PricesNotOurs):
        evening.ingest()
    assert evening.exchange.asked == []


def test_files_a_person_dropped_are_never_sealed_over(evening: Evening) -> None:
    local = evening.settings.data / "prices" / "local"
    local.mkdir(parents=True)
    (local / "069500.csv").write_text("date,close\n2024-01-02,1\n", encoding="utf-8")
    with pytest.raises(DataMissing, match="dropped files"):
        evening.ingest()
    assert evening.exchange.asked == []


def test_an_ingest_that_was_killed_goes_on_where_it_was(evening: Evening) -> None:
    """What was kept of the first symbols is not asked for again."""

    def killed(symbol: str, provider: str, left: int) -> None:
        if symbol == "229200":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(evening.settings, "pc", WISH, Means(killed, Pace(evening.now, evening.waited.append, lambda: 0.5)))
    evening.exchange.asked.clear()
    assert {state for state, _ in states(evening.ingest()).values()} == {"current"}
    assert [what for name, what in evening.exchange.asked if name == "naver"] == ["229200"]


def test_raw_answers_are_kept_word_for_word(evening: Evening) -> None:
    evening.ingest()
    kept = list((evening.settings.data / "cache" / "raw" / "naver").rglob("*069500*.gz"))
    assert len(kept) == 1
    assert gzip.decompress(kept[0].read_bytes()) == evening.exchange.chart("069500")


def test_a_sample_is_held_against_another_provider(evening: Evening) -> None:
    """A number that one provider alone has is told as soon as another one has another."""
    evening.ingest()
    compared = [line for line in evening.log().splitlines() if "[INFO] [PRICES_COMPARED]" in line]
    assert len(compared) == 3
    evening.next_day()
    kospi = evening.exchange.bars["KOSPI"][TODAY]
    evening.exchange.wrong["naver", "KOSPI"] = {TODAY: (*kospi[:3], round(kospi[3] * 1.02), kospi[4])}
    found = {one.code: one for one in evening.ingest().findings}
    assert found["Q-DISAGREE"].symbol == "KOSPI"
    assert "2025-03-14" in found["Q-DISAGREE"].text
    assert "providers differ" in evening.prices.notes["KOSPI"]


def test_what_is_odd_is_a_file_of_the_day_and_who_cannot_be_read_is_left_out(evening: Evening) -> None:
    bars = evening.exchange.bars
    bars["229200"] = {day: bar for day, bar in bars["229200"].items() if day >= date(2025, 3, 10)}
    evening.ingest()
    told = json.loads((evening.settings.data / "quality" / "2025-03-14.json").read_text(encoding="utf-8"))
    assert [one["code"] for one in told["findings"] if one["symbol"] == "229200"] == ["Q-SHORT"]
    assert "229200" not in evening.prices.symbols
    assert "5 bar(s)" in evening.prices.unavailable["229200"]


def test_a_provider_is_asked_no_faster_than_its_manners(evening: Evening) -> None:
    (evening.settings.data.parent / "sources.yaml").write_text(
        SOURCES.replace("naver: {seconds: 8}", "naver: {seconds: 8, apart: 5}")
    )
    evening.ingest()
    assert [round(seconds) for seconds in evening.waited] == [5, 5], "before the second symbol, and before the sample"


def test_one_that_is_busy_is_asked_again_and_then_left_alone_for_the_day(evening: Evening) -> None:
    """Three rows of six questions, each after 1, 2, 4, 8 and 16 seconds; whoever comes after that goes to the next at once."""
    symbols = ("069500", "229200", "102110", "091160", "305720")
    for symbol in symbols:
        evening.exchange.bars[symbol] = evening.exchange.bars["069500"]
    evening.exchange.failing["naver"] = "503"
    done = evening.ingest(WISH._replace(symbols=symbols))
    assert {provider for _, provider in states(done).values()} == {"krx_openapi"}
    assert evening.waited == [1, 2, 4, 8, 16] * 3
    assert len(evening.exchange.questions("naver")) == 18
    assert evening.log().count("left alone for the rest of 2025-03-14") == 2


def test_one_that_says_it_is_asked_too_often_is_not_asked_for_the_next_symbol(evening: Evening) -> None:
    """An address that goes on asking is blocked for weeks."""
    evening.exchange.failing["naver"] = "429"
    evening.ingest()
    assert len(evening.exchange.questions("naver")) == 6


def test_our_own_lack_of_time_leaves_nobody_alone(evening: Evening) -> None:
    """An hour before the open each instrument has so many seconds: who was not asked has not failed."""
    for _ in range(4):
        evening.ingest(WISH._replace(seconds=1e-9))
    assert evening.exchange.asked == []
    assert {state for state, _ in states(evening.ingest()).values()} == {"current"}

"""Somebody wants a wrong, stale or half price sealed without a word: a provider, a damaged disk, or a clock."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from shared.errors import DataUnusable
from shared.market.ingest.series import _joined
from shared.market.outage import ExternalDataUnavailable
from shared.market.quality import Finding
from tests.harness.evening import FIRST, TODAY, TOMORROW, WISH, Evening, states
from tests.harness.kept_bars import bars_of, changed
from tests.pc.test_ingest import evening

__all__ = ["evening"]
OF_ONE = WISH._replace(symbols=("KOSPI",))


def _of(findings: tuple[Finding, ...], symbol: str) -> dict[str, str]:
    return {one.code: one.text for one in findings if one.symbol == symbol}


def test_yesterdays_answer_is_not_believed_to_be_todays_and_who_takes_its_place_is_told(evening: Evening) -> None:
    evening.ingest(OF_ONE)
    evening.next_day()
    right = evening.exchange.day
    evening.exchange.day = lambda service, day: right(service, TODAY if day == TOMORROW else day)  # type: ignore[method-assign]
    done = evening.ingest(OF_ONE)
    assert states(done)["KOSPI"] == ("current", "naver")
    assert evening.prices.close[-1, 0] == evening.exchange.bars["KOSPI"][TOMORROW][3]
    assert _of(done.findings, "KOSPI") == {"Q-SWITCHED": "prices of naver, before of krx_openapi"}
    assert evening.prices.notes["KOSPI"] == "prices of naver, before of krx_openapi"


def test_an_index_a_hundred_times_as_high_is_told(evening: Evening) -> None:
    bars = evening.exchange.bars["KOSPI"]
    opened, high, low, close, volume = bars[TODAY]
    bars[TODAY] = (opened * 100, high * 100, low * 100, close * 100, volume)
    evening.ingest(OF_ONE)
    assert evening.prices.notes["KOSPI"] == "close moved more than 30% on 2025-03-14"


def test_days_shifted_by_one_are_refused_and_the_panel_has_no_sunday(evening: Evening) -> None:
    bars = evening.exchange.bars["229200"]
    evening.exchange.bars["229200"] = {day - timedelta(days=1): bar for day, bar in bars.items()}
    done = evening.ingest()
    found = next(one for one in done.founds if one.instrument == "229200")
    assert "days had no session, 2024-11-03 is the first (schema_drift)" in found.why
    assert evening.prices.dates.tolist() == [day for day in evening.exchange.sessions if FIRST <= day <= TODAY]


def test_a_series_that_lost_a_year_is_not_current_however_far_it_reaches(evening: Evening) -> None:
    evening.ingest()
    next((evening.settings.data / "cache" / "naver" / "069500").glob("2024-*.parquet")).write_bytes(b"rotten")
    evening.exchange.failing.update(naver="html", krx_openapi="html")
    done = evening.ingest()
    assert states(done)["069500"] == ("old", "naver")
    told = _of(done.findings, "069500")["Q-OLD"]
    assert "naver: 2024-11-01 to 2024-12-31 was damaged and is missing" in told
    assert evening.prices.notes["069500"] == told
    evening.exchange.failing.clear()
    evening.next_day()
    assert states(evening.ingest())["069500"] == ("current", "naver")
    assert evening.prices.span("069500")["first"] == "2024-11-01"


def test_a_clock_that_stands_in_the_past_is_told_and_nobody_is_asked(evening: Evening) -> None:
    today = date(2025, 3, 11)
    evening.ingest(OF_ONE)
    evening.exchange.asked.clear()
    evening.day = today
    with pytest.raises(DataUnusable, match=f"here today is {today}; set this machine's clock"):
        evening.ingest(OF_ONE)
    assert evening.exchange.asked == []
    assert str(evening.prices.dates[-1]) == str(TODAY)


def test_where_one_answer_ends_and_the_next_begins_both_have_one_price_of_the_day() -> None:
    whole = bars_of("069500")
    assert np.array_equal(_joined([whole, whole], "asking").dates, whole.dates)
    other = changed(whole, whole.dates[0].item(), close=1.0)
    with pytest.raises(ExternalDataUnavailable, match="is another in the next answer") as caught:
        _joined([whole, other], "asking")
    assert caught.value.kind == "schema_drift"

"""`pc data`: one symbol as it is known here, and what is wrong with all of the prices."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import pc.__main__
from pc.data import sparkline
from shared import clock
from shared.krx_calendar import shipped_calendar
from shared.market.asking import Breaker, Pace
from shared.market.bars import bars_from
from shared.market.cache import open_cache
from shared.market.outage import ExternalDataUnavailable
from shared.market.unavailable import note_unavailable
from tests.harness.dropped import bar, drop

TUE, WED, THU = "2024-01-02", "2024-01-03", "2024-01-04"
NAN = float("nan")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in (("DATA", tmp_path), ("PRICES", "local"), ("LANGUAGE", "en")):
        monkeypatch.setenv(f"RELAY_{name}", str(value))
    return tmp_path


def dropped(data: Path) -> None:
    drop(data / "prices" / "local", bar(TUE), f"{WED},069500,,,,150.5,,", bar(THU, close=1_234_567), *[bar(TUE, "000660")])


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    rc = pc.__main__.main(["data", *words])
    return rc, capsys.readouterr().out


def test_a_symbol_is_shown_with_its_provider_its_bars_and_what_was_found(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dropped(data)
    rc, shown = asked(capsys, "show", "069500")
    assert rc == 0
    assert "069500 — provider files: 2024-01-02 to 2024-01-04, 3 bars, adjusted: unknown" in shown
    assert "2024-01-03 open - high - low - close 150.5 volume -" in shown
    assert "close 1,234,567 volume 10" in shown
    assert "※ Q-JUMP 069500: moves beyond the price limit, 2 days (2024-01-03 to 2024-01-04), kept" in shown
    assert shown.splitlines()[-1].startswith("OK symbol=069500 provider=files last=2024-01-04 findings=1 ")
    told = json.loads(asked(capsys, "show", "069500", "--json")[1])
    assert told["bars"][1] == {"date": WED, "close": 150.5} | dict.fromkeys(("open", "high", "low", "volume", "value"))
    assert ([one["code"] for one in told["findings"]], told["series"], told["revisions"]) == (["Q-JUMP"], [], [])
    assert not (data / "cache").exists(), "who only looks makes nothing"


def test_what_a_provider_answered_and_revised_is_shown_where_the_cache_knows_it(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dropped(data)
    kept, span = open_cache(data / "cache"), (date(2024, 1, 2), date(2024, 1, 5))
    for price in (100.0, 50.0):
        kept.put(bars_from("069500", [{"date": date(2024, 1, day), "close": price} for day in (2, 3, 4)]), "naver", *span)
    kept.put(bars_from("000660", [{"date": date(2024, 1, 2), "close": 1.0}]), "naver", *span)
    shown = asked(capsys, "show", "069500")[1]
    assert "cache: naver 069500, 2024-01-02 to 2024-01-04, 3 bars, fetched at " in shown
    assert "its provider revised: naver 2024-01-02 to 2024-01-04 close, first 100.0 → 50.0" in shown
    assert "000660" not in shown


def test_a_symbol_that_is_not_there_names_the_nearest_and_none_is_wrong_usage(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dropped(data)
    assert pc.__main__.main(["data", "show", "069501"]) == 1
    assert "did you mean '069500'?" in capsys.readouterr().err
    assert pc.__main__.main(["data", "show"]) == 64


def test_the_small_curve_goes_from_the_lowest_to_the_highest_close() -> None:
    assert sparkline(np.array([10.0, NAN, 20.0, 15.0, 0.0, 10.0])) == "▁·█▅·▁"
    assert sparkline(np.array([7.0, 7.0])) == "▁▁"
    assert sparkline(np.array([NAN])) == ""


def test_the_doctor_of_prices_says_what_is_stale_odd_and_left_alone(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dropped(data)

    def refused() -> None:
        raise ExternalDataUnavailable("asking", "it answered 429", "rate_limit", 7200.0)

    with pytest.raises(ExternalDataUnavailable):
        Breaker(data / "providers", "naver", Pace(clock.now, lambda seconds: None, lambda: 0.5)).asked(refused)
    rc, shown = asked(capsys, "doctor")
    assert rc == 2
    assert "[WARNING] Q-STALE: no bar of the last sessions, " in shown
    assert "[WARNING] Q-JUMP 069500: moves beyond the price limit, 2 days" in shown
    assert "provider naver: left alone today (it answered 429 (rate_limit))" in shown
    assert shown.splitlines()[-1].startswith("WARN last=2024-01-04 findings=3 alone=1 ")
    told = json.loads(asked(capsys, "doctor", "--json")[1])
    assert told["providers"]["naver"]["open"] is True
    (data / "providers" / "naver.json").write_text("{", encoding="utf-8")
    assert json.loads(asked(capsys, "doctor", "--json")[1])["providers"] == {}


def test_the_doctor_of_good_prices_says_so(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calendar, today = shipped_calendar(), clock.now().date()
    days = [today - timedelta(days=number) for number in range(30)]
    there = [day for day in days if day.weekday() < 5 and calendar.is_trading_day(day) is not False]
    drop(data / "prices" / "local", *(bar(str(day)) for day in there))
    rc, shown = asked(capsys, "doctor")
    assert (rc, "nothing is wrong" in shown) == (0, True), shown


def test_the_doctor_of_no_prices_says_why(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rc, shown = asked(capsys, "doctor")
    assert rc == 2
    assert "the prices cannot be opened: there is no " in shown


def test_of_one_cause_the_doctor_of_prices_has_one_line(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A network that is down is one thing to mend, and not three hundred."""
    codes = [f"{number:06d}" for number in range(300)]
    note_unavailable(data, date(2024, 1, 4), dict.fromkeys(codes, "naver: no connection (network)") | {"KOSPI": "no key"})
    shown = asked(capsys, "doctor")[1].splitlines()
    lines = [line for line in shown if "no prices that can be used" in line]
    assert len(lines) == 2, shown
    assert lines[0].startswith("[WARNING] 000000, 000001, ")
    assert lines[0].endswith("000019 (+280): no prices that can be used (naver: no connection (network))")
    assert json.loads(asked(capsys, "doctor", "--json")[1])["unavailable"].keys() == {*codes, "KOSPI"}

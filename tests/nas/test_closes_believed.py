"""Which closes a report believes: those somebody sealed for that very day, and no made-up ones for real."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from nas.closes import Wish
from nas.reporting import report_evening
from shared.cache import PricesDamaged
from shared.errors import ShareUnreachable
from tests.harness.closes import FRIDAY, HEAD, REGIME, ROWS, THURSDAY, Office


@pytest.fixture
def office(quick_folder: Path) -> Office:
    return Office(quick_folder)


def refused(office: Office, why: str) -> None:
    with pytest.raises(PricesDamaged, match=why):
        report_evening(office.turn(), Wish())
    assert office.told() == []
    assert not (office.settings.reports / "eod").exists()


def test_yesterdays_table_under_todays_name_is_nobodys_closes(office: Office) -> None:
    office.lay_out(THURSDAY)
    office.in_use(THURSDAY)
    shutil.copy(office.settings.data / "eod" / f"{THURSDAY}.csv", office.settings.data / "eod" / f"{FRIDAY}.csv")
    refused(office, f"the prices in use end on {THURSDAY}")


def test_a_table_that_came_with_yesterdays_facts_is_nobodys_closes(office: Office) -> None:
    office.lay_out(THURSDAY)
    for kind in ("csv", "json"):
        shutil.copy(office.settings.data / "eod" / f"{THURSDAY}.{kind}", office.settings.data / "eod" / f"{FRIDAY}.{kind}")
    refused(office, "what goes with it, 2026-11-20.json, is damaged or of another day")


@pytest.mark.parametrize("torn", [b"", b'{"day": "2026-11-20", "synth', b"[]", b'{"day": "2026-11-19"}', b"\xff"])
def test_where_nobody_can_say_whether_prices_are_made_up_they_are_told_to_nobody(torn: bytes, office: Office) -> None:
    office.lay_out(FRIDAY, synthetic=True)
    office.put(f"eod/{FRIDAY}.json", torn)
    refused(office, "what goes with it, 2026-11-20.json, is damaged or of another day")


def test_made_up_closes_without_their_facts_are_told_to_nobody(quick_folder: Path, capsys: Any) -> None:
    office = Office(quick_folder, prices="synthetic")
    office.put(f"eod/{FRIDAY}.csv", (HEAD + ROWS).encode())
    office.in_use(FRIDAY)
    assert report_evening(office.turn(), Wish()).facts["told"] == "no (synthetic)"
    assert capsys.readouterr().out.startswith("※ 합성(가짜) 가격입니다")
    assert office.told() == []


def test_a_share_that_is_an_empty_folder_is_one_that_is_away(office: Office) -> None:
    """An empty mount point: what is written there nobody sees once the share is back."""
    office.lay_out(FRIDAY)
    (office.settings.reports / "pending").rmdir()
    with pytest.raises(ShareUnreachable):
        report_evening(office.turn(), Wish())
    [told] = office.told()
    assert "알 수 없음 (공유 폴더의 목록을 읽을 수 없습니다)" in " ".join(told["remarks"])
    assert list(office.settings.reports.iterdir()) == []
    (office.settings.reports / "pending").mkdir()
    assert report_evening(office.turn(), Wish()).facts["told"] == "already"
    assert json.loads(office.shelved(f"eod/{FRIDAY}.json"))["day"] == FRIDAY


@pytest.mark.parametrize(
    "odd",
    [
        {"name": 3},
        {"window": "x"},
        {"close": "35600"},
        {"mean": float("inf")},
        {"symbol": 7},
        {"close": True},
        {"on": 1},
        {"mean": 1e300},
    ],
)
def test_a_regime_that_cannot_be_read_is_unknown_and_costs_nobody_the_report(odd: Any, office: Office, capsys: Any) -> None:
    office.lay_out(FRIDAY, regime={**REGIME, **odd})
    assert report_evening(office.turn(), Wish()).facts["told"] == "yes"
    assert "레짐 상태: 알 수 없음" in capsys.readouterr().out


def test_signals_that_are_no_file_cost_nobody_the_report(office: Office, capsys: Any) -> None:
    office.lay_out(FRIDAY)
    office.put("signals/kept.json", {"day": FRIDAY})
    file = office.settings.data / "signals" / f"{FRIDAY}.json"
    for is_folder in (True, False):
        file.mkdir() if is_folder else file.symlink_to("kept.json")
        assert report_evening(office.turn(is_dry=True), Wish()).word == "OK"
        assert "알 수 없음 (신호 파일을 읽을 수 없습니다)" in capsys.readouterr().out
        file.rmdir() if is_folder else file.unlink()


def test_a_note_of_what_was_told_that_says_nonsense_costs_nobody_the_report(office: Office) -> None:
    office.lay_out(FRIDAY)
    office.put("told/eod.json", {FRIDAY: {"number": "x", "sign": 3}})
    assert [report_evening(office.turn(), Wish()).facts["told"] for _ in range(2)] == ["yes", "already"]


@pytest.mark.parametrize("odd", [FRIDAY, "2027-01-04", "yesterday", 7])
def test_a_session_before_that_was_not_before_is_the_calendars(odd: Any, office: Office, capsys: Any) -> None:
    office.lay_out(FRIDAY, before=odd)
    report_evening(office.turn(), Wish())
    assert f"(전일 {THURSDAY} 대비)" in capsys.readouterr().out

"""Doctor tells how far the calendar reaches, weeks before guards would close."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from shared.calendar_check import calendar_check
from shared.disk import Disk
from shared.krx_calendar import own_file

DISK = Disk(durable=False)


@pytest.mark.parametrize(
    ("today", "verdict"),
    [("2026-11-22", "ok"), ("2027-11-16", "ok"), ("2027-11-17", "warn"), ("2027-12-31", "warn"), ("2028-01-01", "bad")],
)
def test_the_end_of_the_calendar_is_told_in_time(tmp_path: Path, today: str, verdict: str) -> None:
    found = calendar_check(DISK, tmp_path, date.fromisoformat(today))
    assert (found.verdict, bool(found.fix.ko)) == (verdict, verdict != "ok")
    assert "2027-12-31" in found.said.ko


@pytest.mark.parametrize("text", ["{", '{"schema": "relay.calendar-own/1", "closed": {}, "closed": {}}'])
def test_a_file_that_cannot_be_read_is_bad_and_told_by_its_name(tmp_path: Path, text: str) -> None:
    own_file(tmp_path).write_text(text, encoding="utf-8")
    found = calendar_check(DISK, tmp_path, date(2026, 11, 22))
    assert found.verdict == "bad"
    assert str(own_file(tmp_path)) in found.said.en
    assert found.wants_a_hand

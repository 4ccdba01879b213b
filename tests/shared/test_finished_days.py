"""Until which day an exchange has said its last word: the bar of a session that goes on is no day's price."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from shared.market.providers._finished import NEW_YORK, SEOUL, last_finished


@pytest.mark.parametrize(
    ("zone", "now", "last"),
    [
        (SEOUL, "2026-11-18 06:29", "2026-11-17"),  # 15:29 there, the session ends at 15:30
        (SEOUL, "2026-11-18 06:49", "2026-11-17"),
        (SEOUL, "2026-11-18 06:50", "2026-11-18"),
        (SEOUL, "2026-11-18 15:30", "2026-11-18"),  # half past midnight there, of the 19th
        (NEW_YORK, "2026-11-18 21:29", "2026-11-17"),  # 16:29 there, in winter
        (NEW_YORK, "2026-11-18 21:30", "2026-11-18"),
        (NEW_YORK, "2026-07-15 20:30", "2026-07-15"),  # in summer
        (NEW_YORK, "2026-11-19 01:00", "2026-11-18"),  # already the 19th in London and Seoul
        ("Asia/Tokyo", "2026-11-18 10:00", "2026-11-17"),  # whose hours nobody knows here
        ("Asia/Tokyo", "2026-11-18 15:00", "2026-11-18"),
    ],
)
def test_a_day_is_over_some_time_after_its_close(zone: str, now: str, last: str) -> None:
    moment = datetime.strptime(now, "%Y-%m-%d %H:%M").replace(tzinfo=timezone.utc)
    assert last_finished(zone, moment) == date.fromisoformat(last)

"""When the PC should be at work, as the setting says it."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Optional

import pytest

from shared.clock import KST
from shared.config import load
from shared.errors import SettingInvalid
from shared.working_hours import at_work_since

MONDAY = "2026-11-16"


def at(text: str) -> datetime:
    """A moment in Seoul."""
    return datetime.fromisoformat(text).replace(tzinfo=KST)


@pytest.mark.parametrize(
    ("hours", "now", "since"),
    [
        ("Mon-Fri 08:00-19:00", f"{MONDAY} 07:59", None),
        ("Mon-Fri 08:00-19:00", f"{MONDAY} 08:00", f"{MONDAY} 08:00"),
        ("Mon-Fri 08:00-19:00", "2026-11-20 18:59", "2026-11-20 08:00"),
        ("Mon-Fri 08:00-19:00", "2026-11-20 19:00", None),
        ("Mon-Fri 08:00-19:00", "2026-11-21 12:00", None),
        ("Sat 09:00-12:00", "2026-11-21 11:00", "2026-11-21 09:00"),
        ("Sat-Mon 09:00-12:00", f"{MONDAY} 11:00", f"{MONDAY} 09:00"),
        ("Sat-Mon 09:00-12:00", "2026-11-17 11:00", None),
        ("Mon-Sun 00:00-24:00", "2026-11-21 23:59", "2026-11-21 00:00"),
        ("Mon-Fri 22:00-06:00", "2026-11-21 05:00", "2026-11-20 22:00"),
        ("Mon-Fri 22:00-06:00", "2026-11-22 05:00", None),
    ],
)
def test_working_hours_are_those_of_seoul(hours: str, now: str, since: Optional[str]) -> None:
    assert at_work_since(hours, at(now)) == (at(since) if since else None)


def test_working_hours_are_korean_wherever_the_clock_is() -> None:
    """Half past eleven at night in Lisbon, on a Sunday."""
    now = datetime(2026, 11, 15, 23, 30, tzinfo=timezone.utc)
    assert at_work_since("Mon-Fri 08:00-19:00", now) == at(f"{MONDAY} 08:00")


@pytest.mark.parametrize(
    "hours",
    ["always", "Mon-Fri", "08:00-19:00", "Mon-Fri 8:00-19:00", "Mon-Fri 08:00-25:00", "mon 08:00-19:00", "Sat,Sun 00:00-24:00"],
)
def test_hours_nobody_can_read_are_refused_by_name(hours: str, tmp_path: Path) -> None:
    """With how they are written, and no regular expression."""
    with pytest.raises(SettingInvalid, match="working_hours=.*Sat-Sun 00:00-24:00") as refused:
        load({"RELAY_WORKING_HOURS": hours})
    assert "pattern" not in str(refused.value)

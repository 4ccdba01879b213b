"""Doctor's line about the calendar: how far it reaches, and whether its files can be read.

It exists because guards close on a day the calendar does not know: that is to be told weeks before, not on that morning.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from shared.disk import Disk
from shared.found import BAD, OK, WARN, Found
from shared.krx_calendar import CalendarDamaged, open_calendar
from shared.text import Table, same, wording

_SOON = timedelta(days=45)  # the exchange tells next year's closures in December
_SAID: Table = {
    "ok": ("{}까지 확인됨, 이 기계에서 바꾼 것 {}개", "verified through {}, {} changes on this machine"),
    "fix": (
        "새 버전을 설치하거나 configs/krx_calendar.json을 고친다",
        "install a newer version, or bring configs/krx_calendar.json up to date",
    ),
}


def calendar_check(disk: Disk, data: Path, today: date) -> Found:
    """Bad where today is unknown or a file is damaged; a warning where it soon will be."""
    try:
        known = open_calendar(data, disk)
    except CalendarDamaged as damage:
        return Found("calendar", BAD, same(damage.in_short), same(damage.fix))
    said = wording(_SAID, "ok", known.verified_through, sum(len(kind) for kind in known.changes._asdict().values()))
    if today + _SOON <= known.verified_through:
        return Found("calendar", OK, said)
    return Found("calendar", WARN if today <= known.verified_through else BAD, said, wording(_SAID, "fix"))

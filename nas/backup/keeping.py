"""Which backups there are, and which of them have had their time: so many days and weeks of them stay.

It exists so that what may go is decided by names alone, before anything is touched; a name that is not ours is never among it.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Dict, Iterable, List, Optional, Sequence, Set, Tuple

from shared import clock
from shared.disk import Disk

NAME = re.compile(r"krx-relay-(\d{8})T(\d{6})\.tar\.gz")
_DRAFT = re.compile(r"\.krx-relay-\d{8}T\d{6}\.tar\.gz\.[0-9a-f]{8}\.tmp|\.restore-[0-9a-f]{8}")


def name_of(moment: datetime) -> str:
    """`krx-relay-20261120T033000.tar.gz`, in Korean time."""
    return f"krx-relay-{moment.astimezone(clock.KST):%Y%m%dT%H%M%S}.tar.gz"


def backups_in(disk: Disk, folder: Path) -> List[str]:
    """Those there are, the newest last."""
    return sorted(name for name in disk.names(folder) if _day_of(name) is not None)


def newest_of(names: Sequence[str], at: datetime) -> Optional[str]:
    """Of these, the newest last: what bears a moment more than a day after `at` is of a clock that was ahead, and is the newest
    only where nothing else is there. None of none."""
    bound = name_of(at + timedelta(days=1))
    found = [name for name in names if name <= bound] or names
    return found[-1] if found else None


def had_their_time(names: Iterable[str], days: int, weeks: int, made: str) -> List[str]:
    """All but the newest of each of the last `days` days and `weeks` weeks that have one. `made` is the one of now: what bears a
    later day is of a clock that was ahead, takes nobody's place, and stays."""
    kept: Set[str] = set()
    newest_first = sorted((name for name in names if _day_of(name) and name <= made), reverse=True)
    for span, most in ((_as_day, days), (_as_week, weeks)):
        of_span: Dict[Tuple[int, ...], str] = {}
        for name in newest_first:
            of_span.setdefault(span(name), name)
        kept.update(list(of_span.values())[:most])
    return sorted(name for name in newest_first if name not in kept)


def sweep_drafts(disk: Disk, folder: Path) -> None:
    """Away with what one that was killed left. Called by who is alone."""
    for name in disk.names(folder):
        if _DRAFT.fullmatch(name):
            disk.remove_tree(folder / name)


def _as_day(name: str) -> Tuple[int, ...]:
    day = _day_of(name)
    return (day.toordinal(),) if day else ()


def _as_week(name: str) -> Tuple[int, ...]:
    day = _day_of(name)
    return tuple(day.isocalendar()[:2]) if day else ()


def _day_of(name: str) -> Optional[date]:
    found = NAME.fullmatch(name)
    try:
        return datetime.strptime(found[1] + found[2], "%Y%m%d%H%M%S").replace(tzinfo=clock.KST).date() if found else None
    except ValueError:
        return None

"""Which files have had their time: logs are compressed after 7 days and gone after 60, papers of a day compressed after 30.

It exists so that what may be touched is decided by names we know and the day in them, and by nothing else.
"""

from __future__ import annotations

import contextlib
import re
from datetime import date
from pathlib import Path
from typing import Iterator, List, NamedTuple, Optional, Tuple

from shared.config import Settings
from shared.disk import Disk

LOG_COMPRESSED, LOG_GONE, PAPER_COMPRESSED = 7, 60, 30  # days
_DAY = r"(\d{4}-\d\d-\d\d)"
_LOGS: Tuple[Tuple[str, str], ...] = (
    ("", rf"\w[\w.-]*[_-]{_DAY}(?:\.\d+)?\.log(\.gz)?"),
    ("alerts", rf"alerts_{_DAY}(?:\.\d+)?\.jsonl(\.gz)?"),
    ("metrics", rf"metrics_{_DAY}(?:\.\d+)?\.jsonl(\.gz)?"),
)
_PAPERS: Tuple[Tuple[str, str], ...] = (
    ("reports/eod", rf"{_DAY}\.(?:txt|json)(\.gz)?"),
    ("reports/watchlist", rf"{_DAY}\.(?:txt|json)(\.gz)?"),
    ("data/quality", rf"{_DAY}\.json(\.gz)?"),
    ("data/signals", rf"{_DAY}\.json(\.gz)?"),
)


class Due(NamedTuple):
    """One file and what is due: it is compressed, or, compressed already, removed. `kept_as`: its name in a backup; the newest
    one must have it as it is before it is touched; empty: none need have it."""

    path: Path
    is_over: bool
    kept_as: str = ""


def due_in(disk: Disk, settings: Settings, today: date) -> List[Due]:
    """All of them, what is to be removed first: that makes room."""
    found = [*_logs(disk, settings.logs, today), *_papers(disk, settings, today)]
    return sorted(found, key=lambda one: (not one.is_over, str(one.path)))


def folders_of(settings: Settings) -> List[Path]:
    """Where such files lie."""
    roots = {"reports": settings.reports, "data": settings.data}
    papers = [place.partition("/") for place, _ in _PAPERS]
    return [*(settings.logs / folder for folder, _ in _LOGS), *(roots[top] / rest for top, _, rest in papers)]


def _logs(disk: Disk, logs: Path, today: date) -> Iterator[Due]:
    found = [one for folder, pattern in _LOGS for one in _of_days(disk, logs / folder, pattern, today)]
    yield from (Due(path, True) for path, age, is_compressed in found if is_compressed and age > LOG_GONE)
    yield from (Due(path, False) for path, age, is_compressed in found if not is_compressed and age > LOG_COMPRESSED)


def _papers(disk: Disk, settings: Settings, today: date) -> Iterator[Due]:
    roots = {"reports": settings.reports, "data": settings.data}
    for place, pattern in _PAPERS:
        top, _, rest = place.partition("/")
        found = _of_days(disk, roots[top] / rest, pattern, today)
        old = [path for path, age, is_compressed in found if not is_compressed and age > PAPER_COMPRESSED]
        yield from (Due(path, False, f"{place}/{path.name}") for path in old)


def _of_days(disk: Disk, folder: Path, pattern: str, today: date) -> Iterator[Tuple[Path, int, bool]]:
    """Plain files of such a name, how many days old by the day in it, and whether it is compressed. A folder that cannot be
    listed, as of a mount that is dead, has none here: it is told where it is swept."""
    known, names = re.compile(pattern), []
    with contextlib.suppress(OSError):
        names = disk.names(folder)
    for name in sorted(names):
        found = known.fullmatch(name)
        day = _day_in(found[1]) if found else None
        if found and day and not (folder / name).is_symlink():
            yield folder / name, (today - day).days, bool(found[2])


def _day_in(text: str) -> Optional[date]:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

"""Which files of the logs' folder are whose, of which day, and in which order they were written.

It exists so that one place knows how logs are named, rolled and compressed.
"""

from __future__ import annotations

import contextlib
import os
import re
from datetime import date
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Tuple

_NAME = re.compile(r"(?P<job>.+?)(?:[_-](?P<day>\d{4}-\d\d-\d\d))?(?:\.(?P<number>\d+))?\.log(?P<gz>\.gz)?")
_LAST = 1 << 62
_COPY = "cron"  # configs/cron keeps there once more what jobs print: it is for what never came to a log of its own


class Wanted(NamedTuple):
    """Which lines: of one request, one job, of these days; None: of any."""

    request: Optional[str] = None
    job: Optional[str] = None
    first: Optional[date] = None
    last: Optional[date] = None

    def takes(self, day: date) -> bool:
        """Whether a line of that day is wanted."""
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)

    def names(self, text: str) -> bool:
        """Whether that line is about the request: its id stands there as a whole, and is not the beginning of another's."""
        if self.request is None:
            return True
        found = re.search(rf"(?<![\w.~-]){re.escape(self.request)}(?![\w~-]|\.\w)", text)
        return found is not None


class Chain(NamedTuple):
    """The files of one job and day, the one written first first."""

    job: str
    day: Optional[date]
    files: List[Path]


def files_of(folder: Path, wanted: Wanted) -> List[Chain]:
    """The wanted chains. A file that is there plain and compressed is only half put away: the plain one is whole."""
    found: Dict[Tuple[str, Optional[date]], Dict[int, Path]] = {}
    for name in sorted(_names_in(folder)):
        said = _NAME.fullmatch(name)
        if said is None or name.startswith("."):
            continue
        day = _day_in(said["day"])
        is_wanted = said["job"] == wanted.job if wanted.job else said["job"] != _COPY
        if is_wanted and (day is None or wanted.takes(day)):
            number = int(said["number"]) if said["number"] else _LAST
            found.setdefault((said["job"], day), {}).setdefault(number, folder / name)  # `x.log` sorts before `x.log.gz`
    return [Chain(job, day, [files[number] for number in sorted(files)]) for (job, day), files in found.items()]


def jobs_in(folder: Path) -> List[str]:
    """Whose logs there are, of any day."""
    return sorted({said["job"] for said in map(_NAME.fullmatch, _names_in(folder)) if said and said["job"][0] != "."})


def is_copy(file: Path) -> bool:
    """Whether other logs say the same."""
    said = _NAME.fullmatch(file.name)
    return said is not None and said["job"] == _COPY


def _names_in(folder: Path) -> List[str]:
    with contextlib.suppress(FileNotFoundError):
        return os.listdir(folder)
    return []


def _day_in(text: Optional[str]) -> Optional[date]:
    with contextlib.suppress(ValueError):
        return date.fromisoformat(text) if text else None
    return None

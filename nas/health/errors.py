"""The errors in the logs since the last deployment, and no earlier one.

It exists so that whoever updated the code sees what it broke, and not what was broken long before.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional, Set, Tuple

from nas.logbook import is_copy
from shared import clock
from shared.disk import NO_FILE
from shared.log_line import error_in, moment_in

_LOOKED_BACK = timedelta(days=7)
_TAIL = 1 << 20  # bytes of one file: what is before that was told before
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TRACEBACK, _FOREIGN = "Traceback (most recent call last)", re.compile(r"\[ERROR\]|ERROR:")
_MOST = 10


class Wrong(NamedTuple):
    """What went wrong so often, in which file, and when last."""

    what: str
    file: str
    times: int
    last: Optional[datetime]


def errors_since(logs: Path, since: Optional[datetime], now: datetime) -> List[Wrong]:
    """Those that happened oftenest first. Without a moment: today's; never of more than a week."""
    midnight = now.astimezone(clock.KST).replace(hour=0, minute=0, second=0, microsecond=0)
    begin = max(since or midnight, now - _LOOKED_BACK)
    counts: "Counter[Tuple[str, str]]" = Counter()
    last: Dict[Tuple[str, str], Optional[datetime]] = {}
    told: Set[Tuple[str, Optional[datetime]]] = set()
    for file in sorted(_files(logs, begin), key=is_copy):
        found = [one for one in _wrong_in(_tail(file), begin) if not is_copy(file) or one not in told]
        told.update(found)
        for what, moment in found:
            counts[what, file.name] += 1
            last[what, file.name] = moment or last.get((what, file.name))
    return [Wrong(*key, times, last[key]) for key, times in counts.most_common(_MOST)]


def _files(logs: Path, begin: datetime) -> List[Path]:
    """Of that day and all later ones."""
    first = f"{begin.astimezone(clock.KST):%Y-%m-%d}"
    days = {file: _DAY.search(file.name) for file in sorted(logs.glob("*.log"))}
    return [file for file, day in days.items() if day and day[0] >= first]


def _wrong_in(lines: List[str], begin: datetime) -> Iterator[Tuple[str, Optional[datetime]]]:
    """A line that bears no time, as a traceback does, is of the time of the next one that does."""
    waiting: List[str] = []
    for line in lines:
        moment, error = moment_in(line), error_in(line)
        if moment is None:
            waiting += [_without_time(line)] if _TRACEBACK in line or _FOREIGN.match(line) else []
            continue
        if moment >= begin:
            yield from ((what, moment) for what in [*waiting, *([error] if error else [])])
        waiting = []
    yield from ((what, None) for what in waiting)


def _without_time(line: str) -> str:
    return "Traceback" if _TRACEBACK in line else line.strip()[:100]


def _tail(file: Path) -> List[str]:
    """Its last lines; of a file that is gone by now, none."""
    try:
        with open(file, "rb") as lines:
            lines.seek(max(0, os.fstat(lines.fileno()).st_size - _TAIL))
            return lines.read().decode("utf-8", "replace").splitlines()
    except OSError as error:
        if error.errno not in NO_FILE:
            raise
        return []

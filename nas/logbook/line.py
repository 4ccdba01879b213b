"""A line as it is read back from a log: when it was written, and what it says.

It exists so that lines of many files stand in one order, and a program gets the parts of each by name.
"""

from __future__ import annotations

import heapq
import re
from datetime import datetime
from typing import Any, Dict, Iterable, Iterator, NamedTuple, Optional

from shared import clock
from shared.masking import masked
from shared.one_line import one_line

_LINE = re.compile(
    r"\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\] \[([A-Z]+)\] \[([A-Z_]+)\] rc=(-?\d+) details=\"([^\"]*)\" elapsed=(\d+)ms"
)
_TIME = re.compile(r"\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\]")
_FACT = re.compile(r"(?:^| )([a-z_]+)=")


class Line(NamedTuple):
    """`text` is safe to print; `job` is whose log it is in, `source` the file. What a program printed has the time of the line
    before it."""

    at: datetime
    text: str
    job: str
    source: str

    @property
    def is_event(self) -> bool:
        """Whether it is a line of ours, and not what some program printed."""
        return _LINE.fullmatch(self.text) is not None

    def as_dict(self) -> Dict[str, Any]:
        """For programs; what is no line of ours has only its text."""
        told: Dict[str, Any] = {"at": clock.iso(self.at), "job": self.job, "file": self.source, "text": self.text}
        found = _LINE.fullmatch(self.text)
        if found:
            told.update(level=found[2], event=found[3], rc=int(found[4]), details=_facts_in(found[5]), elapsed_ms=int(found[6]))
        return told


def line_of(text: str, job: str, source: str, otherwise: datetime) -> Line:
    """The line that stands there, without secrets and without what moves a cursor; of one without a time it is `otherwise`."""
    return Line(_time_in(text) or otherwise, one_line(masked(text)), job, source)


class Once:
    """A line that stands in two logs, a job's and its program's, is told once."""

    def __init__(self) -> None:
        self._second: Optional[datetime] = None
        self._told: Dict[str, str] = {}

    def of(self, lines: Iterable[Line]) -> Iterator[Line]:
        """Those that another log had not told already."""
        for line in lines:
            if line.at != self._second:
                self._second, self._told = line.at, {}
            if self._told.setdefault(line.text, line.job) == line.job or not line.is_event:
                yield line


def in_order(streams: Iterable[Iterator[Line]]) -> Iterator[Line]:
    """All of them in order of time, each stream in its own order."""
    return heapq.merge(*map(_never_back, streams), key=lambda one: one.at)


def _never_back(stream: Iterator[Line]) -> Iterator[Line]:
    """A clock that was set back, or two processes at once, change no order in a file."""
    latest: Optional[datetime] = None
    for line in stream:
        latest = line.at if latest is None else max(latest, line.at)
        yield line._replace(at=latest)


def _time_in(text: str) -> Optional[datetime]:
    found = _TIME.match(text)
    try:
        return datetime.strptime(found[1], "%Y-%m-%d %H:%M:%S").replace(tzinfo=clock.KST) if found else None
    except ValueError:
        return None


def _facts_in(details: str) -> Dict[str, str]:
    """By name. What comes a second time stands in the sentence of the one before it."""
    found: Dict[str, "re.Match[str]"] = {}
    for place in _FACT.finditer(details):
        found.setdefault(place[1], place)
    ends = [*[place.start() for place in found.values()][1:], len(details)]
    return {name: details[place.end() : end] for (name, place), end in zip(found.items(), ends)}

"""A line as it is read back from a log: when it was written, and what it says.

It exists so that lines of many files stand in one order, and a program gets the parts of each by name.
"""

from __future__ import annotations

import heapq
from datetime import datetime
from typing import Any, Dict, Iterable, Iterator, NamedTuple, Optional

from shared import clock
from shared.log_line import moment_in, said_in
from shared.masking import masked
from shared.one_line import one_line


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
        return said_in(self.text) is not None

    def as_dict(self) -> Dict[str, Any]:
        """For programs; what is no line of ours has only its text."""
        told: Dict[str, Any] = {"at": clock.iso(self.at), "job": self.job, "file": self.source, "text": self.text}
        said = said_in(self.text)
        return {**told, **said._asdict()} if said else told


def line_of(text: str, job: str, source: str, otherwise: datetime) -> Line:
    """The line that stands there, without secrets and without what moves a cursor; of one without a time it is `otherwise`."""
    return Line(moment_in(text) or otherwise, one_line(masked(text)), job, source)


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

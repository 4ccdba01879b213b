"""What the cache knows of one provider's bars of one symbol, and what is to be asked before they are as wanted.

It exists so that the question sent to a provider follows from facts alone: the days asked for before, and their answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

OVERLAP = 5  # bars that are asked for once more, to see whether the past is still what it was
_FRESH = timedelta(hours=24)
_AROUND = timedelta(days=14)  # more than five sessions, whichever holidays there are
_LATE = timedelta(days=2)  # so long after a day its bar may still come: until then an answer without it says nothing


class Span(NamedTuple):
    """Days from one to another, both included."""

    start: date
    end: date


class Part(NamedTuple):
    """The bars of one year and their file; no file: it was damaged, and these days are to be asked for again."""

    year: int
    file: str
    sha256: str  # of the file
    bars_sha256: str  # of the bars in it, however a library writes them down
    rows: int
    first: date
    tail: tuple[date, ...]  # its last days, OVERLAP at most


@dataclass(frozen=True)
class Series:
    """`start` and `end`: the first and the last bar. `asked_from`, `asked_to`: what the provider was asked for and answered,
    which is more than there are bars where a symbol was listed late. `lost`: years whose part was damaged."""

    provider: str
    symbol: str
    start: date
    end: date
    asked_from: date
    asked_to: date
    rows: int
    sha256: str
    updated_at: datetime
    adjusted: bool | None
    name: str
    overlap_from: date  # the day of the last bar but four
    lost: tuple[Span, ...] = ()


class Change(NamedTuple):
    """What an answer changed. `again`: nothing, for it gives the past other prices than were kept, or cannot be held against
    them; all of these days are to be asked for at once, so that no series is of two minds about a split."""

    added: tuple[date, ...] = ()
    revised: tuple[date, ...] = ()
    parts_written: int = 0
    again: Span | None = None


class Revision(NamedTuple):
    """Bars in a row, from `day` to `until`, that the provider changed later in one field (`day` itself as the field: they
    came, or went). `before` and `now`: on the first of them; None: there was, or is, none."""

    provider: str
    symbol: str
    day: date
    until: date
    days: int
    field: str
    before: float | None
    now: float | None
    seen_at: datetime


def is_fresh(series: Series, now: datetime) -> bool:
    """Whether its provider answered within the last 24 hours, and nothing of it was lost since."""
    return timedelta() <= now - series.updated_at < _FRESH and not series.lost


def what_to_ask(series: Series | None, wanted_from: date, wanted_to: date) -> Span | None:
    """The days to ask the provider for, or None. A tail begins where the last bars are, so that a changed past is seen."""
    if series is None:
        return Span(wanted_from, wanted_to)
    if wanted_from < series.asked_from:
        return Span(wanted_from, max(wanted_to, series.asked_to))
    spans = [Span(lost.start - _AROUND, lost.end + _AROUND) for lost in series.lost]
    if wanted_to > _vouched_to(series):
        spans.append(Span(series.overlap_from, wanted_to))
    if not spans:
        return None
    last = max(wanted_to, series.asked_to)
    return Span(max(min(one.start for one in spans), series.asked_from), min(max(one.end for one in spans), last))


def whole_of(series: Series, asked: Span) -> Span:
    """All that was ever asked for of it, and this."""
    return Span(min(series.asked_from, asked.start), max(series.asked_to, asked.end))


def _vouched_to(series: Series) -> date:
    """Up to where a day without a bar is known to have none."""
    return min(series.asked_to, max(series.end, series.updated_at.date() - _LATE))

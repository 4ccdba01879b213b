"""Rows of `cache.db`, and what they say.

It exists so that a row that is not as it was written, by one letter, is never believed: each series is sealed with its parts.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any, NamedTuple

from shared import clock
from shared.market.cache.merging import Revised
from shared.market.cache.parts import lost_in
from shared.market.cache.series import Part, Revision, Series, Span

VERSION = 1
SCHEMA = (
    """CREATE TABLE series (provider TEXT, symbol TEXT, start TEXT, end TEXT, asked_from TEXT, asked_to TEXT, rows INTEGER,
    sha256 TEXT, updated_at TEXT, adjusted INTEGER, name TEXT, overlap_from TEXT, seal TEXT, PRIMARY KEY (provider, symbol))""",
    """CREATE TABLE parts (provider TEXT, symbol TEXT, year INTEGER, file TEXT, sha256 TEXT, bars_sha256 TEXT, rows INTEGER,
    first TEXT, tail TEXT, PRIMARY KEY (provider, symbol, year))""",
    """CREATE TABLE revisions (provider TEXT, symbol TEXT, day TEXT, until TEXT, days INTEGER, field TEXT, before REAL,
    now REAL, seen_at TEXT)""",
    f"PRAGMA user_version = {VERSION}",
)
INTO_SERIES = "INSERT INTO series VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INTO_PARTS = "INSERT INTO parts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
INTO_REVISIONS = "INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


class Held(NamedTuple):
    """A series and its parts, in the order of their years, as one transaction put them in force; `seal` is over all of it."""

    series: Series
    parts: tuple[Part, ...]
    seal: str

    @property
    def files(self) -> set[str]:
        """The names of its files."""
        return {part.file for part in self.parts if part.file}


def sealed(row: tuple[Any, ...], parts: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """The row of a series, at its end the sha256 over it and its parts' rows."""
    return (*row, hashlib.sha256(repr((row, parts)).encode("utf-8", "backslashreplace")).hexdigest())


def held_in(row: tuple[Any, ...], rows: list[tuple[Any, ...]]) -> Held | None:
    """What these rows say; None where they are not as they were sealed."""
    if sealed(row[:-1], rows) != row:
        return None
    parts = tuple(_part(one) for one in rows)
    return Held(_series(row, parts), parts, str(row[-1]))


def series_row(one: Series) -> tuple[Any, ...]:
    """As it lies in the table, but for its seal."""
    days = (str(one.start), str(one.end), str(one.asked_from), str(one.asked_to))
    adjusted = None if one.adjusted is None else int(one.adjusted)
    facts = (one.rows, one.sha256, one.updated_at.isoformat(), adjusted, one.name)
    return (one.provider, one.symbol, *days, *facts, str(one.overlap_from))


def part_row(series: Series, part: Part) -> tuple[Any, ...]:
    """As it lies in the table."""
    return (series.provider, series.symbol, *part[:5], str(part.first), " ".join(map(str, part.tail)))


def revision_row(one: Revised) -> tuple[Any, ...]:
    """As it lies in the table, but for whose it is and when it was seen."""
    return (str(one.day), str(one.until), one.days, one.field, one.before, one.now)


def revision_in(row: tuple[Any, ...]) -> Revision | None:
    """What this row says; None where it says nothing."""
    provider, symbol, day, until, days, field, before, now, seen_at = row
    seen = clock.moment_in(seen_at)
    try:
        first, last = date.fromisoformat(day), date.fromisoformat(until)
    except (TypeError, ValueError):
        return None
    return Revision(provider, symbol, first, last, days, field, before, now, seen) if seen else None


def _series(row: tuple[Any, ...], parts: tuple[Part, ...]) -> Series:
    provider, symbol, *days, rows, sha256, updated_at, adjusted, name, overlap_from, _ = row
    start, end, *asked = map(date.fromisoformat, days)
    facts: Any = {"provider": provider, "symbol": symbol, "rows": rows, "sha256": sha256, "name": name}
    return Series(
        **facts,
        start=start,
        end=end,
        asked_from=asked[0],
        asked_to=asked[1],
        updated_at=datetime.fromisoformat(updated_at),
        adjusted=None if adjusted is None else bool(adjusted),
        overlap_from=date.fromisoformat(overlap_from),
        lost=lost_in(parts, Span(*asked)),
    )


def _part(row: tuple[Any, ...]) -> Part:
    year, file, sha256, bars_sha256, rows, first, tail = row[2:]
    return Part(
        year, file, sha256, bars_sha256, rows, date.fromisoformat(first), tuple(date.fromisoformat(day) for day in tail.split())
    )

"""Which parts are in force, of which series, and what providers revised.

It exists as the only pointer: a part comes into force, and the one before it goes out of it, by one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from shared import clock
from shared.disk import Disk
from shared.market.cache.database import Database
from shared.market.cache.merging import Revised
from shared.market.cache.rows import (
    INTO_PARTS,
    INTO_REVISIONS,
    INTO_SERIES,
    Held,
    held_in,
    part_row,
    revision_in,
    revision_row,
    sealed,
    series_row,
)
from shared.market.cache.series import Part, Revision, Series

_ONE = (
    "SELECT * FROM series WHERE provider = ? AND symbol = ?",
    "SELECT * FROM parts WHERE provider = ? AND symbol = ? ORDER BY year",
)
_EVERY = ("SELECT * FROM series ORDER BY provider, symbol", "SELECT * FROM parts ORDER BY provider, symbol, year")
_REVISED = """SELECT * FROM revisions WHERE (?1 IS NULL OR provider = ?1) AND (?2 IS NULL OR symbol = ?2)
    ORDER BY seen_at, rowid"""


class Ledger:
    """Of one folder."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._database = Database(folder, disk)

    def held(self, provider: str, symbol: str) -> Held | None:
        """That series; None where there is none, or what stands there of it is not as it was written."""
        return next(iter(self._all((provider, symbol))), None)

    def all(self) -> list[Held]:
        """Every series there is, by provider and symbol."""
        return self._all(None)

    def commit(self, before: Held | None, fresh: tuple[Series, tuple[Part, ...]], records: Iterable[Revised] = ()) -> bool:
        """From now on this is in force; False, and nothing is, where meanwhile something else came to be than `before`, or the
        file does not keep what it is told: then it was set aside."""
        series, parts = fresh
        key, seen = (series.provider, series.symbol), clock.iso(series.updated_at)
        rows = [part_row(series, part) for part in parts]
        revised = [(*key, *revision_row(one), seen) for one in records]

        def act(connection: sqlite3.Connection) -> bool:
            if not _is_still(connection, key, before):
                return False
            _forget(connection, key)
            connection.execute(INTO_SERIES, sealed(series_row(series), rows))
            connection.executemany(INTO_PARTS, rows)
            connection.executemany(INTO_REVISIONS, revised)
            return True

        found = self.held(*key) if self._database.change(act) else None
        if found is None or found.parts != parts:
            self._database.mend()  # nobody else was there: it does not say twice what was said to it
            return False
        return True

    def forget(self, provider: str, symbol: str) -> None:
        """No such series any more; what was revised of it is still told."""
        self._database.change(lambda connection: _forget(connection, (provider, symbol)))

    def revisions(self, provider: str | None, symbol: str | None) -> list[Revision]:
        """What was revised, in the order in which it was seen; of one provider and one symbol, or of all."""
        rows = self._database.look(lambda connection: connection.execute(_REVISED, (provider, symbol)).fetchall())
        return [one for one in map(revision_in, rows) if one]

    def _all(self, key: tuple[str, str] | None) -> list[Held]:
        def act(connection: sqlite3.Connection) -> tuple[list[Any], list[Any]]:
            connection.execute("BEGIN")  # both tables as of one moment
            series, parts = (connection.execute(asked, key or ()).fetchall() for asked in (_ONE if key else _EVERY))
            connection.execute("COMMIT")
            return series, parts

        series, parts = self._database.look(act)
        pieces = {one: list(rows) for one, rows in groupby(parts, key=lambda row: row[:2])}
        found = [held_in(row, pieces.get(row[:2], [])) for row in series]
        return [one for one in found if one]


def _is_still(connection: sqlite3.Connection, key: tuple[str, str], before: Held | None) -> bool:
    series, parts = (connection.execute(asked, key).fetchall() for asked in _ONE)
    now = held_in(series[0], parts) if series else None
    return (now and now.seal) == (before and before.seal)


def _forget(connection: sqlite3.Connection, key: tuple[str, str]) -> None:
    connection.execute("DELETE FROM parts WHERE provider = ? AND symbol = ?", key)
    connection.execute("DELETE FROM series WHERE provider = ? AND symbol = ?", key)

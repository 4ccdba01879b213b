"""That nobody had any prices at all: kept until somebody has, so that a run is skipped for it and does not fail.

It exists because a panel that was never made cannot say why.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from shared import clock
from shared.disk import Disk
from shared.kept import forget, keep, kept

_FILE = "unavailable.json"


def note_unavailable(data: Path, day: date, symbols: dict[str, str]) -> None:
    """Of that session nobody had any of these, and why; none: prices are there."""
    disk, file = Disk(), data / "prices" / _FILE
    if symbols:
        keep(disk, file, {"day": str(day), "at": clock.iso(clock.now()), "symbols": why_unavailable(data) | symbols})
    else:
        forget(disk, file)


def why_unavailable(data: Path) -> dict[str, str]:
    """Why there are no prices of these; empty where nobody was asked in vain."""
    symbols = kept(Disk(), data / "prices" / _FILE).get("symbols")
    return {str(name): str(why) for name, why in symbols.items()} if isinstance(symbols, dict) else {}

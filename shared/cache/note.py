"""What is kept of the last time prices were carried, or could not be.

It exists so that status and doctor can say why prices grow old.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import NamedTuple, Optional

from shared import clock
from shared.disk import Disk
from shared.document import written

_FILE = "carried.json"


class Ride(NamedTuple):
    """`why`: None where all was well."""

    at: str
    why: Optional[str]


def note_ride(disk: Disk, data: Path, why: Optional[str]) -> None:
    """Keep it for who asks later."""
    ride = Ride(clock.iso(clock.now()), why)
    disk.ensure_folder(data / "prices")
    disk.publish(data / "prices" / _FILE, written(ride._asdict()), replacing=True)


def last_ride(disk: Disk, data: Path) -> Optional[Ride]:
    """The last one; None where there was none, or its note is torn."""
    with contextlib.suppress(OSError, ValueError, TypeError, RecursionError):
        return Ride(**json.loads(disk.read(data / "prices" / _FILE, 1 << 16).data))
    return None

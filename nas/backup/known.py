"""What is known of the last verified backup, and of its copy on the external disk: `<data>/backup.json`.

It exists so that whoever asks how old the last backup is reads one small file and no archive.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Optional

from shared.disk import Disk
from shared.kept import facts_of, keep, kept, note_in


class Known(NamedTuple):
    """The last that was verified; `copied`: when one last lay on the external disk, verified; `tested`: restored, compared."""

    name: str = ""
    at: Optional[datetime] = None
    files: int = 0
    copied: Optional[datetime] = None
    copied_name: str = ""
    tested: Optional[datetime] = None


def known_backup(data: Path) -> Known:
    """All empty where there never was one, or the note is torn."""
    with contextlib.suppress(OSError):
        return note_in(Known, kept(Disk(durable=False), _file(data)))
    return Known()


def note_backup(disk: Disk, data: Path, **facts: object) -> None:
    """These facts of it are so now."""
    keep(disk, _file(data), facts_of(known_backup(data)._replace(**facts)))  # type: ignore[arg-type]


def _file(data: Path) -> Path:
    return data / "backup.json"

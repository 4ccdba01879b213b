"""What is known of the last verified backup, and of its copy on the external disk: `<data>/backup.json`.

It exists so that whoever asks how old the last backup is reads one small file and no archive.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path
from typing import Any, Dict, NamedTuple, Optional

from shared import clock
from shared.disk import Disk
from shared.kept import keep, kept


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
        told = kept(Disk(durable=False), _file(data))
        found: Dict[str, Any] = {name: clock.moment_in(told.get(name)) for name in ("at", "copied", "tested")}
        found.update({name: told[name] for name in ("name", "copied_name") if isinstance(told.get(name), str)})
        return Known(**found, files=told["files"] if isinstance(told.get("files"), int) else 0)
    return Known()


def note_backup(disk: Disk, data: Path, **facts: object) -> None:
    """These facts of it are so now."""
    now = known_backup(data)._replace(**facts)  # type: ignore[arg-type]
    told = {name: clock.iso(value) if isinstance(value, datetime) else value for name, value in now._asdict().items()}
    keep(disk, _file(data), told)


def _file(data: Path) -> Path:
    return data / "backup.json"

"""A log file: lines go to its end, whole, whoever else writes to it at the same time.

It exists so that a log that cannot be written never stops the work it tells about.
"""

from __future__ import annotations

import sys
from pathlib import Path

from shared import clock


def append(file: Path, text: str) -> None:
    """One line more; the file's name may hold the day, as strftime writes it."""
    path = file.with_name(clock.now().strftime(file.name))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "a", encoding="utf-8", errors="backslashreplace") as lines:
            lines.write(text + "\n")
    except OSError as error:
        print(f"log file {path} cannot be written: {error}", file=sys.stderr)

"""What of an answer did not come along, because the carrier does not take such files: pictures, large tables.

It exists so that an answer without its picture is still one; one without a table comes only where no table that large is
carried, and says so.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Set

from shared.disk import Disk
from shared.kept import kept
from shared.small_text import is_small

LEFT_OUT = "left-out.json"


def is_indispensable(name: str, size: int) -> bool:
    """Whether an answer without that file is none: every carrier takes it, so that somebody took it away."""
    return is_small(name, size)


def left_out(disk: Disk, folder: Path) -> Set[str]:
    """The names its note tells; none where there is no note that can be read."""
    with contextlib.suppress(OSError, TypeError):
        return {str(name) for name in kept(disk, folder / LEFT_OUT).get("files", ())}
    return set()

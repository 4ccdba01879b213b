"""What a run may leave in its process or start below it: open files, children, and theirs.

It exists because a child asks this of itself, and its worker ends what is below it, both in the same way.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def end_descendants(pid: int) -> None:
    """End what that process started, in whichever session it is now; what is orphaned is adopted by a child of ours."""
    import psutil

    found = []
    with contextlib.suppress(psutil.Error):
        found = psutil.Process(pid).children(recursive=True)
    for process in found:
        with contextlib.suppress(psutil.Error):
            process.kill()


def has_children() -> bool:
    """Only Linux tells that cheaply; elsewhere what a run started lives until its worker leaves."""
    try:
        return any(file.read_text().strip() for file in Path("/proc/self/task").glob("*/children"))
    except OSError:
        return False


def open_files() -> int:
    """How many files this process holds open; only Linux tells that cheaply."""
    try:
        return len(os.listdir("/proc/self/fd"))
    except OSError:
        return 0

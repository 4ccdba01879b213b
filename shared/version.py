"""Which krx-relay this is, and which protocol it speaks on disk.

It exists so that two machines can compare: a worker says it in its sign of life, doctor reads it there.
"""

from __future__ import annotations

import functools
import re
from importlib import metadata

from shared.config import HOME

PROTOCOL = 1
NAME = "krx-relay"


@functools.lru_cache(maxsize=1)
def version() -> str:
    """Of the checkout, else of what is installed: after a `git pull` the installed one is the older word."""
    try:
        found = re.search(r'^version = "([^"]+)"', (HOME / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        found = None
    if found:
        return found[1]
    try:
        return metadata.version(NAME)
    except metadata.PackageNotFoundError:
        return "unknown"

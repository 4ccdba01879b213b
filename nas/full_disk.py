"""Files of ours that cannot be written: one error for every reason, with what to do.

It exists so that no job ends in the words of the operating system.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator

from shared.errors import ShareUnreachable


@contextmanager
def on_disk(doing: str, fix: str = "make room there") -> Iterator[None]:
    """ShareUnreachable where a folder is full, read-only or away."""
    try:
        yield
    except OSError as error:
        raise ShareUnreachable(doing, error.strerror or str(error), fix) from error

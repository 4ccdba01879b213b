"""Contents of files as git keeps them in our clone: put into it, and read from it.

It exists so that a thousand files cost one process of git's each way, not a thousand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Iterator, List

from shared.carriers._clone import Clone, CloneBroken, git


def blobs_of(own: Clone, here: Path, files: List[str]) -> Dict[str, str]:
    """Each file's content as git keeps it."""
    if not files:
        return {}
    paths = b"".join(encoded(f"{here / name}\n") for name in files)
    return dict(zip(files, git(own, "hash-object", "-w", "--no-filters", "--stdin-paths", data=paths).decode().split()))


def contents(own: Clone, blobs: List[str]) -> Iterator[bytes]:
    """What these blobs hold, by one process for all."""
    said = git(own, "cat-file", "--batch", data="".join(f"{blob}\n" for blob in blobs).encode()) if blobs else b""
    start = 0
    for _ in blobs:
        end = said.index(b"\n", start)
        told = said[start:end].split()
        if told[1:2] != [b"blob"]:
            raise CloneBroken(f"git cat-file: {said[start:end].decode('utf-8', 'replace')[:300]}")
        size = int(told[2])
        yield said[end + 1 : end + 1 + size]
        start = end + 2 + size


def encoded(text: str) -> bytes:
    """A name as git takes it; it need not be UTF-8."""
    return text.encode("utf-8", "surrogateescape")

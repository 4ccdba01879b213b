"""Contents of files as git keeps them in our clone: put into it, and read from it.

It exists so that a thousand files cost one process of git's each way, not a thousand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Iterator, List

from shared.carriers._clone import Clone, CloneBroken, git

_AT_ONCE = 64  # files of a megabyte at most


def blobs_of(own: Clone, here: Path, files: List[str]) -> Dict[str, str]:
    """Each file's content as git keeps it."""
    if not files:
        return {}
    paths = b"".join(encoded(f"{here / name}\n") for name in files)
    return dict(zip(files, git(own, "hash-object", "-w", "--no-filters", "--stdin-paths", data=paths).decode().split()))


def sizes_of(own: Clone, blobs: List[str]) -> List[int]:
    """How many bytes each is; nothing of them is read: whoever may push may push what fills a memory."""
    said = git(own, "cat-file", "--batch-check", data=_asked(blobs)) if blobs else b""
    return [int(_told(line)[2]) for line in said.splitlines()]


def contents(own: Clone, blobs: List[str]) -> Iterator[bytes]:
    """What these blobs hold, by one process for so many as fit into any memory."""
    for start in range(0, len(blobs), _AT_ONCE):
        yield from _contents(own, blobs[start : start + _AT_ONCE])


def encoded(text: str) -> bytes:
    """A name as git takes it; it need not be UTF-8."""
    return text.encode("utf-8", "surrogateescape")


def _contents(own: Clone, blobs: List[str]) -> Iterator[bytes]:
    said, start = git(own, "cat-file", "--batch", data=_asked(blobs)), 0
    for _ in blobs:
        end = said.index(b"\n", start)
        size = int(_told(said[start:end])[2])
        yield said[end + 1 : end + 1 + size]
        start = end + 2 + size


def _asked(blobs: List[str]) -> bytes:
    return "".join(f"{blob}\n" for blob in blobs).encode()


def _told(line: bytes) -> List[bytes]:
    """Its name, its kind and its size."""
    told = line.split()
    if told[1:2] != [b"blob"]:
        raise CloneBroken(f"git cat-file: {line.decode('utf-8', 'replace')[:300]}")
    return told

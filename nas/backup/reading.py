"""Reading an archive back: every file's sha256 against the manifest in it.

It exists so that no archive is called a backup before somebody read it to its last byte.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import tarfile
import zlib
from pathlib import Path
from typing import IO, Any, Callable, Dict, Iterator, Optional, Tuple

from nas.backup.failed import BackupFailed
from nas.backup.packing import MANIFEST, SCHEMA
from shared.disk import Disk

Manifest = Dict[str, Any]
Take = Callable[[str, Iterator[bytes]], None]  # a member's name, and its bytes as they are read
_PIECE = 1 << 20
_LARGEST = 1 << 28  # of a manifest
_FIX = "make another one: python -m nas run back_up; those before it are as they were"


def read_back(archive: Path, take: Optional[Take] = None) -> Manifest:
    """Its manifest, where every file in it is what the manifest says, and none is missing or too many; BackupFailed otherwise.
    `take` is given each file as it is read."""
    try:
        found, manifest = _read(archive, take)
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        if getattr(error, "errno", None):
            raise
        raise _damaged(archive, f"it cannot be read to its end ({type(error).__name__}: {error})") from error
    _compare(archive, found, manifest)
    return manifest


def _read(archive: Path, take: Optional[Take]) -> Tuple[Dict[str, str], Manifest]:
    found: Dict[str, str] = {}
    manifest: Manifest = {}
    for member, content in _members(archive):
        if member == MANIFEST:
            manifest = _manifest_in(archive, content.read(_LARGEST))
        else:
            found[member] = _taken(member, content, take)
    return found, manifest


def _members(archive: Path) -> "Iterator[Tuple[str, IO[bytes]]]":
    """Each in turn, to the end of the file: only there gzip says whether all of it was right."""
    with gzip.open(archive) as plain, tarfile.open(fileobj=plain, mode="r|") as members:
        for member in members:
            yield member.name, _content_of(archive, members, member)
        while plain.read(_PIECE):
            pass


def _content_of(archive: Path, members: tarfile.TarFile, member: tarfile.TarInfo) -> "IO[bytes]":
    content = members.extractfile(member)
    if content is None:
        raise _damaged(archive, f"{member.name} in it is no file")
    return content


def digest_of(disk: Disk, file: Path) -> str:
    """The sha256 of a file as it lies there now."""
    digest = hashlib.sha256()
    for data in disk.pieces(file, 1 << 62):
        digest.update(data)
    return digest.hexdigest()


def _taken(name: str, content: "IO[bytes]", take: Optional[Take]) -> str:
    digest = hashlib.sha256()

    def pieces() -> Iterator[bytes]:
        for data in iter(lambda: content.read(_PIECE), b""):
            digest.update(data)
            yield data

    if take is not None:
        take(name, pieces())
    for _ in pieces():
        pass
    return digest.hexdigest()


def _manifest_in(archive: Path, data: bytes) -> Manifest:
    try:
        told = json.loads(data)
        if told["schema"] == SCHEMA and isinstance(told["files"], list):
            return dict(told)
    except (ValueError, KeyError, TypeError):
        pass
    raise _damaged(archive, "its manifest cannot be read")


def _compare(archive: Path, found: Dict[str, str], manifest: Manifest) -> None:
    if not manifest:
        raise _damaged(archive, "it has no manifest")
    wanted = {one["path"]: one["sha256"] for one in manifest["files"]}
    wrong = sorted(name for name in {*wanted, *found} if wanted.get(name) != found.get(name))
    if wrong:
        raise _damaged(archive, f"{len(wrong)} files are not what its manifest says, like {wrong[0]}")


def _damaged(archive: Path, why: str) -> BackupFailed:
    return BackupFailed(f"reading back {archive}", why, _FIX)

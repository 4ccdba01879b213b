"""Packing: files become the bytes of one `.tar.gz`, each with its sha256 in a manifest at the end.

It exists because any machine can unpack a tar, and because an archive that cannot prove itself whole is a hope.
"""

from __future__ import annotations

import hashlib
import itertools
import tarfile
import zlib
from typing import Any, Dict, Iterable, Iterator, List, Mapping

from nas.backup.chosen import Piece
from nas.backup.failed import BackupFailed
from shared.disk import NO_FILE, Disk
from shared.document import written

MANIFEST, SCHEMA = "MANIFEST.json", "relay.backup/1"
_GZIP, _BLOCK = 31, 512  # zlib's word for a gzip stream; tar's block
_SMALL = 4 << 20  # bytes read at once: what is smaller is as it was at one moment, also where somebody writes to it


class Packing:
    """One archive being made: `entries` is its manifest as far as it is; who was gone, or could not be read, is noted."""

    def __init__(self, disk: Disk, about: Mapping[str, Any]) -> None:
        self._disk, self._about = disk, about
        self.entries: List[Dict[str, Any]] = []
        self.gone: List[str] = []
        self.unread: List[str] = []

    def packed(self, pieces: Iterable[Piece]) -> Iterator[bytes]:
        """The archive's bytes, a piece at a time: it need not fit into memory."""
        squeeze = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
        for data in self._plain(pieces):
            squeezed = squeeze.compress(data)
            if squeezed:
                yield squeezed
        yield squeeze.flush()

    def _plain(self, pieces: Iterable[Piece]) -> Iterator[bytes]:
        for piece in pieces:
            yield from self._one(piece)
        told = {**self._about, "files": self.entries, "gone": self.gone, "unread": self.unread}
        yield from _member(MANIFEST, written(told))
        yield b"\0" * (2 * _BLOCK)

    def _one(self, piece: Piece) -> Iterator[bytes]:
        if piece.is_unread or not _can_be_said(piece.name):
            self.unread.append(piece.name.encode("utf-8", "backslashreplace").decode())
            return
        try:
            status = self._disk.status(piece.path)
            first = b"" if status.st_size > _SMALL else self._disk.read(piece.path, _SMALL + 1).data
        except OSError as error:
            (self.gone if error.errno in NO_FILE else self.unread).append(piece.name)
            return
        if status.st_size > _SMALL or len(first) > _SMALL:
            yield from self._large(piece, status)
            return
        self._note(piece.name, first, status.st_mtime_ns)
        yield from _member(piece.name, first, status.st_mtime)

    def _large(self, piece: Piece, status: Any) -> Iterator[bytes]:
        """As many bytes as it had when it was begun: one that grows is as it was. Its first bytes are read before it is named:
        one that cannot be read, or is gone, is left out as a small one is."""
        pieces = self._disk.pieces(piece.path, status.st_size)
        try:
            first = next(pieces, b"")
        except OSError as error:
            (self.gone if error.errno in NO_FILE else self.unread).append(piece.name)
            return
        yield _header(piece.name, status.st_size, status.st_mtime)
        digest, read = hashlib.sha256(), 0
        for data in itertools.chain([first], _rest(piece, pieces)):
            digest.update(data)
            read += len(data)
            yield data
        if read != status.st_size:
            raise BackupFailed(f"reading {piece.path}", "it became shorter while it was read", "it is tried again the next time")
        yield b"\0" * (-read % _BLOCK)
        self.entries.append(_entry(piece.name, read, digest.hexdigest(), status.st_mtime_ns))

    def _note(self, name: str, data: bytes, mtime: int) -> None:
        self.entries.append(_entry(name, len(data), hashlib.sha256(data).hexdigest(), mtime))


def _rest(piece: Piece, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """It is named in the archive by now, with its size: what cannot be read of it any more spoils all of it."""
    try:
        yield from pieces
    except OSError as error:
        fix = "look at the disk it lies on, or move it away; the backups there are whole"
        raise BackupFailed(f"reading {piece.path}", error.strerror or str(error), fix) from error


def _can_be_said(name: str) -> bool:
    """Whether it is text: a name with half letters stands in no manifest."""
    return name == name.encode("utf-8", "replace").decode()


def _entry(name: str, size: int, digest: str, mtime: int) -> Dict[str, Any]:
    return {"path": name, "bytes": size, "sha256": digest, "mtime_ns": mtime}


def _member(name: str, data: bytes, mtime: float = 0.0) -> Iterator[bytes]:
    yield _header(name, len(data), mtime)
    yield data
    yield b"\0" * (-len(data) % _BLOCK)


def _header(name: str, size: int, mtime: float) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, int(mtime), 0o600
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")

"""The logs of this machine, read once, or again and again as they grow.

It exists so that whoever follows them sees every line once, also while files are rolled, a day ends, or half a line is written.
"""

from __future__ import annotations

import gzip
import os
import zlib
from datetime import datetime, time
from io import BufferedIOBase
from itertools import takewhile
from pathlib import Path
from typing import Dict, Iterator, Tuple

from nas.logbook.files import Chain, Wanted, files_of
from nas.logbook.line import Line, Once, in_order, line_of
from shared import clock
from shared.masking import cut_between

_LONGEST = 1 << 16  # what is longer is shown in pieces
_BEFORE_ALL = datetime(1970, 1, 1, tzinfo=clock.KST)


class Book:
    """`news` gives the lines since it was asked last; the first time all there are."""

    def __init__(self, folder: Path, wanted: Wanted, follows: bool = False) -> None:
        self._folder, self._wanted, self._follows = folder, wanted, follows
        self._read: Dict[Tuple[int, int], int] = {}  # how far each file was read, by what it is and not by its name
        self._is_first, self._once = True, Once()
        self.unread: Dict[str, str] = {}  # files that cannot be read to their end, and why

    def news(self) -> Iterator[Line]:
        """In order of time, across all files."""
        chains = files_of(self._folder, self._wanted)
        yield from self._once.of(in_order([self._lines_of(chain) for chain in chains]))
        self._is_first = False

    def _lines_of(self, chain: Chain) -> Iterator[Line]:
        wanted, latest = self._wanted, datetime.combine(chain.day, time(), clock.KST) if chain.day else _BEFORE_ALL
        for file, text in ((one, text) for one in chain.files for text in self._texts_in(one)):
            line = line_of(text, chain.job, file.name, latest)
            latest = line.at
            if wanted.names(text) and wanted.takes(line.at.date()):
                yield line

    def _texts_in(self, file: Path) -> Iterator[str]:
        """One that went meanwhile was compressed or pruned: what it said was read before, or is in its successor."""
        try:
            raws = self._grown(file) if file.suffix != ".gz" else self._compressed(file)
            yield from (raw.decode("utf-8", "replace").rstrip("\r\n") for raw in raws)
        except FileNotFoundError:
            return
        except (OSError, EOFError, zlib.error) as error:  # the others are shown all the same
            self.unread[file.name] = str(error)

    def _grown(self, file: Path) -> Iterator[bytes]:
        with open(file, "rb") as stream:
            status = os.fstat(stream.fileno())
            key = (status.st_dev, status.st_ino)
            begin = self._read.get(key, 0)
            read = stream.seek(begin if begin <= status.st_size else 0)  # smaller than it was: it is another one
            for raw in takewhile(self._is_whole, _pieces(stream)):
                read += len(raw)
                self._read[key] = read
                yield raw

    def _is_whole(self, raw: bytes) -> bool:
        """Whoever follows waits for the rest of a line that is just being written."""
        return not self._follows or raw.endswith(b"\n") or len(raw) > _LONGEST // 2

    def _compressed(self, file: Path) -> Iterator[bytes]:
        if self._is_first:
            with gzip.open(file, "rb") as stream:
                yield from _pieces(stream)


def _pieces(stream: BufferedIOBase) -> Iterator[bytes]:
    """Its lines; one that is too long is cut, through no secret."""
    rest = b""
    while True:
        raw = rest + stream.readline(_LONGEST - len(rest))
        if not raw:
            return
        is_cut = len(raw) == _LONGEST and not raw.endswith(b"\n")
        end = cut_between(raw.decode("latin-1"), _LONGEST) if is_cut else len(raw)  # a letter for every byte
        rest = raw[end:]
        yield raw[:end]

"""A file larger than memory likes is copied a piece at a time; cut off anywhere, nothing half has its name."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any, List, Tuple

import pytest

from shared.calls import Calls
from shared.carriers import CarryBroken, There, same_folder
from shared.disk import Disk

MB = 1 << 20
LARGE = 5 * MB + 17


class _Watched(Calls):
    """The system's calls; the largest piece read or written is kept, and from the n-th write on the disk is full."""

    def __init__(self, full_at: int = 0) -> None:
        self.largest, self.writes, self._full_at = 0, 0, full_at
        self.read: Any = self._read
        self.write: Any = self._write

    def _read(self, fd: int, most: int) -> bytes:
        piece = os.read(fd, most)
        self.largest = max(self.largest, len(piece))
        return piece

    def _write(self, fd: int, data: bytes) -> int:
        self.writes += 1
        self.largest = max(self.largest, len(data))
        if self.writes == self._full_at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return os.write(fd, data)


@pytest.fixture
def roots(tmp_path: Path) -> Tuple[Path, Path]:
    """Here with a large file of an answer, and there."""
    here, there = tmp_path / "here", tmp_path / "there"
    (here / "done" / "a").mkdir(parents=True)
    there.mkdir()
    (here / "done" / "a" / "trades.csv").write_bytes(os.urandom(LARGE))
    return here, there


def _there(root: Path, calls: Any = Calls) -> There:
    return There(str(root), "ssh", 5.0, root.parent, "pc-1", {}, Disk(durable=False, calls=calls))


def _lying(root: Path) -> List[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_large_file_is_copied_and_compared_in_pieces(roots: Tuple[Path, Path]) -> None:
    here, there = roots
    for sent in (["done/a"], []):
        calls = _Watched()
        assert same_folder.send(["done/a"], here, _there(there, calls)) == sent
        assert 0 < calls.largest <= MB
    assert (there / "done/a/trades.csv").read_bytes() == (here / "done/a/trades.csv").read_bytes()


def test_a_file_of_the_same_size_that_differs_at_its_end_is_copied_anew(roots: Tuple[Path, Path]) -> None:
    here, there = roots
    same_folder.send(["done/a"], here, _there(there))
    with open(here / "done/a/trades.csv", "r+b") as file:
        file.seek(LARGE - 1)
        last = file.read(1)
        file.seek(LARGE - 1)
        file.write(bytes([last[0] ^ 1]))
    assert same_folder.send(["done/a"], here, _there(there)) == ["done/a"]
    assert (there / "done/a/trades.csv").read_bytes() == (here / "done/a/trades.csv").read_bytes()


@pytest.mark.parametrize("before", [b"", b"older"], ids=["new", "an older one is there"])
def test_a_disk_that_fills_up_in_the_middle_leaves_no_half_file(roots: Tuple[Path, Path], before: bytes) -> None:
    here, there = roots
    target = there / "done" / "a" / "trades.csv"
    if before:
        target.parent.mkdir(parents=True)
        target.write_bytes(before)
    with pytest.raises(CarryBroken, match="No space left"):
        same_folder.send(["done/a"], here, _there(there, _Watched(full_at=3)))
    assert (target.read_bytes() if before else target.exists()) == (before or False)
    assert _lying(there) == (["done/a/trades.csv"] if before else []), "nor anything else"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")
def test_killed_in_the_middle_nothing_half_has_its_name(roots: Tuple[Path, Path]) -> None:
    here, there = roots
    pid = os.fork()
    if pid == 0:
        calls = _Watched()
        calls.write = lambda fd, data: os._exit(9) if calls.writes == 2 else calls._write(fd, data)
        same_folder.send(["done/a"], here, _there(there, calls))
        os._exit(0)
    assert os.WEXITSTATUS(os.waitpid(pid, 0)[1]) == 9
    [left] = (there / "done" / "a").iterdir()
    assert left.name.startswith(".")
    assert left.name.endswith(".tmp")
    assert 0 < left.stat().st_size < LARGE
    assert same_folder.send(["done/a"], here, _there(there)) == ["done/a"]
    assert (there / "done/a/trades.csv").stat().st_size == LARGE


def test_a_file_that_goes_away_while_it_is_looked_at_is_left_out(roots: Tuple[Path, Path]) -> None:
    here, there = roots
    assert same_folder.send(["done/a", "done/b", "pending/x.json"], here, _there(there)) == ["done/a"]
    (here / "done" / "a" / "empty.txt").write_bytes(b"")
    assert same_folder.send(["done/a"], here, _there(there)) == ["done/a"]
    assert same_folder.send(["done/a"], here, _there(there)) == []
    assert _lying(there) == ["done/a/empty.txt", "done/a/trades.csv"]

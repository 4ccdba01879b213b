"""A disk that fills up in the midst of a transfer, here or over there: it is told, nothing half is shown, nothing is lost."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Callable, Iterator

import pytest

from tests.harness.servers import rsync_daemon
from tests.harness.two_sides import TwoSides, by_git, nas_pulls, pc_pushes

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0, reason="mounts a small disk: Linux, and root only"
)
LARGE_DISK = "64m"


@contextlib.contextmanager
def _disk(folder: Path, size: str) -> Iterator[Callable[[str], None]]:
    """A disk of that size at the folder; what it yields makes it larger."""
    folder.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")

    def enlarge(wanted: str) -> None:
        subprocess.run(["mount", "-o", f"remount,size={wanted}", str(folder)], check=True)

    try:
        yield enlarge
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _filled(folder: Path) -> None:
    """Until nothing more fits but a few small files."""
    filler, left = folder / "filler", os.statvfs(folder)
    filler.write_bytes(b"x" * max(0, left.f_bavail * left.f_bsize - 20_000))


def _answered(sides: TwoSides, count: int) -> None:
    """So many answers on the PC, none of them home."""
    for number in range(count):
        sides.nas.submit(request_id=f"r{number}")
    sides.nas.sync()
    sides.pc.sync()
    sides.pc.drain()


@pytest.mark.parametrize("carrier", ["same_folder", "rsync", "git"])
def test_the_nas_is_full_when_answers_come_home(carrier: str, tmp_path: Path, synthetic_data: Path) -> None:
    with contextlib.ExitStack() as stack:
        enlarge = stack.enter_context(_disk(tmp_path / "nas", "8m"))
        way = by_git if carrier == "git" else nas_pulls
        sides = way(tmp_path, synthetic_data)
        if carrier == "rsync":
            address = stack.enter_context(rsync_daemon(sides.pc.root, tmp_path / "server")).address
            sides.nas.settings = sides.nas.settings.model_copy(update={"carrier": "rsync", "there": address})
        _answered(sides, 6)
        sides.pc.sync()
        _filled(tmp_path / "nas")
        trip = sides.nas.sync()
        assert trip.trouble
        assert trip.exit_code() == 3, trip.trouble
        for name in sides.nas.answers():
            sides.manifest(name)
        enlarge(LARGE_DISK)
        sides.settle()
        assert sides.nas.answers() == {f"r{number}": "SUCCEEDED" for number in range(6)}
        assert sides.nas.left() == []


@pytest.mark.parametrize("carrier", ["same_folder", "rsync"])
def test_the_other_side_is_full_when_answers_are_pushed_to_it(carrier: str, tmp_path: Path, synthetic_data: Path) -> None:
    with contextlib.ExitStack() as stack:
        enlarge = stack.enter_context(_disk(tmp_path / "nas", "8m"))
        sides = pc_pushes(tmp_path, synthetic_data)
        if carrier == "rsync":
            address = stack.enter_context(rsync_daemon(sides.nas.root, tmp_path / "server")).address
            sides.pc.settings = sides.pc.settings.model_copy(update={"carrier": "rsync", "there": address})
        _answered(sides, 6)
        _filled(tmp_path / "nas")
        trip = sides.pc.sync()
        assert trip.trouble
        assert trip.exit_code() == 3, trip.trouble
        enlarge(LARGE_DISK)
        sides.nas.sync()
        assert set(sides.nas.answers().values()) <= {"SUCCEEDED"}
        sides.settle()
        assert sides.nas.answers() == {f"r{number}": "SUCCEEDED" for number in range(6)}
        assert sides.nas.left() == []

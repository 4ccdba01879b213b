"""A sign in a folder of ours, of a name nobody else knows: the other side's folder that shows it is our own.

It exists because who carries to himself is told that all is well, for ever, and nothing of it ever arrives.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Iterator

from shared.carriers import CarryRefused
from shared.disk import Disk

_BEGIN, _END = ".look.", ".tmp"


@contextlib.contextmanager
def looking(disk: Disk, folder: Path) -> Iterator[str]:
    """While somebody looks at the other side: the name of the sign in that folder of ours. It is never flushed."""
    sign = f"{_BEGIN}{os.urandom(4).hex()}{_END}"
    with contextlib.suppress(OSError):  # a full disk here keeps nobody from looking; it is told by what must be written
        _sweep(disk, folder)
        disk.put(folder / sign, b"")
    try:
        yield sign
    finally:
        with contextlib.suppress(OSError):
            disk.remove(folder / sign)


def is_ours(address: str, own: Path) -> CarryRefused:
    """What the one hears who named a folder of this machine as the other's."""
    fix = "`there` names the other machine's folder, as it is reached from here; where both use one folder, leave it empty"
    return CarryRefused(f"looking at {address}", f"that is this side's own folder, {own}", fix)


def _sweep(disk: Disk, folder: Path) -> None:
    """The folder is there, without the signs of who was killed while looking."""
    disk.ensure_folder(folder)
    for name in disk.names(folder):
        if name.startswith(_BEGIN) and name.endswith(_END):
            disk.remove(folder / name)

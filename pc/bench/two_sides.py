"""Two machines in one folder: the PC's sealed answers, the NAS that brings them, and what a person would type instead.

It exists so that the rows of the road say what they measure, and nothing of how it is set up.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

from inbox import make_inbox, open_inbox
from outbox import Draft, make_outbox, open_outbox
from pc.bench.measure import environment_of, python, seconds_of_program, settings_in
from pc.bench.seal import FILES
from pc.bench.ssh_here import Way, ssh_here
from shared.config import HOME
from shared.disk import Disk

_FACTS = {"schema": "relay.manifest/1", "status": "SUCCEEDED", "request_sha256": "d", "metrics": {"CAGR_like": 0.1, "MDD": -0.2}}


class TwoSides:
    """The PC's side is made once; the NAS's is made anew for every measurement."""

    def __init__(self, root: Path, way: Way) -> None:
        self._root, self._way = root, way
        self.pc, self.nas, self.bare = root / "pc", root / "nas", root / "bare"
        make_folders(self.pc)

    def seal(self, count: int) -> None:
        """That many answers of nine files each; every file is like no other, as nothing else has to be read and hashed."""
        outbox = open_outbox(self.pc, Disk(durable=False))
        for number in range(count):
            draft = Draft(outbox, f"20261120-{number:06d}-bench", 1)
            for name, size in FILES.items():
                draft.write(name, os.urandom(size))
            sealed = draft.seal(_FACTS, lambda: True)  # not inside the assert: -O would seal nothing
            assert sealed, f"somebody else answered in {outbox.done}"

    def fresh(self) -> None:
        """Neither the NAS nor the bare copy has anything, and nobody told the PC of anything; the disk is at rest."""
        for folder in (self.nas, self.bare, self.pc / "received", self._root / "nas-data"):
            shutil.rmtree(folder, ignore_errors=True)
        make_folders(self.nas)
        self.bare.mkdir()
        os.sync()

    def sync(self) -> float:
        """Seconds of `python -m nas sync`."""
        return seconds_of_program(python("-m", "nas", "sync"), self._environment(), HOME)

    def brought(self) -> int:
        """How many answers the NAS shows."""
        return len(list((self.nas / "done").iterdir()))

    def rsync(self) -> float:
        """Seconds of the bare rsync of the same."""
        return seconds_of_program(self._bare(), self._environment())

    def rsync_and_hash(self) -> float:
        """Seconds of the same and of sha256sum over every file."""
        bare = " ".join(shlex.quote(word) for word in self._bare())
        found = f"find {shlex.quote(str(self.bare))} -type f -print0 | xargs -0 sha256sum"
        return seconds_of_program(["sh", "-c", f"{bare} && {found}"], self._environment())

    def doctor(self, side: str) -> float:
        """Seconds of `doctor`; what it finds is no matter here."""
        command = python("-m", side, "doctor", "--json")
        return seconds_of_program(command, self._environment(), HOME, codes=(0, 1, 2, 3))

    def _bare(self) -> list[str]:
        return ["rsync", "-a", "-e", self._way.shell, self._way.to(self.pc / "done") + "/", f"{self.bare}/"]

    def _environment(self) -> dict[str, str]:
        ours = environment_of(settings_in(self._root, reports=self.nas, data=self._root / "nas-data"))
        carried = {"RELAY_CARRIER": "rsync", "RELAY_THERE": self._way.to(self.pc), "RELAY_CARRY_SHELL": self._way.shell}
        return {**ours, **carried, **own_folders(self._root)}


@contextlib.contextmanager
def two_sides(root: Path) -> Iterator[TwoSides]:
    """Both, and the ssh server between them."""
    with ssh_here(root / "ssh") as way:
        yield TwoSides(root, way)


def make_folders(reports: Path) -> None:
    """Those of a new queue."""
    make_inbox(open_inbox(reports, Disk()))
    make_outbox(open_outbox(reports, Disk()))


def own_folders(root: Path) -> dict[str, str]:
    """What else a program of ours may write to: all of it the bench's own."""
    return {f"RELAY_{name.upper()}": str(root / name) for name in ("backtests", "archive", "private")}

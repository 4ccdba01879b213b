"""What comes from the other side without an end, or is gone before it was fetched: the others travel all the same."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

import pytest

import inbox
import outbox
from shared.disk import Disk
from tests.harness.answers import seal
from tests.harness.servers import require
from tests.harness.two_sides import TwoSides, by_git, nas_pulls, pc_pushes
from tests.road.test_git_strangers import PLAIN, Pusher

DEPTH = 1400  # folders within each other, more than Python calls itself
# A shell that does what ssh does; once, what is to be fetched is gone before it is.
SHELL = """
shift
case "$*" in *--sender*--files-from*|*--files-from*--sender*) rm -rf "{folder}" ;; esac
exec sh -c "$*"
"""


def nest(folder: Path) -> None:
    """Folders in it without end, for whoever calls himself for each."""
    folder.mkdir(parents=True, exist_ok=True)
    here = os.getcwd()
    os.chdir(folder)
    for _ in range(DEPTH):
        os.mkdir("a")
        os.chdir("a")
    os.chdir(here)


def test_folders_without_end_are_removed_to_the_last(quick_folder: Path) -> None:
    nest(quick_folder / "deep")
    Disk(durable=False).remove_tree(quick_folder / "deep")
    assert list(quick_folder.iterdir()) == []


@pytest.mark.parametrize("way", [nas_pulls, pc_pushes, by_git])
def test_an_answer_with_folders_without_end_keeps_no_other_from_coming_home(
    way: Any, quick_folder: Path, synthetic_data: Path
) -> None:
    sides: TwoSides = way(quick_folder, synthetic_data)
    sides.nas.sync()
    for name in ("deep", "good"):
        seal(sides.pc, name)
    try:
        if way is by_git:
            sides.pc.sync()
            pusher = Pusher(quick_folder / "answers.git")
            pusher.push(b"evil/done/worse/" + b"a/" * 200 + b"f.json", PLAIN, pusher.blob(b"{}"))
            pusher.push(b"evil/done/worse/manifest.json", PLAIN, pusher.blob(b"{}"))
        elif way is pc_pushes:
            folder = sides.nas.inbox.root / inbox.ARRIVING / "pc-1" / "done" / "worse"
            nest(folder)
            (folder / "manifest.json").write_bytes(b"{}")
        else:
            nest(sides.pc.outbox.done / "deep")
        sides.nas.submit(request_id="q")
        for _ in range(3):
            sides.pc.sync()
            sides.nas.sync()
        assert "good" in sides.nas.answers()
        assert "q" in inbox.known_ids(sides.pc.inbox)
    finally:
        for place in (sides.nas.root, sides.pc.root):
            with contextlib.suppress(OSError):
                Disk(durable=False).remove_tree(place)  # the test's own sweeping does not come to an end with it


def test_an_answer_that_is_gone_over_there_is_not_damaged(quick_folder: Path, synthetic_data: Path) -> None:
    """It went between our look and our fetch: somebody took it away to mend it, or set that machine up anew."""
    require("rsync")
    shell = quick_folder / "shell"
    shell.write_text(SHELL.format(folder=quick_folder / "pc" / "reports" / "done" / "a"))
    way = {"carrier": "rsync", "there": f"pc:{quick_folder / 'pc' / 'reports'}", "carry_shell": f"sh {shell}"}
    sides = nas_pulls(quick_folder, synthetic_data, **way)
    for name in ("a", "b"):
        seal(sides.pc, name)
    trip = sides.nas.sync()
    assert (trip.just_refused, outbox.refused(sides.nas.outbox)) == ({}, set())
    assert set(sides.nas.answers()) == {"b"}
    shell.write_text('shift\nexec sh -c "$*"\n')
    seal(sides.pc, "a")
    sides.nas.sync()
    assert set(sides.nas.answers()) == {"a", "b"}

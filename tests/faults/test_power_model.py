"""The model of a power cut itself: what it may lose and what not, on a few operations a person can think through."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Optional

import pytest

from shared.disk import Disk
from tests.faults.power_cut import Recorded, State, states

Files = Dict[str, Optional[bytes]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two folders, one file in the first, all on the platter."""
    for name in ("a", "b"):
        (tmp_path / "home" / name).mkdir(parents=True)
    (tmp_path / "home" / "a" / "old").write_bytes(b"older")
    return tmp_path / "home"


def cut(recorded: Recorded, at: int = -1) -> List[Files]:
    """The different states after so many steps; -1: after all."""
    last = Recorded.__new__(Recorded)
    last.start, last.steps = recorded.start, recorded.steps[: at if at >= 0 else len(recorded.steps)]
    return [dict(state.files) for state in states(last) if state.cut == len(last.steps)]


def contents(found: List[Files], path: str) -> "set[object]":
    """What that file may hold; "gone" where it may be missing."""
    return {files.get(path, "gone") for files in found}


def test_what_was_flushed_is_in_every_state(home: Path) -> None:
    recorded = Recorded(home)
    Disk(calls=recorded).publish(home / "a" / "new", b"whole")
    assert contents(cut(recorded), "a/new") == {b"whole"}
    assert contents(cut(recorded), "a/old") == {b"older"}


def test_what_was_not_flushed_may_be_missing_empty_torn_or_whole(home: Path) -> None:
    recorded = Recorded(home)
    Disk(calls=recorded).put(home / "a" / "new", b"whole!")
    assert contents(cut(recorded), "a/new") == {"gone", b"", b"who", b"whole!"}


def test_an_overwritten_file_may_be_old_torn_or_new(home: Path) -> None:
    recorded = Recorded(home)
    Disk(calls=recorded).overwrite(home / "a" / "old", b"newer")
    assert contents(cut(recorded), "a/old") == {b"older", b"newer", b"neder"}
    recorded = Recorded(home)
    Disk(calls=recorded).overwrite(home / "a" / "old", b"newer")
    assert contents(cut(recorded), "a/old") == {b"newer"}, "the same bytes again are no change"


def test_the_fsync_of_a_file_says_nothing_of_its_name(home: Path) -> None:
    recorded = Recorded(home)
    Disk(calls=recorded).create(home / "a" / "new", b"whole")
    assert contents(cut(recorded), "a/new") == {"gone", b"whole"}


def test_the_fsync_of_a_folder_says_nothing_of_the_folders_own_name(home: Path) -> None:
    recorded = Recorded(home)
    disk = Disk(calls=recorded)
    disk.make_folder(home / "c")
    disk.publish(home / "c" / "new", b"whole")
    assert contents(cut(recorded), "c/new") == {"gone", b"whole"}
    disk.flush_folder(home)
    assert contents(cut(recorded), "c/new") == {b"whole"}


def test_a_rename_happened_or_did_not(home: Path) -> None:
    recorded = Recorded(home)
    disk = Disk(calls=recorded)
    disk.move(home / "a" / "old", home / "b" / "new")
    found = {tuple(sorted(name for name in files if "/" in name)) for files in cut(recorded)}
    assert found == {("a/old",), ("b/new",)}, "never both, never neither"
    disk.flush_folder(home / "b")
    assert contents(cut(recorded), "b/new") == {b"older"}


def test_what_is_on_the_platter_brings_what_it_stands_on(home: Path) -> None:
    """Twice moved, the second move flushed: the file is there."""
    recorded = Recorded(home)
    disk = Disk(calls=recorded)
    disk.move(home / "a" / "old", home / "a" / "between")
    disk.move(home / "a" / "between", home / "b" / "new")
    disk.flush_folder(home / "b")
    assert contents(cut(recorded), "b/new") == {b"older"}


def test_removals_may_be_lost_too_and_one_without_the_other(home: Path) -> None:
    (home / "a" / "second").write_bytes(b"2")
    recorded = Recorded(home)
    disk = Disk(calls=recorded)
    disk.remove(home / "a" / "old")
    disk.remove(home / "a" / "second")
    found = {("a/old" in files, "a/second" in files) for files in cut(recorded)}
    assert found == {(True, True), (True, False), (False, True), (False, False)}


def test_every_moment_is_cut_and_equal_states_are_built_once(home: Path, tmp_path: Path) -> None:
    recorded = Recorded(home)
    Disk(calls=recorded).publish(home / "a" / "new", b"whole")
    found: List[State] = states(recorded)
    assert {state.cut for state in found} >= {len(recorded.steps), 2}
    assert len({state.files for state in found}) == len(found)
    found[0].build(tmp_path / "built")
    assert (tmp_path / "built" / "a" / "new").read_bytes() == b"whole"

"""The queue's file operations: what each promises about names that are taken, held, linked, or gone."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path
from typing import Any, Callable

import pytest

from pc.patience import share_trouble
from shared.calls import Calls
from shared.disk import Disk, HalfWritten
from tests.harness.interleave import Recorder, disk_with


class _Held:
    """As on Windows: the first calls of one kind are refused because somebody has the file open."""

    def __init__(self, call: str, times: int, winerror: int = 32) -> None:
        self._call, self.left, self._winerror = call, times, winerror

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call: Callable[..., Any] = getattr(Calls, name)
        return self._refused(call) if name == self._call else call

    def _refused(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def held(*arguments: Any) -> Any:
            if self.left > 0:
                self.left -= 1
                error = PermissionError(errno.EACCES, "held by somebody")
                error.winerror = self._winerror  # type: ignore[attr-defined]
                raise error
            return call(*arguments)

        return held


@pytest.mark.parametrize("winerror", [5, 32, 33])
def test_a_folder_held_open_is_tried_again_and_never_filled_in_place(tmp_path: Path, winerror: int) -> None:
    """An answer's folder on a Windows share, while a virus scanner reads it."""
    (tmp_path / "draft").mkdir()
    held = _Held("rename", 3, winerror)
    assert Disk(calls=held, patience=5.0).move_folder(tmp_path / "draft", tmp_path / "done")
    assert held.left == 0
    assert not (tmp_path / "draft").exists()


def test_a_file_held_for_good_raises_in_the_end_and_stays(tmp_path: Path) -> None:
    """Nothing is lost by giving up."""
    (tmp_path / "a").write_bytes(b"1")
    with pytest.raises(PermissionError):
        Disk(calls=_Held("rename", 10**9), patience=0.05).move(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == b"1"


@pytest.mark.parametrize("winerror", [5, 32, 33])
def test_a_folder_held_for_good_raises_in_the_end_and_moves_once_it_is_let_go(tmp_path: Path, winerror: int) -> None:
    """Nothing of it is copied meanwhile."""
    (tmp_path / "draft").mkdir()
    (tmp_path / "draft" / "manifest.json").write_bytes(b"{}")
    held = _Held("rename", 10**9, winerror)
    disk = Disk(calls=held, patience=0.05)
    with pytest.raises(PermissionError):
        disk.move_folder(tmp_path / "draft", tmp_path / "done")
    assert held.left < 10**9 - 1, "it was tried more than once"
    assert [path.name for path in tmp_path.iterdir()] == ["draft"]
    held.left = 0
    assert disk.move_folder(tmp_path / "draft", tmp_path / "done")
    assert [path.name for path in tmp_path.rglob("*")] == ["done", "manifest.json"]


def test_a_folder_never_replaces_another_that_holds_something(tmp_path: Path) -> None:
    """The second answer does not come out."""
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text(name)
    assert Disk().move_folder(tmp_path / "second", tmp_path / "first") is False
    assert (tmp_path / "first" / "manifest.json").read_text() == "first"


def test_creating_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    """The exclusive act."""
    disk = Disk()
    disk.create(tmp_path / "claim", b"mine")
    with pytest.raises(FileExistsError):
        disk.create(tmp_path / "claim", b"yours")
    assert (tmp_path / "claim").read_bytes() == b"mine"


def test_of_many_who_create_one_name_at_once_one_wins(tmp_path: Path) -> None:
    """Twenty threads, one claim file, fifty rounds."""
    disk = Disk(durable=False)
    for round_number in range(50):
        won: "list[int]" = []
        start = threading.Barrier(20)

        def race(me: int, path: Path = tmp_path / str(round_number), won: "list[int]" = won, start: Any = start) -> None:
            start.wait()
            try:
                disk.create(path, str(me).encode())
                won.append(me)
            except FileExistsError:
                return

        threads = [threading.Thread(target=race, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == 1


def test_a_file_that_could_not_be_written_is_told_apart_from_one_that_is_not_ours(tmp_path: Path) -> None:
    """The name is taken, by us: whoever made it must know."""

    class Full(Recorder):
        def before(self, name: str, path: str) -> None:
            if name == "write":
                raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(HalfWritten) as caught:
        disk_with(Full()).create(tmp_path / "claim", b"content")
    assert caught.value.errno == errno.ENOSPC
    assert (tmp_path / "claim").exists()


def test_reading_follows_no_link_and_waits_for_no_pipe(tmp_path: Path) -> None:
    """Whoever may write into the folder may put anything there."""
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "pipe")
    disk = Disk()
    with pytest.raises(OSError, match=r"."):
        disk.read(tmp_path / "link")
    assert disk.read(tmp_path / "pipe").data == b""
    with pytest.raises(IsADirectoryError):
        disk.read(tmp_path)


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 3_000_000])
def test_reading_gives_all_of_a_file_or_the_beginning_asked_for(tmp_path: Path, size: int) -> None:
    """Of any size."""
    data = os.urandom(size)
    (tmp_path / "file").write_bytes(data)
    assert Disk().read(tmp_path / "file").data == data
    assert Disk().read(tmp_path / "file", 70_000).data == data[:70_000]


def test_new_content_is_shorter_than_the_old_without_a_tail(tmp_path: Path) -> None:
    """The heartbeat of a worker whose runs ended."""
    (tmp_path / "alive").write_bytes(b"a long content")
    assert Disk().overwrite(tmp_path / "alive", b"short") == (tmp_path / "alive").stat().st_mtime
    assert (tmp_path / "alive").read_bytes() == b"short"


def test_a_heartbeat_never_brings_a_removed_file_back(tmp_path: Path) -> None:
    """A buried worker must notice."""
    with pytest.raises(FileNotFoundError):
        Disk().overwrite(tmp_path / "alive", b"here")
    assert not (tmp_path / "alive").exists()


def test_what_is_already_gone_is_as_good_as_removed(tmp_path: Path) -> None:
    """Somebody else swept first."""
    disk = Disk()
    disk.remove(tmp_path / "nothing")
    disk.remove_tree(tmp_path / "nothing")
    assert disk.remove_folder(tmp_path / "nothing")
    assert disk.names(tmp_path / "nothing") == []


def test_a_whole_tree_goes_and_a_full_folder_stays(tmp_path: Path) -> None:
    """Drafts go with all in them; a dead worker's folder only when empty."""
    (tmp_path / "draft" / "inner").mkdir(parents=True)
    (tmp_path / "draft" / "inner" / "file").write_text("x")
    disk = Disk()
    assert not disk.remove_folder(tmp_path / "draft")
    disk.remove_tree(tmp_path / "draft")
    assert not (tmp_path / "draft").exists()


def test_without_durability_nothing_is_flushed_and_with_it_everything(tmp_path: Path) -> None:
    """`durable: false` is for folders that may be lost."""
    for durable in (False, True):
        recorder = Recorder()
        disk = disk_with(recorder, durable)
        disk.publish(tmp_path / f"file-{durable}", b"1")
        disk.flush_all([tmp_path / f"file-{durable}"], [tmp_path])
        assert [name for name, _ in recorder.steps].count("fsync") == (4 if durable else 0)


def test_trouble_with_the_share_is_told_in_words() -> None:
    """An operator reads it at night."""
    assert share_trouble(OSError(errno.ENOSPC, "")) == "the disk is full"
    assert share_trouble(OSError(errno.EROFS, "")) == "this user may not write there"
    assert share_trouble(OSError(errno.ESTALE, "")) == "the folder does not answer"


def test_a_file_that_replaces_another_is_whole_at_every_moment(tmp_path: Path) -> None:
    """A reader finds the old content until it finds the new one."""
    (tmp_path / "index.json").write_bytes(b"old")
    seen = []

    class _Watched:
        def __getattr__(self, name: str) -> Callable[..., Any]:
            seen.append((tmp_path / "index.json").read_bytes())
            call: Callable[..., Any] = getattr(Calls, name)
            return call

    Disk(calls=_Watched()).publish(tmp_path / "index.json", b"new", replacing=True)
    assert seen[0] == b"old"
    assert seen[-1] == b"new"
    assert set(seen) == {b"old", b"new"}
    assert [path.name for path in tmp_path.iterdir()] == ["index.json"]

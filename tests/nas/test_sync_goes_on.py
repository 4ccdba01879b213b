"""Whatever one thing breaks in a sync, the rest of it is done, and what broke is told and noted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, Dict

import pytest

import inbox
import outbox
from nas.seen import look
from nas.wording import lines
from shared.last_trip import last_trip
from tests.harness.answers import seal
from tests.harness.two_sides import TwoSides, desk_of, nas_pulls, pc_pushes

HOME = Path(__file__).parents[2]


@pytest.fixture
def sides(quick_folder: Path, synthetic_data: Path) -> TwoSides:
    """A NAS that fetches from its PC."""
    return nas_pulls(quick_folder, synthetic_data)


def nas(sides: TwoSides, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """The command as cron calls it."""
    said = {"REPORTS": sides.nas.root, "DATA": sides.nas.settings.data, "LOGS": sides.nas.settings.logs, "WORKER": "nas"}
    own = {f"RELAY_{name}": str(value) for name, value in {**said, "CARRIER": "same_folder", **settings}.items()}
    env = {**os.environ, **own, "RELAY_LANGUAGE": "en"}
    command = [sys.executable, "-m", "nas", *words]
    return subprocess.run(command, check=False, cwd=HOME, env=env, capture_output=True, encoding="utf-8", timeout=60)


# ---- one odd answer ----


def _dot_folder(folder: Path) -> None:
    (folder / ".AppleDouble").mkdir()
    (folder / ".AppleDouble" / "x").write_text("x")


def _folder_for_the_note(folder: Path) -> None:
    (folder / "WHY.txt").mkdir()
    (folder / "WHY.txt" / "x").write_text("x")


def _folder(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "x").write_text("x")


def _link(folder: Path) -> None:
    (folder / "link").symlink_to("link")


def _odd_manifest(folder: Path) -> None:
    path = folder / outbox.MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "files": [{"path": "\ud800", "bytes": 1, "sha256": ""}]}))


def _nothing(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


@pytest.mark.parametrize("spoil", [_dot_folder, _folder_for_the_note, _folder, _link, _odd_manifest, _nothing])
def test_whatever_lies_in_one_answer_the_others_come_home_and_requests_go_out(
    spoil: Callable[[Path], None], sides: TwoSides
) -> None:
    for name in "abc":
        seal(sides.pc, name)
    sides.nas.submit(request_id="q")
    spoil(sides.pc.outbox.done / "b")
    for _ in range(2):
        trip = sides.nas.sync()
        assert trip.troubles == []
    assert {"a", "c"} <= set(sides.nas.answers())
    assert set(sides.nas.answers()) | outbox.refused(sides.nas.outbox) in ({"a", "b", "c"}, {"a", "c"}), "or b is no answer"
    assert len(list(sides.pc.inbox.pending.iterdir())) == 1


def test_a_link_to_itself_in_done_keeps_no_answer_away(sides: TwoSides) -> None:
    (sides.nas.outbox.done / "a").symlink_to("a")
    seal(sides.pc, "a")
    assert sides.nas.sync().troubles == []
    assert list(sides.nas.answers()) == ["a"]


# ---- a round that breaks ----


def _break(sides: TwoSides) -> None:
    """A file where the confirmations should lie."""
    (sides.nas.root / inbox.RECEIVED).write_text("")
    seal(sides.pc, "a")


def test_a_sync_that_breaks_is_told_and_noted_as_failed(sides: TwoSides) -> None:
    _break(sides)
    sides.nas.submit(request_id="q")
    done = nas(sides, "sync", THERE=str(sides.pc.root))
    assert (done.returncode, done.stdout.split()[0]) == (3, "FAILED"), done.stderr
    assert "SYNC_FAILED" in done.stderr
    assert "Traceback" not in done.stderr
    last = last_trip(sides.nas.disk, sides.nas.settings.data)
    assert last
    assert inbox.RECEIVED in str(last.why)
    assert len(list(sides.pc.inbox.pending.iterdir())) == 1, "requests go out all the same"
    (sides.nas.root / inbox.RECEIVED).unlink()
    assert sides.nas.sync().troubles == []
    assert inbox.confirmed(sides.nas.inbox) == ["a"]


# ---- what is told ----


@pytest.mark.parametrize("odd", ['{"at": "2026", "counts": []}', '{"at": 1, "counts": {}}', "[]", "{", "x" * 2_000_000])
def test_a_note_that_is_none_of_ours_ends_no_sync(sides: TwoSides, odd: str) -> None:
    """Of another version, of somebody else, torn, or endless: it says nothing, and the next note is whole."""
    note = sides.nas.settings.data / "sync.json"
    note.write_text(odd)
    assert last_trip(sides.nas.disk, sides.nas.settings.data) is None
    assert sides.nas.sync().troubles == []
    told = last_trip(sides.nas.disk, sides.nas.settings.data)
    assert told
    assert (told.ok, told.counts["sent"]) == (True, 0)


def test_a_note_whose_lists_are_none_is_read_without_them(sides: TwoSides) -> None:
    sides.nas.sync()
    note = sides.nas.settings.data / "sync.json"
    note.write_text(json.dumps({**json.loads(note.read_bytes()), "refused": None, "links": 7, "signs": []}))
    told = last_trip(sides.nas.disk, sides.nas.settings.data)
    assert told
    assert (told.ok, told.refused, told.links, told.signs) == (True, (), (), None)


def test_a_failed_transfer_makes_nothing_younger(sides: TwoSides) -> None:
    sides.nas.sync()
    seen = sides.nas.root / inbox.ARRIVING / ".seen"
    os.utime(seen, (1e9, 1e9))
    seal(sides.pc, "a")
    (sides.nas.root / inbox.ARRIVING / "pulled" / "done").mkdir(parents=True, exist_ok=True)
    (sides.nas.root / inbox.ARRIVING / "pulled" / "done" / "a").write_text("in the way")
    assert sides.nas.sync().troubles
    assert seen.stat().st_mtime == 1e9


def test_sent_counts_only_what_is_new_over_there(sides: TwoSides) -> None:
    (sides.nas.inbox.pending / "folder.cancel").mkdir()
    (sides.nas.inbox.pending / "link.cancel").symlink_to("/nowhere")
    (sides.nas.inbox.pending / "wish.cancel").write_text("")
    assert [sides.nas.sync().sent for _ in range(3)] == [1, 0, 0]
    assert [path.name for path in sides.pc.inbox.pending.iterdir()] == ["wish.cancel"]


def test_a_worker_cannot_write_lines_of_status(quick_folder: Path, synthetic_data: Path) -> None:
    sides = pc_pushes(quick_folder, synthetic_data)
    name = "pc\nOK everything\x1b[2J~aaaaaaaa"
    folder = sides.nas.root / inbox.ARRIVING / "pc-1" / "running" / name
    folder.mkdir(parents=True)
    lie: Dict[str, Any] = {"host": "h\nFAKE\x1b[31m", "runs": [{"request_id": "a\nFAKE", "phase": "\x1b]0;t\x07", "percent": 5}]}
    (folder / "alive").write_text(json.dumps({**lie, "version": "\x1b[1m9\nFAKE"}))
    sides.nas.sync()
    told = [line.whole for line in lines(look(desk_of(sides.nas, sides.nas.disk)), "en")]
    assert any("worker pc OK everything" in line for line in told)
    assert all(line.isprintable() for line in told)
    out = nas(sides, "doctor").stdout
    assert "\x1b" not in out
    assert not any(line.startswith(("FAKE", "OK everything")) for line in out.splitlines())


# ---- an answer that was set aside ----


def test_a_request_whose_answer_came_damaged_says_so_and_what_to_do(sides: TwoSides) -> None:
    request_id = sides.nas.submit(request_id="a")
    seal(sides.pc, request_id)
    (sides.pc.outbox.done / "a" / "metrics.json").write_text("{}")
    sides.nas.sync()
    note = sides.nas.outbox.aside / "a.refused" / "WHY.txt"
    for words in (["status"], ["show", "a"]):
        assert f"its answer came damaged: why, and what to do, is in {note}" in nas(sides, *words).stdout
    assert json.loads(nas(sides, "show", "a", "--json").stdout)["came_damaged"] == str(note)
    assert "retry" not in note.read_text()


@pytest.mark.skipif(sys.version_info < (3, 11), reason="a run is the PC's")
def test_what_the_note_beside_a_damaged_answer_says_is_right(sides: TwoSides) -> None:
    """Moved away over there, and the folder removed here: it runs once more."""
    sides.nas.submit(request_id="a")
    sides.nas.sync()
    sides.pc.drain()
    (sides.pc.outbox.done / "a" / "metrics.json").write_text("{}")
    sides.nas.sync()
    assert sides.nas.answers() == {}
    (sides.pc.outbox.done / "a").rename(sides.pc.root.parent / "away")
    note = sides.nas.outbox.aside / "a.refused"
    note.rename(sides.nas.root.parent / "refused")
    sides.settle()
    assert sides.nas.answers() == {"a": "SUCCEEDED"}

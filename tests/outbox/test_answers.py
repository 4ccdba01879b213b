"""The sealed answers: one each, verified to the last byte, archived without being forgotten."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any, Callable, Dict

import pytest

import inbox
import outbox
from outbox import Draft
from outbox.retention import NotYetArchivable
from outbox.sealed import tombstone
from shared import clock
from shared.errors import AnswerDamaged, RequestNotFound
from tests.harness.interleave import Recorder, disk_with
from tests.harness.road import Road

FACTS = {"schema": "relay.manifest/1", "status": "SUCCEEDED", "request_sha256": "d"}


def _sealed(road: Road, request_id: str = "r", text: bytes = b"good") -> bool:
    draft = Draft(road.outbox, request_id, 1)
    draft.write("report.txt", text)
    draft.write("request.json", b"{}")
    return draft.seal(dict(FACTS), lambda: True)


def _manifest(road: Road) -> Path:
    return road.outbox.done / "r" / outbox.MANIFEST


def test_an_answer_is_there_whole_or_not_at_all(road: Road) -> None:
    draft = Draft(road.outbox, "r", 1)
    draft.write("report.txt", b"good")
    assert not outbox.is_answered(road.outbox, "r")
    assert outbox.answers(road.outbox) == []
    assert draft.seal(dict(FACTS), lambda: True)
    assert [each["path"] for each in outbox.verify(road.outbox, "r")["files"]] == ["report.txt"]
    assert outbox.drafts(road.outbox) == {}


def test_the_first_answer_stays_and_the_second_leaves_nothing(road: Road) -> None:
    assert _sealed(road, text=b"first")
    assert not _sealed(road, text=b"second")
    assert (road.outbox.done / "r" / "report.txt").read_bytes() == b"first"
    assert list(road.outbox.building.iterdir()) == []


def test_who_lost_the_claim_seals_nothing(road: Road) -> None:
    draft = Draft(road.outbox, "r", 1)
    draft.write("report.txt", b"late")
    assert not draft.seal(dict(FACTS), lambda: False)
    assert not outbox.is_answered(road.outbox, "r")
    assert list(road.outbox.building.iterdir()) == []


def test_a_draft_swept_by_others_is_no_answer(road: Road) -> None:
    draft = Draft(road.outbox, "r", 1)
    draft.write("report.txt", b"x")

    def swept_meanwhile() -> bool:
        outbox.sweep_drafts(road.outbox, "r")
        return True

    assert not draft.seal(dict(FACTS), swept_meanwhile)
    assert not outbox.is_answered(road.outbox, "r")


def _lose(path: Path) -> None:
    path.unlink()


def _flip(path: Path) -> None:
    path.write_bytes(b"gooe")


def _grow(path: Path) -> None:
    path.write_bytes(b"good and more")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _into_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _into_link(path: Path) -> None:
    path.rename(path.parent.parent.parent / "moved")
    os.symlink(path.parent.parent.parent / "moved", path)


def _stranger(path: Path) -> None:
    (path.parent / "stranger.txt").write_bytes(b"?")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_lose, "missing"),
        (_flip, "sha256"),
        (_grow, "more than the 4 bytes"),
        (_empty, "sha256"),
        (_into_folder, "folder or a link"),
        (_into_link, "folder or a link"),
        (_stranger, "stranger.txt"),
    ],
)
def test_each_damage_to_a_file_is_named(road: Road, damage: Callable[[Path], None], said: str) -> None:
    _sealed(road)
    damage(road.outbox.done / "r" / "report.txt")
    with pytest.raises(AnswerDamaged, match=said):
        outbox.verify(road.outbox, "r")
    assert outbox.is_answered(road.outbox, "r")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"5",
        b"{}",
        b'{"files": 5}',
        b'{"files": [5]}',
        b'{"files": [{"path": "x"}]}',
        b"[" * 100000,
        b'{"files": [{"path": "../../precious", "bytes": 1, "sha256": ""}]}',
        b'{"files": [{"path": [], "bytes": 1, "sha256": ""}]}',
        b'{"files": [{"path": "/etc/passwd", "bytes": 1, "sha256": ""}]}',
        b"\xff\xfe",
    ],
)
def test_a_damaged_manifest_is_said_and_still_an_answer(road: Road, content: bytes) -> None:
    _sealed(road)
    _manifest(road).write_bytes(content)
    with pytest.raises(AnswerDamaged):
        outbox.verify(road.outbox, "r")
    answer = outbox.answer_of(road.outbox, "r")
    assert answer is not None
    assert answer.status in ("DAMAGED", "SUCCEEDED")
    assert not _sealed(road)


def test_a_request_that_comes_again_to_a_damaged_answer_is_kept_aside(road: Road) -> None:
    road.submit(request_id="r")
    road.drain()
    _manifest(road).write_bytes(b"{")
    road.submit(request_id="r", capital=7_000_000)
    road.drain()
    (kept,) = road.outbox.aside.iterdir()
    assert json.loads(kept.read_bytes())["capital"] == 7_000_000
    assert road.left() == []


def test_a_folder_without_a_manifest_is_set_aside_and_the_answer_takes_its_place(road: Road) -> None:
    (road.outbox.done / "r").mkdir()
    (road.outbox.done / "r" / "notes.txt").write_bytes(b"mine")
    road.submit(request_id="r")
    assert road.drain() == 0
    assert road.answers() == {"r": "SUCCEEDED"}
    assert [path.read_bytes() for path in road.outbox.aside.rglob("notes.txt")] == [b"mine"]


def test_an_empty_folder_of_that_name_is_in_nobodys_way(road: Road) -> None:
    (road.outbox.done / "r").mkdir()
    assert _sealed(road)
    assert not road.outbox.aside.exists()


def test_an_archived_answer_is_still_the_answer(road: Road, tmp_path: Path) -> None:
    archive = road.root.parent / "archive"
    request_id = road.submit(request_id="r")
    road.drain()
    before = road.manifest(request_id)
    month = before["timings"]["finished"][:7]
    assert outbox.archive(road.outbox, "r", archive, has_claims=False) == archive / month / "r"
    assert outbox.answers(road.outbox) == []
    answer = outbox.answer_of(road.outbox, "r")
    assert answer is not None
    assert (answer.status, answer.digest) == ("SUCCEEDED", before["request_sha256"])
    assert outbox.is_answered(road.outbox, "r")
    road.submit(request_id="r")
    assert road.drain() == 0
    assert road.answers() == {}
    outbox.bring_back(road.outbox, "r", archive)
    assert outbox.verify(road.outbox, "r") == before
    outbox.bring_back(road.outbox, "r", archive)
    outbox.archive(road.outbox, "r", archive, has_claims=False)
    assert road.answers() == {}


def test_other_content_under_an_archived_id_is_refused_under_its_own(road: Road) -> None:
    road.submit(request_id="r")
    road.drain()
    outbox.archive(road.outbox, "r", road.root.parent / "archive", has_claims=False)
    road.submit(request_id="r", capital=7_000_000)
    assert road.drain() == 1
    ((name, status),) = road.answers().items()
    assert name.startswith("r~")
    assert (status, road.manifest(name)["error"]["code"]) == ("REJECTED", "E-REQUEST-CONFLICT")


def test_nothing_with_leftovers_is_archived(road: Road) -> None:
    _sealed(road)
    with pytest.raises(NotYetArchivable):
        outbox.archive(road.outbox, "r", road.root.parent / "archive", has_claims=True)
    Draft(road.outbox, "r", 2)
    with pytest.raises(NotYetArchivable):
        outbox.archive(road.outbox, "r", road.root.parent / "archive", has_claims=False)
    assert outbox.verify(road.outbox, "r")


def test_a_damaged_answer_is_not_archived(road: Road) -> None:
    _sealed(road)
    _flip(road.outbox.done / "r" / "report.txt")
    with pytest.raises(AnswerDamaged):
        outbox.archive(road.outbox, "r", road.root.parent / "archive", has_claims=False)
    assert not tombstone(road.outbox, "r").exists()


def test_an_answer_is_never_moved_onto_something_in_the_archive(road: Road) -> None:
    _sealed(road)
    archive = road.root.parent / "archive"
    place = archive / f"{clock.at(outbox.sealed_at(road.outbox, 'r')):%Y-%m}" / "r"
    place.mkdir(parents=True)
    (place / "older.txt").write_bytes(b"older")
    with pytest.raises(NotYetArchivable, match="already"):
        outbox.archive(road.outbox, "r", archive, has_claims=False)
    assert outbox.verify(road.outbox, "r")
    assert (place / "older.txt").read_bytes() == b"older"


def test_an_answer_that_is_not_there_is_said_to_be_not_there(road: Road) -> None:
    assert outbox.answer_of(road.outbox, "r") is None
    with pytest.raises(RequestNotFound):
        outbox.verify(road.outbox, "r")


def test_what_a_nas_puts_into_every_folder_damages_no_answer(road: Road) -> None:
    request_id = road.submit()
    road.drain()
    for folder in (road.outbox.done, road.outbox.done / request_id):
        (folder / "@eaDir").mkdir()
        (folder / "Thumbs.db").write_bytes(b"x")
    assert outbox.answers(road.outbox) == [request_id]
    assert outbox.verify(road.outbox, request_id)["status"] == "SUCCEEDED"


def test_dot_folders_in_done_are_somebodys_work_in_progress(road: Road) -> None:
    (road.outbox.done / ".incoming").mkdir()
    _sealed(road)
    assert outbox.answers(road.outbox) == ["r"]
    assert inbox.is_id("r")


def test_the_tombstone_is_on_the_platter_before_its_answer_moves(road: Road) -> None:
    """Its content, its name, and the shelf it stands on; then the move, and both folders it changed."""
    _sealed(road)
    recorder, archive = Recorder(), road.root.parent / "archive"
    outbox.archive(outbox.open_outbox(road.root, disk_with(recorder, durable=True)), "r", archive, has_claims=False)
    stone = tombstone(road.outbox, "r")
    moved = recorder.steps.index(("rename", str(road.outbox.done / "r")))
    before = [path for name, path in recorder.steps[:moved] if name == "fsync"]
    [written] = [path for path in before if Path(path).parent == stone.parent]
    assert before[before.index(written) + 1 :][-2:] == [str(stone.parent), str(road.outbox.answered)]
    assert str(archive) in before, "the month's own name"
    [month] = archive.iterdir()
    assert [path for name, path in recorder.steps[moved:] if name == "fsync"] == [str(month), str(road.outbox.done)]


def test_an_answer_tells_when_it_was_asked_taken_run_and_sealed(road: Road) -> None:
    timings = road.manifest(_answered(road))["timings"]
    moments = [timings[name] for name in ("submitted", "claimed", "started", "finished")]
    assert [moment[-6:] for moment in moments] == ["+09:00"] * 4
    seconds = [datetime.fromisoformat(moment).timestamp() for moment in moments]
    # The first is told by the asker's clock, the second by the file server's, whose ticks are coarser.
    assert all(later - earlier > -0.1 for earlier, later in zip(seconds, seconds[1:]))
    assert 0 < timings["run_ms"] < 60_000
    assert 0 <= timings["wait_ms"] < 60_000
    assert {"prices", "decide", "simulate"} <= set(timings["phases"])


def _answered(road: Road) -> str:
    request_id = road.submit()
    assert road.drain() == 0
    return request_id


@pytest.mark.parametrize(
    "odd",
    [
        {"metrics": []},
        {"metrics": {"CAGR_like": "high"}},
        {"metrics": {"CAGR_like": True}},
        {"metrics": {"MDD": float("nan")}},
        {"metrics": {"CAGR_like": 10**400}},
        {"data": "synthetic"},
        {"error": "it failed"},
        {"error": {"what": 5}},
        {"timings": 5},
        {"timings": None},
        {"degraded": "one"},
        {"degraded": [1]},
        {"files": {}},
        {"files": [{"path": "a\0b", "bytes": 1, "sha256": ""}]},
        {"files": [{"path": "\ud800", "bytes": 1, "sha256": ""}]},
        {"files": [{"path": "..", "bytes": 1, "sha256": ""}]},
        {"status": "FINE"},
        {"status": []},
        {"status": None},
    ],
)
def test_a_manifest_of_another_shape_is_damaged(road: Road, odd: Dict[str, Any]) -> None:
    _sealed(road)
    manifest = json.loads(_manifest(road).read_bytes())
    _manifest(road).write_text(json.dumps({**manifest, **odd}), encoding="utf-8")
    with pytest.raises(AnswerDamaged):
        outbox.verify(road.outbox, "r")


def test_a_folder_in_place_of_the_manifest_is_damage_and_no_trouble_of_the_share(road: Road) -> None:
    _sealed(road)
    _into_folder(_manifest(road))
    with pytest.raises(AnswerDamaged, match="folder or a link"):
        outbox.manifest_of(road.outbox, "r")

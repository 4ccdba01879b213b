"""The archive: whole answers, on this disk or another one, found by their id alone, whoever else is at them."""

from __future__ import annotations

import errno
import functools
import json
import os
import tempfile
from pathlib import Path
from typing import Any, Iterator, List

import pytest

import inbox
import outbox
from outbox import Draft, Plan
from outbox.archived import find_archived
from outbox.archiving import archive_old
from outbox.sealed import tombstone
from shared.errors import AnswerDamaged, RequestNotFound
from shared.events import Log
from tests.harness.archive import OtherDisk, archive_of, opened, sealed
from tests.harness.interleave import Between, Recorder, disk_with
from tests.harness.road import Road

A_DAY = 86_400.0


def plan_for(road: Road, days: float = 30.0, **changes: Any) -> Plan:
    """A round a month later than now, by the share's own clock."""
    now = road.disk.mtime(road.outbox.done) + 31 * A_DAY
    return Plan(archive_of(road), now, days, list, **changes)


def run_ids(road: Road) -> List[str]:
    """Of everything that looks like an answer, wherever it lies."""
    found = [*road.outbox.done.glob("[!.]*/manifest.json"), *archive_of(road).glob("*/[!.]*/manifest.json")]
    return [json.loads(path.read_bytes())["run_id"] for path in found]


# ---- where it lies ----


def test_the_folder_is_the_korean_month_in_which_it_was_finished(road: Road) -> None:
    sealed(road, "r")
    assert outbox.archive(road.outbox, "r", archive_of(road), False) == archive_of(road) / "2026-10" / "r"
    assert find_archived(road.outbox, archive_of(road), "r") == archive_of(road) / "2026-10" / "r"


def test_a_tombstone_says_which_answer_and_where(road: Road) -> None:
    sealed(road, "r")
    place = outbox.archive(road.outbox, "r", archive_of(road), False)
    said = json.loads(tombstone(road.outbox, "r").read_bytes())
    manifest = json.loads((place / "manifest.json").read_bytes())
    assert said == {
        **{name: manifest[name] for name in ("request_id", "run_id", "status", "request_sha256")},
        "where": str(place),
    }


@pytest.mark.parametrize("finished", ["soon", None, 5, "0005-01-01T00:00:00+00:00"])
def test_an_odd_moment_in_the_manifest_does_not_hide_it(road: Road, finished: object) -> None:
    sealed(road, "r", timings={"finished": finished})
    outbox.archive(road.outbox, "r", archive_of(road), False)
    assert outbox.kept(road.outbox, archive_of(road), "r").is_archived


# ---- rounds ----


def test_a_round_takes_what_is_old_by_the_shares_own_clock(road: Road) -> None:
    sealed(road, "old", "young")
    manifest = road.outbox.done / "young" / "manifest.json"
    os.utime(manifest, (manifest.stat().st_mtime + 2 * A_DAY,) * 2)
    done = archive_old(road.outbox, plan_for(road), Log(quiet=True))
    assert (done.archived, done.kept, done.rc) == (["old"], 1, 0)


def test_a_folder_without_a_manifest_is_no_answer_and_stays(road: Road) -> None:
    (road.outbox.done / "notes").mkdir()
    done = archive_old(road.outbox, plan_for(road, days=0.0), Log(quiet=True))
    assert (done.archived, done.refused) == ([], {})
    assert (road.outbox.done / "notes").is_dir()


def test_what_has_claims_or_drafts_waits(road: Road) -> None:
    sealed(road, "claimed", "drafted", "free")
    Draft(road.outbox, "drafted", 2)
    plan = plan_for(road)._replace(claimed=lambda: ["claimed"])
    done = archive_old(road.outbox, plan, Log(quiet=True))
    assert (done.archived, sorted(done.waiting)) == (["free"], ["claimed", "drafted"])


def test_the_claims_are_listed_after_the_answers(road: Road) -> None:
    """Else somebody could claim in between who had looked before there was an answer."""
    sealed(road, "r")
    recorder = Recorder()
    looked: List[int] = []

    def claimed() -> List[str]:
        looked.append(len(recorder.steps))
        return []

    plan = plan_for(road)._replace(claimed=claimed)
    archive_old(outbox.open_outbox(road.root, disk_with(recorder)), plan, Log(quiet=True))
    listed = recorder.steps.index(("listdir", str(road.outbox.done)))
    assert looked
    assert looked[0] > listed


def test_what_a_cut_off_move_left_goes_after_a_day(road: Road) -> None:
    sealed(road, "r")
    outbox.archive(road.outbox, "r", archive_of(road), False)
    left = [road.outbox.done / ".r.0123abcd.tmp", archive_of(road) / "2026-10" / ".r.0123abcd.tmp"]
    others = [road.outbox.done / ".incoming", road.outbox.done / ".r.tmp"]
    for folder in (*left, *others):
        folder.mkdir()
    archive_old(road.outbox, plan_for(road)._replace(now=road.disk.mtime(left[0])), Log(quiet=True))
    assert all(folder.is_dir() for folder in left), "somebody may still be at it"
    archive_old(road.outbox, plan_for(road), Log(quiet=True))
    assert not any(folder.exists() for folder in left)
    assert all(folder.is_dir() for folder in others)


# ---- what the other side has ----


def test_only_what_the_other_side_confirmed_is_archived(road: Road) -> None:
    sealed(road, "confirmed", "other-run", "torn", "odd", "silent")
    received = road.root / "received"
    run = json.loads((road.outbox.done / "confirmed" / "manifest.json").read_bytes())["run_id"]
    inbox.confirm(road.inbox, [inbox.Received("confirmed", "SUCCEEDED", run)])
    (received / "other-run").write_text(json.dumps({"run_id": run}))
    (received / "torn").write_text('{"run_id": "')
    (received / "odd").write_text("[5]")
    done = archive_old(
        road.outbox, plan_for(road, received_run=functools.partial(inbox.received_run, road.inbox)), Log(quiet=True)
    )
    assert done.archived == ["confirmed"]
    assert sorted(done.waiting) == ["odd", "other-run", "silent", "torn"]
    assert done.rc == 0


# ---- another disk ----


@pytest.fixture
def real_other_disk() -> Iterator[Path]:
    """A folder on another file system than the road's, where this machine has two."""
    with tempfile.TemporaryDirectory(dir="/var/tmp" if os.path.isdir("/var/tmp") else None) as folder:
        yield Path(folder)


def test_onto_another_disk_it_is_copied_and_back(road: Road, real_other_disk: Path) -> None:
    if real_other_disk.stat().st_dev == road.root.stat().st_dev:
        pytest.skip("this machine has one file system only")
    sealed(road, "r")
    (road.outbox.done / "r" / "@eaDir").mkdir()
    before = outbox.verify(road.outbox, "r")

    place = outbox.archive(road.outbox, "r", real_other_disk, False)
    assert outbox.kept(road.outbox, real_other_disk, "r").manifest == before
    assert list(road.outbox.done.iterdir()) == []
    assert [path.name for path in place.parent.iterdir()] == ["r"]

    assert outbox.bring_back(road.outbox, "r", real_other_disk)
    assert outbox.verify(road.outbox, "r") == before
    assert list(place.parent.iterdir()) == []


def test_the_original_goes_only_when_a_verified_copy_is_on_the_platter(road: Road) -> None:
    sealed(road, "r")
    calls = OtherDisk()
    place = outbox.archive(opened(road, calls), "r", archive_of(road), False)
    dropped = calls.steps.index(("rename", str(road.outbox.done / "r")))
    before = calls.steps[:dropped]
    flushed = [path for name, path in before if name == "fsync" and "/archive/2026-10" in path]
    assert {Path(path).name for path in flushed} >= {"report.txt", "request.json", "manifest.json", "2026-10"}
    written = before.index(("fsync", flushed[0]))
    assert [path for name, path in before[written:] if name == "read" and path.endswith("report.txt")], "and read again"
    assert (place / "report.txt").read_bytes() == b"good r"


def test_a_copy_that_came_out_wrong_costs_nothing(road: Road) -> None:
    """The other disk wrote something else than it was given."""

    class Wrong(OtherDisk):
        def __getattr__(self, name: str) -> Any:
            call = super().__getattr__(name)
            if name != "write":
                return call
            return lambda fd, data: call(fd, data.replace(b"good", b"evil")) if data == b"good r" else call(fd, data)

    sealed(road, "r")
    with pytest.raises(AnswerDamaged):
        outbox.archive(opened(road, Wrong()), "r", archive_of(road), False)
    assert outbox.verify(road.outbox, "r")
    assert list(archive_of(road).glob("*/*")) == []


def test_a_full_archive_costs_nothing_and_leaves_nothing(road: Road) -> None:
    class Full(OtherDisk):
        def before(self, name: str, path: str) -> None:
            super().before(name, path)
            if name == "write" and "/archive/" in path:
                raise OSError(errno.ENOSPC, "full")

    sealed(road, "r")
    with pytest.raises(OSError, match="full"):
        outbox.archive(opened(road, Full()), "r", archive_of(road), False)
    assert outbox.verify(road.outbox, "r")
    assert list(archive_of(road).glob("*/*")) == []
    outbox.archive(opened(road, OtherDisk()), "r", archive_of(road), False)
    assert outbox.kept(road.outbox, archive_of(road), "r").is_archived


def test_a_copy_whose_original_could_not_go_is_made_use_of(road: Road) -> None:
    class Cut(OtherDisk):
        def before(self, name: str, path: str) -> None:
            super().before(name, path)
            if name == "rename" and path.endswith("done/r") and list(archive_of(road).glob("*/[!.]*")):
                raise OSError(errno.EIO, "the cable")

    sealed(road, "r")
    with pytest.raises(OSError, match="the cable"):
        outbox.archive(opened(road, Cut()), "r", archive_of(road), False)
    assert len(run_ids(road)) == 2
    assert len(set(run_ids(road))) == 1
    outbox.archive(opened(road, OtherDisk()), "r", archive_of(road), False)
    assert len(run_ids(road)) == 1
    assert outbox.answers(road.outbox) == []


# ---- two at once ----


@pytest.mark.parametrize("step", ["rename", "mkdir", "open", "fsync"])
@pytest.mark.parametrize("far", [False, True])
def test_two_archives_of_one_answer_leave_one(road: Road, step: str, far: bool) -> None:
    sealed(road, "r")

    def other() -> None:
        outbox.archive(opened(road, OtherDisk() if far else Recorder()), "r", archive_of(road), False)

    class Both(OtherDisk if far else Recorder):  # type: ignore[misc]
        late = Between(step, "", other)

        def before(self, name: str, path: str) -> None:
            super().before(name, path)
            if "done/r" in path or "/archive/" in path or "/answered/" in path:
                self.late.before(name, path)

    calls = Both()
    try:
        outbox.archive(opened(road, calls), "r", archive_of(road), False)
    except (RequestNotFound, AnswerDamaged, FileNotFoundError):
        pass  # it was gone when we came: so it was archived
    assert calls.late.happened
    assert len(run_ids(road)) == 1
    assert outbox.kept(road.outbox, archive_of(road), "r").is_archived
    assert outbox.is_answered(road.outbox, "r")


def test_two_who_bring_one_back_leave_one(road: Road) -> None:
    sealed(road, "r")
    outbox.archive(road.outbox, "r", archive_of(road), False)
    late = Between("rename", "2026-10/r", lambda: outbox.bring_back(road.outbox, "r", archive_of(road)))
    assert outbox.bring_back(outbox.open_outbox(road.root, disk_with(late)), "r", archive_of(road))
    assert late.happened
    assert len(run_ids(road)) == 1
    assert outbox.verify(road.outbox, "r")


@pytest.mark.parametrize("name", ["manifest.json", "report.txt", "request.json"])
def test_who_reads_while_it_is_archived_reads_all_of_it(road: Road, name: str) -> None:
    sealed(road, "r")
    late = Between("open", f"done/r/{name}", lambda: outbox.archive(road.outbox, "r", archive_of(road), False))
    found = outbox.kept(outbox.open_outbox(road.root, disk_with(late)), archive_of(road), "r")
    assert late.happened
    assert found.is_archived


def test_who_looks_while_it_is_brought_back_finds_it(road: Road) -> None:
    sealed(road, "r")
    outbox.archive(road.outbox, "r", archive_of(road), False)
    late = Between("listdir", "archive", lambda: outbox.bring_back(road.outbox, "r", archive_of(road)))
    found = outbox.kept(outbox.open_outbox(road.root, disk_with(late)), archive_of(road), "r")
    assert late.happened
    assert not found.is_archived

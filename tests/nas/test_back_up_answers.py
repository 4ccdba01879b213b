"""`back_up` and the answers: none is left out without a word, and none that rotted takes the place of its good copy."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import List

import pytest

from nas.backup import MARK, damaged_answers, read_back
from outbox import archive, open_outbox
from shared.disk import Disk
from tests.harness.answers import seal
from tests.harness.road import Road
from tests.harness.typed import Typed
from tests.nas.test_back_up import flip, made, settings_of

QUEUE = ("pending", "claims", "running", "building", "done", "answered")
ONE = {"RELAY_BACKUP_DAYS": "1", "RELAY_BACKUP_WEEKS": "1"}


@pytest.fixture
def road(tmp_path: Path) -> Road:
    """Of two answers."""
    road = Road(tmp_path / "reports", tmp_path / "data")
    seal(road, "one")
    seal(road, "two")
    return road


@pytest.fixture
def typed(tmp_path: Path, road: Road) -> Typed:
    typed = Typed(tmp_path)
    assert typed("init").returncode == 0
    assert typed("run", "back_up", "--at", "2026-11-20T03:30").returncode == 0
    return typed


def backups(root: Path) -> List[str]:
    return sorted(os.listdir(root / "backups"))


def answers_in(archive: Path) -> List[str]:
    names = [one["path"].split("/") for one in read_back(archive)["files"]]
    return sorted({parts[2] for parts in names if parts[:2] == ["reports", "done"]})


@pytest.mark.parametrize("name", QUEUE)
def test_a_folder_of_the_queue_that_became_a_link_is_a_failure_and_no_backup_goes(
    name: str, typed: Typed, tmp_path: Path
) -> None:
    """Links are not followed: some weeks of backups without the answers would push the last one that has them out."""
    before = backups(tmp_path)
    (tmp_path / "reports" / name).rename(tmp_path / "elsewhere")
    (tmp_path / "reports" / name).symlink_to(tmp_path / "elsewhere")
    done = typed("run", "back_up", "--at", "2026-12-20T03:30", **ONE)
    assert done.returncode == 3
    assert f"{name} is a link, or no folder: what it leads to would be in no backup" in done.stderr
    assert "code=E-BACKUP" in done.stderr
    assert "mount --bind" in done.stderr
    assert backups(tmp_path) == before


@pytest.mark.parametrize("name", QUEUE)
def test_a_folder_of_the_queue_that_is_missing_is_a_failure_and_no_backup_goes(name: str, typed: Typed, tmp_path: Path) -> None:
    before = backups(tmp_path)
    shutil.rmtree(tmp_path / "reports" / name)
    done = typed("run", "back_up", "--at", "2026-12-20T03:30", **ONE)
    assert done.returncode == 3
    assert f"there is no folder {name}: the share is not mounted, or the folder was moved" in done.stderr
    assert backups(tmp_path) == before


def test_reports_themselves_may_be_a_link(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "reports").rename(tmp_path / "elsewhere")
    (tmp_path / "reports").symlink_to(tmp_path / "elsewhere")
    assert typed("run", "back_up", "--at", "2026-11-21T03:30").returncode == 0
    assert answers_in(tmp_path / "backups" / backups(tmp_path)[-1]) == ["one", "two"]


@pytest.mark.parametrize("behind", ["a link", "nothing"])
def test_prune_loses_no_answer_where_done_is_no_folder(behind: str, typed: Typed, road: Road, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    road.outbox.done.rename(elsewhere)
    if behind == "a link":
        road.outbox.done.symlink_to(elsewhere)
    (tmp_path / "archive").mkdir()
    typed("run", "prune", "--at", "2026-12-30T04:00", RELAY_ARCHIVE_DAYS="0")
    kept = {path.parent.name for root in (elsewhere, tmp_path / "archive") for path in root.rglob("manifest.json")}
    assert kept == {"one", "two"}


def test_an_answer_that_rots_is_named_and_its_good_copy_stays(typed: Typed, road: Road, tmp_path: Path) -> None:
    """Of the same day only the newest would stay, and the rot is in that one."""
    flip(road.outbox.done / "one" / "report.txt", 3)
    done = typed("run", "back_up", "--at", "2026-11-20T03:31", **ONE)
    assert done.returncode == 1
    assert (
        "1 answers are not what their manifests say: one; they are in it as they lie there, and no backup was removed"
        in done.stderr
    )
    assert "code=E-BACKUP" in done.stderr
    assert "removed=0" in done.stdout
    old, new = backups(tmp_path)
    assert answers_in(tmp_path / "backups" / old) == answers_in(tmp_path / "backups" / new) == ["one", "two"], "all else is in it"
    flip(road.outbox.done / "one" / "report.txt", 3)
    assert "removed=2" in typed("run", "back_up", "--at", "2026-11-20T03:32", **ONE).stdout, "mended, and all goes on"


@pytest.mark.parametrize("how", ["shorter", "missing", "manifest", "stranger", "folder"])
def test_whatever_befell_an_answer_is_seen(how: str, road: Road, tmp_path: Path) -> None:
    folder = road.outbox.done / "two"
    if how == "shorter":
        (folder / "trades.csv").write_bytes(b"")
    elif how == "manifest":
        (folder / "manifest.json").write_bytes(b"{")
    elif how == "stranger":
        (folder / "more.txt").write_bytes(b"?")
    else:
        (folder / "trades.csv").unlink()
    if how == "folder":
        (folder / "trades.csv").mkdir()
    assert damaged(tmp_path) == ["two"]


def test_what_is_no_answer_or_was_archived_is_none_that_is_damaged(road: Road, tmp_path: Path) -> None:
    (road.outbox.done / "nobodys").mkdir()
    (road.outbox.done / "nobodys" / "note.txt").write_bytes(b"?")
    archive(road.outbox, "one", tmp_path / "archive", has_claims=False)
    assert damaged(tmp_path) == []


def test_while_an_answer_is_damaged_none_goes_on_the_external_disk_either(typed: Typed, road: Road, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    (usb / MARK).touch()
    copied = typed("run", "back_up", "--at", "2026-11-20T03:31", "--", "--copy", RELAY_BACKUP_TO=str(usb))
    assert copied.returncode == 0, copied.stderr
    before = sorted(os.listdir(usb / "backups"))
    flip(road.outbox.done / "one" / "report.txt", 3)
    more = {**ONE, "RELAY_BACKUP_TO": str(usb)}
    assert typed("run", "back_up", "--at", "2026-11-20T03:32", "--", "--copy", **more).returncode == 1
    assert sorted(os.listdir(usb / "backups")) == [*before, "krx-relay-20261120T033200.tar.gz"]


def damaged(root: Path) -> List[str]:
    settings = settings_of(root)
    return damaged_answers(open_outbox(settings.reports, Disk(durable=False)), read_back(made(settings)))

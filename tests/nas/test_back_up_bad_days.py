"""`back_up` on days that go wrong: a clock that was ahead, an archive that rots where it lies, two files of one name."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from nas.backup import MARK, Known, is_due, read_back
from shared.clock import KST
from tests.harness.typed import Typed
from tests.nas.test_back_up import FRIDAY, flip

NAMES = [f"krx-relay-202611{day}T033000.tar.gz" for day in (20, 21, 22)]
AHEAD = "krx-relay-20360101T033000.tar.gz"


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    typed = Typed(tmp_path)
    assert typed("init").returncode == 0
    return typed


def backed_up(typed: Typed, day: int, *words: str, **more: str) -> str:
    """On that day of November; what it told."""
    done = typed("run", "back_up", "--at", f"2026-11-{day}T03:30", *words, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_backups_of_a_clock_that_was_ahead_push_no_newer_one_out(typed: Typed, tmp_path: Path) -> None:
    """They stay until the clock has come that far: what is in them nobody knows."""
    one = {"RELAY_BACKUP_DAYS": "1", "RELAY_BACKUP_WEEKS": "1"}
    assert typed("run", "back_up", "--at", "2036-01-01T03:30", **one).returncode == 0
    backed_up(typed, 20, **one)
    assert sorted(os.listdir(tmp_path / "backups")) == [NAMES[0], AHEAD]
    assert "would_remove=1" in backed_up(typed, 21, "--dry-run", **one)
    backed_up(typed, 21, **one)
    assert sorted(os.listdir(tmp_path / "backups")) == [NAMES[1], AHEAD]


def test_a_copy_by_a_clock_that_was_ahead_puts_no_other_off() -> None:
    ahead = Known(copied=FRIDAY + timedelta(days=3650))
    assert is_due(ahead, FRIDAY)
    assert not is_due(Known(copied=FRIDAY), FRIDAY.astimezone(KST) + timedelta(seconds=1))


def test_a_backup_that_rots_here_goes_over_no_good_one_on_the_external_disk(typed: Typed, tmp_path: Path) -> None:
    usb, here = tmp_path / "usb", tmp_path / "backups"
    usb.mkdir()
    (usb / MARK).touch()
    more = {"RELAY_BACKUP_TO": str(usb)}
    backed_up(typed, 20, **more)
    flip(here / NAMES[0], 99)
    done = typed("run", "back_up", "--at", "2026-11-22T03:30", **more)
    assert done.returncode == 3
    assert f"reading back {here / NAMES[0]}" in done.stderr
    assert "its copy on the external disk is as it was" in done.stderr
    for name in (NAMES[0], NAMES[2]):
        assert read_back(usb / "backups" / name)["files"], "the new one went over all the same"
    (here / NAMES[0]).unlink()
    assert "copied=" in typed("run", "back_up", "--at", "2026-11-23T03:30", **more).stdout


def test_two_files_of_settings_of_one_name_are_both_in_it_and_come_back(typed: Typed, tmp_path: Path) -> None:
    more = {}
    for word in ("jobs", "data_sources"):
        (tmp_path / word).mkdir()
        (tmp_path / word / "own.yaml").write_text("{}\n" if word == "jobs" else "# none\n{}\n", encoding="utf-8")
        more[f"RELAY_{word.upper()}"] = str(tmp_path / word / "own.yaml")
    backed_up(typed, 20, **more)
    files = [one for one in read_back(tmp_path / "backups" / NAMES[0])["files"] if one["path"].startswith("own/")]
    assert len({(one["path"], one["sha256"]) for one in files}) == len({one["path"] for one in files}) == 2
    backed_up(typed, 20, "--", "--restore-test")

"""`back_up` on days that go wrong: a clock that was ahead, an archive that rots where it lies, two files of one name."""

from __future__ import annotations

import errno
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, Callable, List, Tuple

import pytest

from nas.backup import MARK, BackupFailed, Known, chosen, is_due, make_backup, read_back
from shared.clock import KST
from shared.config import HOME
from shared.disk import Disk
from tests.faults.fault_calls import FaultyCalls
from tests.harness.typed import Typed
from tests.nas.test_back_up import FRIDAY, flip, settings_of

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


def test_what_a_clock_that_was_ahead_named_is_not_the_newest(typed: Typed, tmp_path: Path) -> None:
    assert typed("run", "back_up", "--at", "2036-01-01T03:30").returncode == 0
    assert f"would_restore={AHEAD}" in backed_up(typed, 20, "--dry-run", "--", "--restore-test"), "where there is no other"
    backed_up(typed, 20)
    assert f"name={NAMES[0]}" in backed_up(typed, 20, "--", "--restore-test")
    assert f"would_restore={NAMES[0]}" in backed_up(typed, 20, "--dry-run", "--", "--restore-test")


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


def test_a_backup_that_rots_on_the_external_disk_is_seen_and_holds_nothing_back(typed: Typed, tmp_path: Path) -> None:
    """rsync sees size and time alone, and neither tells of it; of one that is gone here there is nothing to set beside it."""
    usb, here, answer = tmp_path / "usb", tmp_path / "backups", tmp_path / "archive" / "2026-10" / "late"
    usb.mkdir()
    (usb / MARK).touch()
    backed_up(typed, 20, RELAY_BACKUP_TO=str(usb))
    rotten = usb / "backups" / NAMES[0]
    before = rotten.stat()
    flip(rotten, 99)
    os.utime(rotten, ns=(before.st_atime_ns, before.st_mtime_ns))
    (here / NAMES[0]).rename(tmp_path / NAMES[0])
    answer.mkdir(parents=True)
    (answer / "manifest.json").write_bytes(b"{}")

    seen = typed("run", "back_up", "--at", "2026-11-22T03:30", RELAY_BACKUP_TO=str(usb))
    assert seen.returncode == 3
    assert f"reading back {rotten}" in seen.stderr
    assert read_back(usb / "backups" / NAMES[2])["files"], "the new one went over all the same"
    assert (usb / "archive" / "2026-10" / "late" / "manifest.json").read_bytes() == b"{}"

    rotten.unlink()
    (tmp_path / NAMES[0]).rename(here / NAMES[0])
    assert "copied=" in typed("run", "back_up", "--at", "2026-11-22T04:30", RELAY_BACKUP_TO=str(usb)).stdout
    assert read_back(rotten)["files"], "what is whole here is copied again"


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


def test_a_folder_nobody_can_list_is_told_and_keeps_no_other_out(typed: Typed, tmp_path: Path) -> None:
    """Its path is too long for the system: so it is unreadable for whoever runs this, root as well."""
    (tmp_path / "data" / "zebra.json").write_text("{}", encoding="utf-8")
    at = os.open(tmp_path / "data", os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=at)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)
    done = typed("run", "back_up", "--at", "2026-11-20T03:30")
    assert done.returncode == 1
    assert "1 files or folders could not be read, like data/ddd" in done.stderr
    manifest = read_back(tmp_path / "backups" / NAMES[0])
    assert [name.startswith("data/ddd") for name in manifest["unread"]] == [True]
    assert "data/zebra.json" in {one["path"] for one in manifest["files"]}


def test_a_large_file_that_breaks_off_while_it_is_read_is_named_with_its_reason(typed: Typed, tmp_path: Path) -> None:
    large = tmp_path / "data" / "large.csv"
    large.write_bytes(bytes(5 << 20))
    opened: List[int] = []

    def fault(name: str, call: Callable[..., Any], arguments: Tuple[Any, ...]) -> Any:
        if name == "read" and arguments[0] in opened and os.lseek(arguments[0], 0, os.SEEK_CUR) > 1 << 20:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        done = call(*arguments)
        opened.extend([done] if name == "open" and str(arguments[0]) == str(large) else [])
        return done

    disk = Disk(durable=False, calls=FaultyCalls(fault, 1, every=True, forever=True))
    with pytest.raises(BackupFailed) as raised:
        make_backup(disk, settings_of(tmp_path), FRIDAY)
    assert (raised.value.what, raised.value.why) == (f"reading {large}", os.strerror(errno.EIO))
    assert "make room" not in str(raised.value)
    assert os.listdir(tmp_path / "backups") == []


def test_nothing_of_the_checkouts_settings_that_may_tell_a_secret_goes_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["nas.backup.chosen"], "HOME", tmp_path)
    own = {"notify.own.yaml": "token: xoxb-1234-5678-abcdefgh\n", "old/jobs.own.yaml": "x: KRX_PW=hunter22\n"}
    envs = dict.fromkeys(["env.nas.sh", "env.nas.sh.bak", "env", ".env.bak", "old/env.pc.sh~"], "A=1\n")
    for name, text in {**own, **envs, "relay.own.yaml": "language: ko\n"}.items():
        (tmp_path / "configs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "configs" / name).write_text(text, encoding="utf-8")
    assert [one.name for one in chosen(settings_of(tmp_path)) if one.name.startswith("configs")] == ["configs/relay.own.yaml"]


def test_every_shipped_file_of_settings_but_the_environments_goes_in(tmp_path: Path) -> None:
    shipped = {f"configs/{one.relative_to(HOME / 'configs')}" for one in (HOME / "configs").rglob("*") if one.is_file()}
    there = {one.name for one in chosen(settings_of(tmp_path))}
    assert shipped - there == {"configs/env.nas.sh.example"}

"""`back_up`: what nobody could make again in one file that was read back; never half of one, whatever happens."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple

import pytest

from nas.backup import (
    MARK,
    BackupFailed,
    Known,
    backups_in,
    had_their_time,
    is_due,
    known_backup,
    make_backup,
    read_back,
    restore_test,
    sweep_drafts,
)
from shared.clock import KST
from shared.config import Settings, load
from shared.disk import Disk
from tests.faults.fault_calls import FaultyCalls, die, die_torn, failing_half_way
from tests.harness.typed import Typed

FRIDAY = datetime(2026, 11, 20, 3, 30, tzinfo=KST)
SUNDAY = FRIDAY + timedelta(days=2)
NAME = "krx-relay-20261120T033000.tar.gz"
REPORT = "한글".encode()
NAMED = {"path": "report.txt", "bytes": len(REPORT), "sha256": hashlib.sha256(REPORT).hexdigest()}
IN = {
    "reports/pending/a.json": b"{}",
    "reports/done/one/manifest.json": json.dumps({"status": "SUCCEEDED", "files": [NAMED]}).encode(),
    "reports/done/one/report.txt": REPORT,
    "reports/answered/ab/abc": b"gone",
    "backtests/20261119_180000_krx_ma200/metrics.json": b"1",
    "data/eod/2026-11-19.csv": b"code\n",
    "data/prices/local/dropped.csv": b"day,close\n",
    "data/notices/aside/1.json": b"{}",
    "logs/alerts/alerts_2026-11-19.jsonl": b"{}\n",
    "private/watchlist.yaml": b"- 069500\n",
}
OUT = {
    "reports/building/two.1.x/report.txt": b"",
    "reports/latest/krx_ma200/metrics.json": b"1",
    "reports/pending/.half.tmp": b"",
    "data/cache/cache.db": b"",
    "data/prices/local/shards/0-x": b"",
    "data/locks/sync": b"",
    "private/SLACK_BOT_TOKEN": b"xoxb-1234-5678-abcdefgh",
    "private/id_ed25519": b"key",
    "logs/nas-2026-11-19.log": b"",
    "archive/2026-10/old/manifest.json": b"{}",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for name, data in {**IN, **OUT}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    for name in ("claims", "running"):
        (tmp_path / "reports" / name).mkdir()
    return settings_of(tmp_path)


def settings_of(root: Path, **more: str) -> Settings:
    names = ("REPORTS", "DATA", "LOGS", "PRIVATE", "BACKTESTS", "ARCHIVE", "BACKUPS")
    return load({**{f"RELAY_{name}": str(root / name.lower()) for name in names}, **more})


@pytest.fixture
def typed(tmp_path: Path, settings: Settings) -> Typed:
    return Typed(tmp_path)


def made(settings: Settings, at: datetime = FRIDAY, disk: Optional[Disk] = None) -> Path:
    return settings.backups / make_backup(disk or Disk(durable=False), settings, at).name


def whole(settings: Settings) -> List[str]:
    """Every backup there is, each read back; and nothing beside them once the next one has swept."""
    names = backups_in(Disk(), settings.backups)
    for name in names:
        read_back(settings.backups / name)
    sweep_drafts(Disk(), settings.backups)
    assert sorted(os.listdir(settings.backups)) == names
    return names


def flip(file: Path, place: int) -> None:
    data = bytearray(file.read_bytes())
    data[place] ^= 0x40
    file.write_bytes(data)


def test_what_nobody_could_make_again_is_in_it_and_the_rest_is_named_with_its_reason(settings: Settings, tmp_path: Path) -> None:
    manifest = read_back(made(settings))
    there = {one["path"] for one in manifest["files"]}
    assert {name.replace("logs/alerts", "alerts") for name in IN} <= there
    assert not {name for name in there if name in OUT or "TOKEN" in name or "id_ed" in name}
    assert "configs/krx_calendar.json" in there
    said = {one["what"]: one["why"] for one in manifest["left_out"]}
    assert {"archive", "private", "data/cache/*", "reports/building/*"} <= set(said)
    assert all(said.values())


def test_any_tar_unpacks_it_byte_for_byte(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    subprocess.run(["tar", "-xzf", str(made(settings)), "-C", str(out)], check=True)
    assert {name: (out / name.replace("logs/alerts", "alerts")).read_bytes() for name in IN} == IN


def test_a_large_file_goes_in_a_piece_at_a_time_as_it_was_when_it_was_begun(settings: Settings) -> None:
    large = settings.data / "prices" / "local" / "large.csv"
    large.write_bytes(os.urandom(5 << 20))
    [entry] = [one for one in read_back(made(settings))["files"] if one["path"].endswith("large.csv")]
    assert entry["bytes"] == 5 << 20


@pytest.mark.parametrize(("number", "list_of"), [(errno.EIO, "unread"), (errno.ENOENT, "gone")])
def test_a_large_file_nobody_can_read_is_told_and_keeps_no_other_out(number: int, list_of: str, settings: Settings) -> None:
    large = settings.data / "prices" / "local" / "large.csv"
    large.write_bytes(os.urandom(5 << 20))

    def fault(name: str, call: Callable[..., Any], arguments: Tuple[Any, ...]) -> Any:
        if name == "open" and str(arguments[0]) == str(large):
            raise OSError(number, os.strerror(number))
        return call(*arguments)

    manifest = read_back(made(settings, disk=Disk(durable=False, calls=FaultyCalls(fault, 1, every=True, forever=True))))
    assert manifest[list_of] == ["data/prices/local/large.csv"]
    assert {name.replace("logs/alerts", "alerts") for name in IN} <= {one["path"] for one in manifest["files"]}


def test_a_file_of_an_odd_name_is_told_and_keeps_no_other_out(settings: Settings, typed: Typed) -> None:
    with open(os.fsencode(settings.data / "eod") + b"/\xff.csv", "wb") as odd:
        odd.write(b"1")
    done = typed("run", "back_up", "--at", "2026-11-20T03:30")
    assert done.returncode == 1
    assert "1 files or folders could not be read, like data/eod/" in done.stderr
    assert whole(settings) == [NAME]


def test_it_is_for_its_owner_alone_and_says_how_it_went(typed: Typed, settings: Settings) -> None:
    done = typed("run", "back_up", "--at", "2026-11-20T03:30")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"OK name={NAME} files=")
    assert stat.S_IMODE((settings.backups / NAME).stat().st_mode) == 0o600
    known = known_backup(settings.data)
    assert (known.name, known.at) == (NAME, FRIDAY)
    again = typed("run", "back_up", "--at", "2026-11-20T03:30")
    assert (again.returncode, "is there already" in again.stderr) == (0, True), "the same moment twice is one"


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9, 0.999])
def test_damage_anywhere_is_found(part: float, settings: Settings) -> None:
    file = made(settings)
    flip(file, int(file.stat().st_size * part))
    with pytest.raises(BackupFailed):
        read_back(file)


def test_one_that_was_cut_short_is_no_backup(settings: Settings) -> None:
    file = made(settings)
    data = file.read_bytes()
    for size in (0, 10, len(data) // 2, len(data) - 1):
        file.write_bytes(data[:size])
        with pytest.raises(BackupFailed):
            read_back(file)


def changing(settings: Settings) -> int:
    calls = FaultyCalls()
    made(settings, FRIDAY, Disk(calls=calls))
    (settings.backups / NAME).unlink()
    return len(calls.reached)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here: no child to kill")
def test_killed_at_every_step_it_leaves_no_half_archive_under_a_real_name(settings: Settings) -> None:
    made(settings, FRIDAY - timedelta(days=1))
    for number in range(1, changing(settings) + 1):
        for fault in (die, die_torn):
            pid = os.fork()
            if not pid:
                made(settings, FRIDAY, Disk(calls=FaultyCalls(fault, number)))
                os._exit(0)
            assert os.WIFSIGNALED(os.waitpid(pid, 0)[1]), number
            assert whole(settings)[0] == NAME.replace("1120", "1119")
            (settings.backups / NAME).unlink(missing_ok=True)


def test_a_disk_that_is_full_at_any_step_leaves_the_old_ones_whole(settings: Settings) -> None:
    before = made(settings, FRIDAY - timedelta(days=1)).name
    full = failing_half_way(lambda: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    failed = 0
    for number in range(1, changing(settings) + 1):
        try:
            made(settings, FRIDAY, Disk(calls=FaultyCalls(full, number, forever=True)))
        except BackupFailed as error:
            failed += "No space left" in error.why
        assert whole(settings)[0] == before
        (settings.backups / NAME).unlink(missing_ok=True)
    assert failed >= 3


def test_seven_days_and_five_weeks_are_kept_and_no_name_of_others_is_touched() -> None:
    days = [FRIDAY - timedelta(days=number) for number in range(60)]
    names = [f"krx-relay-{day:%Y%m%d}T033000.tar.gz" for day in days]
    twice = f"krx-relay-{FRIDAY:%Y%m%d}T010000.tar.gz"
    gone = had_their_time([*names, twice, "holiday.tar.gz", "krx-relay-20261301T000000.tar.gz"], 7, 5, names[0])
    kept = sorted(set(names) - set(gone))
    assert [name[10:18] for name in kept] == ["20261025", "20261101", "20261108", *(f"202611{day}" for day in range(14, 21))]
    assert twice in gone, "of one day the newest"
    assert not {"holiday.tar.gz", "krx-relay-20261301T000000.tar.gz"} & set(gone)
    assert had_their_time(names[:1], 1, 0, names[0]) == [], "the newest never"


def test_nothing_old_goes_before_the_new_one_was_read_back(typed: Typed, settings: Settings, tmp_path: Path) -> None:
    old = [made(settings, FRIDAY - timedelta(days=number)).name for number in (300, 200, 100, 1)]
    (tmp_path / "data" / "backup.json").mkdir()  # its note cannot be kept: as on a full disk
    done = typed("run", "back_up", "--at", "2026-11-20T03:30", RELAY_BACKUP_DAYS="1", RELAY_BACKUP_WEEKS="1")
    assert done.returncode == 3
    assert "code=E-BACKUP" in done.stderr
    assert set(old) <= set(whole(settings))
    (tmp_path / "data" / "backup.json").rmdir()
    done = typed("run", "back_up", "--at", "2026-11-20T03:31", RELAY_BACKUP_DAYS="1", RELAY_BACKUP_WEEKS="1")
    assert (done.returncode, whole(settings)) == (0, [NAME.replace("0330", "0331")])


def test_a_folder_that_was_named_and_is_not_there_is_a_disk_that_is_not_mounted(typed: Typed, tmp_path: Path) -> None:
    done = typed("run", "back_up", RELAY_BACKUPS=str(tmp_path / "usb" / "backups"))
    assert done.returncode == 3
    assert "mount its disk, or correct the setting backups" in done.stderr
    assert not (tmp_path / "usb").exists()


def test_a_share_that_is_away_is_not_backed_up_as_an_empty_one(typed: Typed, settings: Settings) -> None:
    """Else seven such nights would push every good one out."""
    before = made(settings, FRIDAY - timedelta(days=300)).name
    (settings.reports / "pending").rename(settings.reports / "elsewhere")
    done = typed("run", "back_up", "--at", "2026-11-20T03:30", RELAY_BACKUP_DAYS="1", RELAY_BACKUP_WEEKS="0")
    assert done.returncode == 3
    assert "the share is not mounted" in done.stderr
    assert whole(settings) == [before]


def test_on_sundays_it_is_copied_by_rsync_and_read_back_over_there(typed: Typed, settings: Settings, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    (usb / MARK).touch()
    more = {"RELAY_BACKUP_TO": str(usb)}
    assert "copied=" in typed("run", "back_up", "--at", "2026-11-20T03:30", **more).stdout, "the first is copied at once"
    assert read_back(usb / "backups" / NAME)["made_at"].startswith("2026-11-20T03:30")
    assert (usb / "archive" / "2026-10" / "old" / "manifest.json").read_bytes() == b"{}"
    assert "copied=" not in typed("run", "back_up", "--at", "2026-11-21T03:30", **more).stdout
    flip(usb / "backups" / NAME, 99)
    sunday = typed("run", "back_up", "--at", "2026-11-22T03:30", **more)
    assert sunday.returncode == 0, sunday.stderr
    assert sorted(os.listdir(usb / "backups")) == whole(settings)


def test_the_copy_is_due_from_sunday_until_it_was_done() -> None:
    done = Known(copied=FRIDAY)
    assert [is_due(done, FRIDAY + timedelta(days=number)) for number in range(5)] == [False, False, True, True, True]
    assert not is_due(Known(copied=SUNDAY), SUNDAY + timedelta(days=6))
    assert is_due(Known(), FRIDAY)


def test_an_external_disk_that_is_not_there_is_a_clear_failure_and_nothing_goes(
    typed: Typed, settings: Settings, tmp_path: Path
) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()  # an empty mount point
    done = typed("run", "back_up", "--at", "2026-11-22T03:30", RELAY_BACKUP_TO=str(usb))
    assert done.returncode == 3
    assert "the disk is not mounted" in done.stderr
    assert f"touch {usb / MARK}" in done.stderr
    assert (os.listdir(usb), len(whole(settings))) == ([], 1), "the one on this disk was made"


def test_a_copy_that_was_asked_for_and_has_nowhere_to_go_is_said(typed: Typed, settings: Settings) -> None:
    done = typed("run", "back_up", "--at", "2026-11-20T03:30", "--", "--copy")
    assert done.returncode == 64
    assert "none is named to copy it to; name a folder on the external disk: the setting backup_to" in done.stderr
    assert len(whole(settings)) == 1, "the one on this disk was made"


def test_a_restore_test_restores_the_newest_and_compares_it_with_what_lives(typed: Typed, settings: Settings) -> None:
    typed("run", "back_up", "--at", "2026-11-20T03:30")
    (settings.reports / "pending" / "a.json").unlink()
    (settings.data / "eod" / "2026-11-19.csv").write_bytes(b"code,name\n")
    done = typed("run", "back_up", "--json", "--", "--restore-test")
    assert done.returncode == 0, done.stderr
    told: Dict[str, Any] = json.loads(done.stdout)
    assert (told["name"], told["changed"], told["gone"], told["odd"]) == (NAME, 1, 1, 0)
    assert told["same"] == told["files"] - 2
    assert known_backup(settings.data).tested is not None
    assert os.listdir(settings.backups) == [NAME], "nothing is left of the test"


def test_a_file_that_rots_where_it_lies_is_found_by_the_restore_test(typed: Typed, settings: Settings) -> None:
    typed("run", "back_up", "--at", "2026-11-20T03:30")
    report = settings.reports / "done" / "one" / "report.txt"
    times = report.stat()
    flip(report, 1)
    os.utime(report, ns=(times.st_atime_ns, times.st_mtime_ns))
    done = typed("run", "back_up", "--", "--restore-test")
    assert done.returncode == 1
    assert "reports/done/one/report.txt is not what it was, though its size and time are" in done.stderr


def test_a_restore_test_of_nothing_or_of_a_damaged_one_fails(settings: Settings) -> None:
    with pytest.raises(BackupFailed, match="there is none"):
        restore_test(Disk(), settings, FRIDAY)
    flip(made(settings), 2000)
    with pytest.raises(BackupFailed, match="reading back"):
        restore_test(Disk(), settings, FRIDAY)
    assert os.listdir(settings.backups) == [NAME]


def test_a_dry_run_says_what_it_would_make_and_remove(typed: Typed, settings: Settings) -> None:
    made(settings, FRIDAY - timedelta(days=300))
    done = typed(
        "run", "back_up", "--dry-run", "--json", "--at", "2026-11-20T03:30", RELAY_BACKUP_DAYS="1", RELAY_BACKUP_WEEKS="0"
    )
    told = json.loads(done.stdout)
    assert (told["would_make"], told["would_remove"], told["would_copy"]) == (NAME, 1, "no")
    assert len(whole(settings)) == 1


def test_started_twice_it_is_one(typed: Typed, settings: Settings) -> None:
    both = [typed.begin("run", "back_up", "--at", f"2026-11-20T03:3{number}") for number in range(2)]
    said = [one.communicate(timeout=60)[1] for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert all("[JOB_ENDED]" in text or "already running" in text for text in said)
    assert whole(settings)


def test_no_secret_has_a_name_that_is_backed_up() -> None:
    from nas.backup.chosen import is_chosen
    from shared.masking import SECRETS

    assert not [name for name in (*SECRETS, "notify.yaml", "id_rsa", "x/watchlist.yaml") if is_chosen(f"private/{name}")]
    assert not is_chosen("configs/env.nas.sh")


def test_settings_that_hold_a_token_stay_out(settings: Settings) -> None:
    (settings.private / "config.yaml").write_text("slack:\n  token: xoxb-1234-5678-abcdefgh\n", encoding="utf-8")
    (settings.private / "config.local.yaml").write_text("report: {top_n: 5}\n", encoding="utf-8")
    there = {one["path"] for one in read_back(made(settings))["files"]}
    assert "private/config.local.yaml" in there
    assert "private/config.yaml" not in there

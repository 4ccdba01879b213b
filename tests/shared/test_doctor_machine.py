"""What doctor finds out about a machine: Python and packages, clock, console, room, sleep, and whose folders are whose."""

from __future__ import annotations

import io
import os
import re
import sys
import time
from pathlib import Path
from typing import Callable, List, Optional

import pytest

from shared import mounts, needs, permissions, sleep, surroundings
from shared.config import HOME
from shared.disk import Disk
from shared.found import BAD, OK, WARN, Found
from shared.needs import Need
from shared.version import version

NOBODY = 65534
as_root = pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can become another user")


def as_nobody(check: Callable[[], Found]) -> List[str]:
    """What that check says and advises to a user without rights; asked in a child."""
    here, there = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            found = check()
            os.write(there, f"{found.verdict}\n{found.said.en}\n{found.fix.en}".encode())
        finally:
            os._exit(0)
    os.close(there)
    os.waitpid(pid, 0)
    with os.fdopen(here, encoding="utf-8") as said:
        return said.read().split("\n")


# ---- Python and packages ----


def test_a_python_older_than_its_side_needs_is_bad_and_the_needed_one_is_named() -> None:
    assert needs.python("nas").verdict == OK
    old = needs.python("nas", (3, 7, 16))
    assert (old.verdict, "3.7.16" in old.said.en, "3.8" in old.fix.en) == (BAD, True, True)


def test_what_is_missing_or_too_old_is_named_with_its_extra_and_the_line_to_type() -> None:
    wanted = [Need("pydantic", "core", "1.0"), Need("no-such-package", "market", ""), Need("pytest", "dev", "9999.1")]
    found = needs.packages("nas", wanted)
    assert found.verdict == BAD
    assert "no-such-package is missing (market)" in found.said.en
    assert re.search(r"pytest [\d.]+, 9999.1 or newer is needed \(dev\)", found.said.en)
    assert found.fix.en == f"{sys.executable} -m pip install -r requirements/nas.txt"
    assert (HOME / "requirements" / "nas.txt").is_file()


def test_the_needs_are_those_of_pyproject_for_this_python_and_this_side(tmp_path: Path) -> None:
    assert {need.name for need in needs.needs_of("nas")} == {"pydantic", "PyYAML", "rich", "fasteners", "slack_sdk"}
    assert needs.packages("nas").said.en == "core 5"
    text = '[project]\ndependencies = [\n    "pydantic>=2.10",\n    "newer>=1; python_version >= \'9.9\'",\n]\n'
    (tmp_path / "pyproject.toml").write_text(text)
    assert needs.needs_of("nas", tmp_path) == [Need("pydantic", "core", "2.10")]


def test_the_version_is_the_checkouts() -> None:
    assert f'version = "{version()}"' in (HOME / "pyproject.toml").read_text(encoding="utf-8")


# ---- clock and console ----


@pytest.mark.parametrize(("ahead", "verdict"), [(0.0, OK), (1.5, OK), (3.0, WARN), (-3.0, WARN), (3600.0, WARN)])
def test_a_clock_more_than_two_seconds_from_the_file_servers_is_to_be_mended(ahead: float, verdict: str) -> None:
    found = surroundings.clock_difference(lambda: 1000.0, lambda: 1000.0 + ahead)
    assert found.verdict == verdict
    assert f"{ahead:+.1f}" in found.said.en
    assert ("timedatectl" in found.fix.en) == (verdict == WARN)


def test_a_clock_that_cannot_be_asked_is_told_and_wants_no_hand() -> None:
    found = surroundings.clock_difference(lambda: None)
    assert (found.verdict, found.wants_a_hand) == (WARN, False)


def test_the_clocks_line_says_which_zone_this_machine_has() -> None:
    assert f"{time.strftime('UTC%z')} here, shown as KST" in surroundings.clock_difference(time.time).said.en


@pytest.mark.parametrize(
    ("encoding", "verdict", "lost"), [("utf-8", OK, ""), ("ascii", WARN, "한글"), ("cp1252", WARN, "한글"), ("cp949", WARN, "✓")]
)
def test_a_console_that_loses_letters_is_told_with_them(encoding: str, verdict: str, lost: str) -> None:
    found = surroundings.console(io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert found.verdict == verdict
    assert encoding in found.said.en
    assert lost in found.said.en
    assert ("PYTHONUTF8=1" in found.fix.en) == (verdict == WARN)


# ---- what a folder lies on ----

MOUNTS = """\
/dev/vda / ext4 rw,relatime 0 0
nas:/volume1 /mnt/nas nfs4 rw,vers=4.1 0 0
//nas/quant /mnt/quant\\040data cifs rw,vers=3.0 0 0
kim@pc:/krx /home/kim/krx fuse.sshfs rw 0 0
C:\\134 /mnt/c 9p rw 0 0
/dev/sdb1 /mnt/usb fuseblk rw 0 0
pool /mnt/pool fuse.mergerfs rw 0 0
/dev/mapper/cachedev_0 /volume1 btrfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind", "remote"),
    [
        ("/home/kim", "ext4", False),
        ("/mnt/nas/reports", "nfs4", True),
        ("/mnt/nasty", "ext4", False),
        ("/mnt/quant data/reports", "cifs", True),
        ("/home/kim/krx", "fuse.sshfs", True),
        ("/mnt/c/krx", "9p", True),
        ("/mnt/usb", "fuseblk", False),
        ("/mnt/pool/krx", "fuse.mergerfs", False),
        ("/volume1/krx", "btrfs", False),
    ],
)
def test_the_kind_of_a_folders_file_system_says_whether_the_other_machine_rings(path: str, kind: str, remote: bool) -> None:
    assert mounts.kind_of(Path(path), MOUNTS) == kind
    assert mounts.is_remote(kind) == remote


def test_this_machines_own_mounts_are_read(tmp_path: Path) -> None:
    if not Path("/proc/mounts").exists():
        pytest.skip("this system lists its mounts elsewhere")
    kind = mounts.kind_of(tmp_path)
    assert kind is not None
    assert kind in mounts.events(tmp_path, 0.9).said.en


@pytest.mark.parametrize(
    ("free", "inodes", "verdict"),
    [
        (1 << 40, None, OK),
        (1 << 40, 1_000_000, OK),
        (1 << 29, None, WARN),
        (1 << 20, None, BAD),
        (1 << 40, 5_000, WARN),
        (1 << 40, 3, BAD),
    ],
)
def test_little_room_is_told_before_it_is_none(free: int, inodes: Optional[int], verdict: str) -> None:
    found = mounts.space_of(Path("/volume1"), mounts.Room(free, inodes))
    assert found.verdict == verdict
    assert ("/volume1" in found.fix.en) == (verdict != OK)


def test_a_disk_is_told_once_and_a_folder_not_there_yet_counts_as_the_one_above(tmp_path: Path) -> None:
    found = mounts.space([tmp_path, tmp_path / "not" / "yet"])
    assert found.said.en.count("inodes") == 1


# ---- sleep ----


def systemd(root: Path, **files: str) -> Path:
    """A system whose configuration holds these files, `/` written as `__`."""
    for name, text in {"etc__systemd__logind.conf": "[Login]\n#IdleAction=ignore\n", **files}.items():
        file = root / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


def test_what_systemd_is_told_says_whether_the_machine_sleeps(tmp_path: Path) -> None:
    assert sleep.of_linux(tmp_path).wants_a_hand is False
    assert sleep.of_linux(tmp_path).verdict == WARN
    assert sleep.of_linux(systemd(tmp_path)).verdict == OK
    idle = sleep.of_linux(systemd(tmp_path, **{"etc__systemd__logind.conf.d__50.conf": "[Login]\nIdleAction=suspend\n"}))
    assert (idle.verdict, idle.fix.en) == (WARN, "sudo systemctl mask sleep.target suspend.target")
    never = sleep.of_linux(systemd(tmp_path, **{"etc__systemd__sleep.conf": "[Sleep]\nAllowSuspend=no\n"}))
    assert never.verdict == OK


def test_a_masked_sleep_is_none(tmp_path: Path) -> None:
    systemd(tmp_path, **{"etc__systemd__logind.conf": "[Login]\nIdleAction=suspend\n"})
    (tmp_path / "etc/systemd/system").mkdir()
    (tmp_path / "etc/systemd/system/sleep.target").symlink_to("/dev/null")
    assert sleep.of_linux(tmp_path).verdict == OK


KOREAN_WINDOWS = """
    전원 설정 GUID: 29f6c1db-86da-48c5-9fdb-f2b67b1f44da  (다음 이후에 절전 모드로 전환)
      가능한 설정의 최대값: 0xffffffff
    현재 AC 전원 설정 색인: {}
    현재 DC 전원 설정 색인: 0x00000384
"""


def test_powercfg_and_pmset_are_read_whatever_their_language() -> None:
    after = sleep.of_windows(KOREAN_WINDOWS.format("0x00000708"))
    assert (after.verdict, after.fix.en) == (WARN, "powercfg /change standby-timeout-ac 0")
    assert "after 30 min" in after.said.en
    assert sleep.of_windows(KOREAN_WINDOWS.format("0x00000000")).verdict == OK
    assert sleep.of_mac(" displaysleep         10\n sleep                1 (sleep prevented)\n").verdict == WARN
    assert sleep.of_mac(" sleep                0\n").verdict == OK
    for silent in (sleep.of_windows(None), sleep.of_mac("")):
        assert (silent.verdict, silent.wants_a_hand) == (WARN, False)


# ---- folders ----


def test_folders_are_told_with_owner_and_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    found = permissions.folders(Disk(), [tmp_path])
    assert found.verdict == OK
    assert re.fullmatch(r"[\w-]+:[\w-]+ 0750", found.said.en)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_anybody_may_write_to_is_told_with_what_to_type_and_never_777(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    found = permissions.folders(Disk(), [tmp_path])
    assert found.verdict == WARN
    assert re.fullmatch(rf"sudo chown [\w-]+:[\w-]+ {tmp_path} && sudo chmod 770 {tmp_path}", found.fix.en)
    tmp_path.chmod(0o750)


def test_a_folder_that_is_not_there_is_bad(tmp_path: Path) -> None:
    found = permissions.folders(Disk(), [tmp_path, tmp_path / "pending"])
    assert (found.verdict, "pending" in found.said.en, "mount the share" in found.fix.en) == (BAD, True, True)


@as_root
def test_a_folder_this_user_cannot_write_to_is_bad_with_the_line_that_mends_it(tmp_path: Path) -> None:
    path = Path(f"/dev/shm/krx-relay-doctor-{os.getpid()}")
    path.mkdir(mode=0o755)
    try:
        verdict, said, fix = as_nobody(lambda: permissions.folders(Disk(), [path]))
    finally:
        path.rmdir()
    assert verdict == BAD
    assert "Permission denied (root:root 0755)" in said
    assert fix == f"sudo chown -R nobody {path} && sudo chmod -R u+rwX,o-w {path}"
    assert "777" not in fix


def test_what_others_may_read_of_the_private_folder_is_told(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    disk = Disk()
    assert permissions.own_folders(disk, [tmp_path / "data"], secret).verdict == OK
    secret.mkdir(mode=0o700)
    (secret / "SLACK_TOKEN").touch(mode=0o600)
    for public in ("id_ed25519.pub", "known_hosts"):
        (secret / public).touch(mode=0o644)
    assert permissions.own_folders(disk, [tmp_path], secret).verdict == OK
    (secret / "SLACK_TOKEN").chmod(0o640)
    found = permissions.own_folders(disk, [tmp_path], secret)
    assert (found.verdict, found.fix.en) == (WARN, f"chmod 600 {secret}/SLACK_TOKEN")
    secret.chmod(0o755)
    assert permissions.own_folders(disk, [tmp_path], secret).fix.en == f"chmod 700 {secret}"


def test_a_share_mounted_read_only_and_a_full_one_have_their_own_remedies(tmp_path: Path) -> None:
    seen = permissions.Seen(tmp_path, "kim:users", 0o750)
    read_only = permissions.judged(seen._replace(why=OSError(30, "Read-only file system")))
    full = permissions.judged(seen._replace(why=OSError(28, "No space left on device")))
    assert (read_only.verdict, "rw" in read_only.fix.en) == (BAD, True)
    assert (full.verdict, "make room" in full.fix.en) == (BAD, True)

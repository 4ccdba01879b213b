"""Every way rsync ends, and the failure it is: what sleeps is told apart from what no retry mends, and each has its remedy."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Dict, Optional, Type

import pytest

import shared.carriers.rsync as rsync_carrier
from shared.carriers import CarryBroken, CarryPartial, CarryRefused, There, ThereAway, open_carrier
from shared.disk import Disk
from shared.errors import RelayError
from tests.harness.road import settings_for
from tests.harness.servers import require

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stand-ins are shell scripts")

CLOSED = "rsync: connection unexpectedly closed (0 bytes received so far) [Receiver]"
# What each release of rsync 3 ends with (its errcode.h), the words it says then, and what an operator is told.
ENDINGS: Dict[str, "tuple[int, str, Optional[Type[RelayError]]]"] = {
    "ok": (0, "", None),
    "usage": (1, "rsync: --wrong: unknown option\nrsync error: syntax or usage error (code 1)", CarryRefused),
    "protocol": (2, "protocol version mismatch -- is your shell clean?", CarryRefused),
    "no-such-folder": (3, "rsync: [Receiver] mkdir failed: No such file or directory (2)", CarryBroken),
    "unsupported": (4, "rsync: this rsync does not support it", CarryRefused),
    "wrong-password": (5, "@ERROR: auth failed on module reports", CarryRefused),
    "no-such-module": (5, "@ERROR: Unknown module 'reports'", CarryRefused),
    "daemon-starting": (5, "rsync: did not see server greeting\nrsync error: (code 5)", ThereAway),
    "daemon-log": (6, "rsync error: daemon unable to append to log-file (code 6)", CarryRefused),
    "refused": (10, "rsync: [Receiver] failed to connect to pc: Connection refused (111)", ThereAway),
    "no-route": (10, "rsync: [Receiver] failed to connect to pc: No route to host (113)", ThereAway),
    "disk-full": (11, 'rsync: [receiver] write failed on "a": No space left on device (28)', CarryBroken),
    "disk-full-cut": (12, f"rsync: [receiver] write failed: No space left on device (28)\n{CLOSED}", CarryBroken),
    "file-io": (11, "rsync: read error: Input/output error (5)", CarryBroken),
    "cut": (12, CLOSED, ThereAway),
    "no-rsync-sh": (12, f"sh: 1: rsync: not found\n{CLOSED}", CarryBroken),
    "no-rsync-bash": (127, "bash: line 1: rsync: command not found\nrsync error: remote command not found", CarryBroken),
    "no-rsync-zsh": (12, f"zsh:1: command not found: rsync\n{CLOSED}", CarryBroken),
    "no-rsync-windows": (12, f"'rsync' is not recognized as an internal or external command\n{CLOSED}", CarryBroken),
    "diagnostics": (13, "rsync error: errors with program diagnostics (code 13)", CarryBroken),
    "no-ssh": (14, "rsync: [Receiver] Failed to exec ssh: No such file or directory (2)", CarryBroken),
    "sibling-crashed": (15, "rsync error: sibling process crashed (code 15)", ThereAway),
    "sibling-ended": (16, "rsync error: sibling process terminated abnormally (code 16)", ThereAway),
    "usr1": (19, "rsync error: received SIGUSR1 (code 19)", ThereAway),
    "interrupted": (20, "rsync error: received SIGINT, SIGTERM, or SIGHUP (code 20)", ThereAway),
    "waitpid": (21, "rsync error: waitpid() failed (code 21)", CarryBroken),
    "memory": (22, "rsync error: error allocating core memory buffers (code 22)", CarryBroken),
    "no-folder-over-there": (23, 'rsync: [sender] change_dir "/krx" failed: No such file or directory (2)', CarryBroken),
    "some-not": (23, 'rsync: [sender] send_files failed to open "/krx/a": Permission denied (13)', CarryPartial),
    "vanished": (24, "file has vanished: /krx/a", None),
    "max-delete": (25, "rsync error: the --max-delete limit stopped deletions (code 25)", CarryPartial),
    "stands-still": (30, "rsync error: timeout in data send/receive (code 30)", ThereAway),
    "no-answer": (35, "rsync error: timeout waiting for daemon connection (code 35)", ThereAway),
    "shell-failed": (124, f"{CLOSED}\nrsync error: remote shell failed (code 124)", ThereAway),
    "shell-killed": (125, f"{CLOSED}\nrsync error: remote shell killed (code 125)", ThereAway),
    "may-not-run": (126, "bash: /usr/bin/rsync: Permission denied\nrsync error: remote command could not be run", CarryBroken),
    "ssh-asleep": (255, f"ssh: connect to host pc port 22: No route to host\n{CLOSED}", ThereAway),
    "ssh-key": (255, f"me@pc: Permission denied (publickey).\n{CLOSED}", CarryRefused),
    "ssh-stranger": (255, f"Host key verification failed.\n{CLOSED}", CarryRefused),
}


def _over(folder: Path, address: str = "pc:krx", shell: str = "ssh", path: str = "") -> There:
    environment = {**os.environ, "PATH": path or os.environ["PATH"], "LC_ALL": "C"}
    return There(address, shell, 5.0, folder / "scratch", "nas", environment, Disk(durable=False))


def _script(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize("name", ENDINGS)
def test_each_ending_of_rsync_is_the_failure_an_operator_can_do_something_about(
    name: str, quick_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said, kind = ENDINGS[name]
    (quick_folder / "said").write_text(f"{said}\n")
    bins = _script(quick_folder / "bin" / "rsync", f'cat "{quick_folder}/said" >&2\nexit {code}').parent
    monkeypatch.setenv("PATH", f"{bins}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(rsync_carrier, "_FIRST_PAUSE", 0.0)
    if kind is None:
        assert rsync_carrier.names(_over(quick_folder), ["done/*"]) == []
        return
    with pytest.raises(kind) as told:
        rsync_carrier.names(_over(quick_folder), ["done/*"])
    assert said.splitlines()[0][:40] in told.value.why
    assert f"rsync ended with {code}" in told.value.why
    is_missing = name.startswith("no-rsync")
    assert ("install rsync on the other side" in told.value.fix) == is_missing
    assert ("install ssh here" in told.value.fix) == (name == "no-ssh")


@pytest.mark.parametrize("password", ["x7", "1234", "a b", "$(id)", "sesame-open"])
@pytest.mark.parametrize("is_a_file", [False, True])
def test_no_password_however_short_is_in_what_rsync_says(
    password: str, is_a_file: bool, quick_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that repeats what it was given; from the variable, or from its file."""
    said = 'echo "rsync: [x] $RSYNC_PASSWORD is wrong: $RSYNC_PASSWORD" >&2\nexit 5'
    bins = _script(quick_folder / "bin" / "rsync", said).parent
    monkeypatch.setenv("PATH", f"{bins}{os.pathsep}{os.environ['PATH']}")
    settings = settings_for(quick_folder / "reports", quick_folder / "data", carrier="rsync", there="rsync://krx@pc/reports")
    if is_a_file:
        settings.private.mkdir()
        (settings.private / "RSYNC_PASSWORD").write_text(f"{password}\n")
        (settings.private / "RSYNC_PASSWORD").chmod(0o600)
    else:
        monkeypatch.setenv("RSYNC_PASSWORD", password)
    with pytest.raises(CarryRefused) as told:
        open_carrier(settings, settings.there, "nas", Disk(durable=False)).names("done/*")
    assert "rsync: [x] *** is wrong: ***" in str(told.value)
    assert password not in str(told.value).replace(str(quick_folder), "")


def test_a_machine_over_there_without_rsync_is_told_as_such(quick_folder: Path) -> None:
    """Real rsync here; over there a shell that finds none, as a fresh NAS has it."""
    require("rsync")
    nobody = _script(quick_folder / "bin" / "login", 'shift\nPATH=/nowhere exec /bin/sh -c "$*"')
    with pytest.raises(CarryBroken, match="not found") as told:
        rsync_carrier.names(_over(quick_folder, shell=str(nobody)), ["done/*"])
    assert "install rsync on the other side" in told.value.fix


def test_a_shell_that_is_not_here_is_told_as_such(quick_folder: Path) -> None:
    require("rsync")
    with pytest.raises(CarryBroken, match="Failed to exec no-such-shell") as told:
        rsync_carrier.names(_over(quick_folder, shell="no-such-shell"), ["done/*"])
    assert "carry_shell" in told.value.fix

"""ssh is one program to rsync and to git: it is kept from waiting alike, and what it refuses is refused alike."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Dict

import pytest

import shared.carriers.git as git_carrier
import shared.carriers.rsync as rsync_carrier
from shared.carriers import CarryRefused, There, ThereAway
from shared.disk import Disk
from tests.harness.servers import require

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for ssh is a shell script")

CARRIERS = {"git": git_carrier, "rsync": rsync_carrier}
REFUSALS: Dict[str, str] = {
    "key": "me@pc: Permission denied (publickey).",
    "stranger": "Host key verification failed.",
    "another": "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @",
    "owner": "Bad owner or permissions on /home/me/.ssh/config",
    "open-key": "@ WARNING: UNPROTECTED PRIVATE KEY FILE! @",
    "no-key": "no such identity: /home/me/.ssh/relay: No such file or directory",
}
QUIET = ("BatchMode=yes", "ConnectTimeout=10", "ServerAliveInterval=15")


def _there(folder: Path, name: str, said: str, more: str = "") -> There:
    """Over a shell of that name that notes its words, says that, and ends as ssh does."""
    shell = folder / "bin" / name
    shell.parent.mkdir()
    shell.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> "{folder}/words"\necho "{said}" >&2\nexit 255\n')
    shell.chmod(0o755)
    environment = {**os.environ, "LC_ALL": "C"}
    return There("pc:krx", f"{shell}{more}", 5.0, folder / "scratch", "nas", environment, Disk(durable=False))


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("said", REFUSALS)
def test_what_ssh_refuses_is_refused_by_every_carrier(
    said: str, carrier: str, quick_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require(carrier)
    monkeypatch.setattr(rsync_carrier, "_FIRST_PAUSE", 0.0)
    with pytest.raises(CarryRefused) as told:
        CARRIERS[carrier].reach(_there(quick_folder, "ssh", REFUSALS[said]))
    assert told.value.exit_code == 3


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("name", ["ssh", "plink"])
def test_only_ssh_is_given_the_words_that_keep_it_from_waiting(
    name: str, carrier: str, quick_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another shell would refuse them; what `carry_shell` says of the same stands before them, so that ssh heeds it."""
    require(carrier)
    monkeypatch.setattr(rsync_carrier, "_FIRST_PAUSE", 0.0)
    there = _there(quick_folder, name, "connect to host pc port 22: No route to host", " -o ConnectTimeout=60")
    with pytest.raises(ThereAway):
        CARRIERS[carrier].reach(there)
    words = (quick_folder / "words").read_text().split("\n")
    assert [word in words for word in QUIET] == [name == "ssh"] * len(QUIET)
    assert "ConnectTimeout=60" in words
    if name == "ssh":
        assert words.index("ConnectTimeout=60") < words.index("ConnectTimeout=10")

"""Real servers on loopback for the road: an ssh server and an rsync daemon, started for one test and ended by their id.

It exists so that carriers are shown over the wires they are made for.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Iterator, NamedTuple, Optional

import pytest

from tests.harness.road import until

_SSHD = shutil.which("sshd") or ("/usr/sbin/sshd" if Path("/usr/sbin/sshd").exists() else None)


class Way(NamedTuple):
    """How to reach a server: the address of a folder of it, and the shell that goes there."""

    address: str
    shell: str
    port: int
    pid: int


def require(*programs: str) -> None:
    """Skip where one of them is not installed."""
    for program in programs:
        found = _SSHD if program == "sshd" else shutil.which(program)
        if not found:
            pytest.skip(f"no program {program} here: .ci/run installs it")


@contextlib.contextmanager
def rsync_daemon(folder: Path, home: Path, password: str = "", more: str = "") -> Iterator[Way]:
    """The folder as the module `reports` of an rsync daemon; with a password, for the user `krx` only."""
    require("rsync")
    home.mkdir(parents=True, exist_ok=True)
    lines = [
        "use chroot = no",
        "address = 127.0.0.1",
        f"log file = {home}/log",
        "[reports]",
        f"path = {folder}",
        "read only = no",
    ]
    lines += ["uid = 0", "gid = 0"] if folder.owner() == "root" else []
    if password:
        (home / "users").write_text(f"krx:{password}\n")
        (home / "users").chmod(0o600)
        lines += ["auth users = krx", f"secrets file = {home}/users"]
    (home / "conf").write_text("\n".join([*lines, more]) + "\n")
    port = _free_port()
    command = ["rsync", "--daemon", "--no-detach", f"--port={port}", "--address=127.0.0.1", f"--config={home}/conf"]
    with _served(command, port) as pid:
        yield Way(f"rsync://{'krx@' if password else ''}127.0.0.1:{port}/reports", "ssh", port, pid)


@contextlib.contextmanager
def ssh_server(folder: Path, home: Path) -> Iterator[Way]:
    """The folder over an ssh server of our own, with keys of its own."""
    require("sshd", "ssh", "ssh-keygen", "rsync")
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    for key in ("host", "id"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(home / key)], check=True)
    shutil.copy(home / "id.pub", home / "authorized_keys")
    (home / "authorized_keys").chmod(0o600)
    Path("/run/sshd").mkdir(exist_ok=True)
    port = _free_port()
    options = {
        "Port": port,
        "ListenAddress": "127.0.0.1",
        "HostKey": home / "host",
        "AuthorizedKeysFile": home / "authorized_keys",
        "PidFile": home / "pid",
        "PasswordAuthentication": "no",
        "KbdInteractiveAuthentication": "no",
        "UsePAM": "no",
        "StrictModes": "no",
        "PermitRootLogin": "prohibit-password",
    }
    (home / "conf").write_text("".join(f"{name} {value}\n" for name, value in options.items()))
    shell = (
        f"ssh -p {port} -i {home}/id -o IdentitiesOnly=yes -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile={home}/known"
    )
    with _served([str(_SSHD), "-D", "-f", str(home / "conf"), "-E", str(home / "log")], port) as pid:
        yield Way(f"127.0.0.1:{folder}", shell, port, pid)


@contextlib.contextmanager
def _served(command: "list[str]", port: int) -> Iterator[int]:
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: _answers(port) or server.poll() is not None, 10)
        assert server.poll() is None, f"{command[0]} ended at once"
        yield server.pid
    finally:
        server.terminate()
        server.wait(10)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _free_port(wanted: Optional[int] = None) -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", wanted or 0))
        return int(one.getsockname()[1])

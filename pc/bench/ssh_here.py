"""An ssh server of the bench's own on loopback, with keys of its own, ended by its id.

It exists so that the road is measured over the wire it is made for, without anybody's account being touched.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pc.bench.measure import Refused

_STARTS_WITHIN = 10.0
_SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/sbin") or shutil.which("sshd") or ""
_NEEDED = ("rsync", "ssh", "ssh-keygen", "sha256sum", "find", "xargs")


class Way(NamedTuple):
    """How to get there: the host before a path, and the shell that goes there."""

    host: str
    shell: str

    def to(self, folder: Path) -> str:
        """The address of a folder."""
        return f"{self.host}:{folder}"


@contextlib.contextmanager
def ssh_here(home: Path) -> Iterator[Way]:
    """A server that lets in one key; Refused where a program for it is missing."""
    _require_programs()
    home.mkdir(mode=0o700)
    for key in ("host", "id"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home / key], check=True)
    shutil.copy(home / "id.pub", home / "authorized_keys")
    with contextlib.suppress(OSError):
        Path("/run/sshd").mkdir(exist_ok=True)
    port = _free_port()
    (home / "conf").write_text(_configuration(home, port))
    command = [_SSHD, "-D", "-f", str(home / "conf"), "-E", str(home / "log")]
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(server, port)
        trust = f"-o StrictHostKeyChecking=accept-new -o UserKnownHostsFile={home}/known"
        yield Way("127.0.0.1", f"ssh -F none -p {port} -i {home}/id -o IdentitiesOnly=yes {trust}")
    finally:
        server.terminate()
        server.wait()


def _require_programs() -> None:
    missing = [name for name in _NEEDED if not shutil.which(name)] + ([] if _SSHD else ["sshd"])
    if missing:
        raise Refused(f"there is no program {', '.join(missing)} here")


def _configuration(home: Path, port: int) -> str:
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
    return "".join(f"{name} {value}\n" for name, value in options.items())


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    raise Refused(f"{_SSHD} does not start here")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])

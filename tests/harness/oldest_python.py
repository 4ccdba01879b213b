"""A Python 3.8 with the NAS's packages in it, where this machine has one and the package index answers.

It exists so that the core's tests can run under the very Python the NAS ships.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Iterator, List, NamedTuple, Optional

import pytest

from tests.harness.sources import ROOT

_STAMP = "krx-relay.txt"  # written last: what the environment holds
_SAYS = "import sys; print(*sys.version_info[:3], sep='.')"
_REQUIREMENTS = [ROOT / "requirements" / "nas.txt", ROOT / "requirements" / "dev.txt"]
NO_NETWORK = (
    "NewConnectionError",
    "Max retries",
    "ConnectTimeout",
    "ReadTimeout",
    "ProxyError",
    "name resolution",
    "Name or service",
)


class OldPython(NamedTuple):
    """The interpreter of an environment, and which Python it is of."""

    path: Path
    version: str
    found_at: str


def oldest_python() -> OldPython:
    """The environment, made where it is missing; skips the test, with the reason, where it cannot be had."""
    found = _answering()
    if found is None:
        pytest.skip("no Python 3.8 on PATH or in pyenv's versions folder answers")
    home = ROOT / ".venv" if (ROOT / ".venv").is_dir() else Path(tempfile.gettempdir())
    folder, wanted = home / "python3.8", f"{found.version} {_pins()}"
    if not _says(folder, wanted):
        fresh = home / f"python3.8.{os.getpid()}"  # two test runs may make it at once: each its own, then one rename
        _make(found, fresh)
        (fresh / _STAMP).write_text(wanted, encoding="utf-8")
        if not _says(folder, wanted):
            shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            fresh.rename(folder)
        shutil.rmtree(fresh, ignore_errors=True)
        assert _says(folder, wanted)
    return found._replace(path=_python_in(folder))


def _says(folder: Path, wanted: str) -> bool:
    stamp = folder / _STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted


def _python_in(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _answering() -> Optional[OldPython]:
    for path in _candidates():
        try:
            done = subprocess.run([path, "-c", _SAYS], capture_output=True, text=True, timeout=20, check=False)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0 and done.stdout.startswith("3.8."):
            return OldPython(Path(path), done.stdout.strip(), path)
    return None


def _candidates() -> Iterator[str]:
    """PATH first; what stands there may be a pyenv shim that answers nothing, so pyenv's own folder after it."""
    on_path = shutil.which("python3.8")
    if on_path:
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for version in sorted(pyenv.glob("3.8*"), reverse=True):
        yield str(version / ("python.exe" if os.name == "nt" else "bin/python"))


def _pins() -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in _REQUIREMENTS)).hexdigest()


def _make(found: OldPython, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _run([found.found_at, "-m", "venv", str(folder)])
    install = [str(_python_in(folder)), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for file in _REQUIREMENTS:
        _run([*install, "--require-hashes", "-r", str(file)])


def _run(command: List[str]) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
    said = done.stdout.decode("utf-8", "replace").strip()
    if done.returncode and any(word in said for word in NO_NETWORK):
        pytest.skip(f"the package index cannot be reached: {said.splitlines()[-1]}")
    assert done.returncode == 0, f"{' '.join(command)}:\n{said}"

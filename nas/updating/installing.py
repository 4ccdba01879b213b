"""The pinned packages of this Python, installed when their list changed and at no other time.

It exists so that an update without new packages needs no package index, and one that failed to install is tried again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

from nas.updating.pulling import UpdateFailed
from shared.masking import masked

PENDING = "-"  # in the place of what is installed: an installation began, and nobody knows how far it went


def requirements(home: Path) -> Path:
    """The list this Python was installed by: where data jobs run it has the market's packages."""
    return home / "requirements" / ("market.txt" if importlib.util.find_spec("pyarrow") else "nas.txt")


def key_of(file: Path) -> str:
    """Its name and its sha256."""
    return f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}"


def install(file: Path) -> None:
    """By pip, of the Python this runs with, from the index of this machine, every file by its hash."""
    options = ("--require-hashes", "--disable-pip-version-check", "--no-input")
    command = [sys.executable, "-m", "pip", "install", *options, "-r", str(file)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False)
    said = done.stdout.decode("utf-8", "replace").strip()
    print(masked(said), file=sys.stderr, flush=True)
    if done.returncode != 0:
        last = next((line for line in said.splitlines() if line.startswith("ERROR:")), f"rc={done.returncode}")
        fix = f"the code is new and its packages are not: {' '.join(command[1:])}"
        raise UpdateFailed(f"installing {file.name}", last, fix)

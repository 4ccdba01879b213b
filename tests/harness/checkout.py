"""A checkout of the code as it is here, cloned from a repository of the test's own.

It exists so that what updates, cleans or asks git for something does so to a checkout nobody works in.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from shared.config import HOME

_COPIED = ("shared", "inbox", "outbox", "nas", "configs", "requirements")
_WHO = ("-c", "user.name=tester", "-c", "user.email=tester@nowhere.example", "-c", "commit.gpgsign=false")


def git(folder: Path, *words: str) -> str:
    """What it prints; nothing of this process's own git is in force."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(["git", "-C", str(folder), *_WHO, *words], capture_output=True, text=True, env=kept, check=True)
    return done.stdout.strip()


def repository(root: Path) -> Path:
    """The code as it is here, as the first commit of a bare one."""
    for name in _COPIED:
        shutil.copytree(HOME / name, root / "first" / name, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "first" / ".gitignore").write_text("__pycache__/\n", encoding="utf-8")
    git(root / "first", "init", "-q", "-b", "main")
    git(root / "first", "add", "-A")
    git(root / "first", "commit", "-q", "-m", "first")
    git(root, "clone", "-q", "--bare", "first", "there.git")
    return root / "there.git"


def checkout(there: Path, folder: Path) -> Path:
    """A clone of it."""
    git(folder.parent, "clone", "-q", str(there), folder.name)
    return folder

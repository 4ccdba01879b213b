"""The environment of this checkout: `.venv` with the pinned requirements and the project itself.

It exists so that every command of a newcomer works right after the clone, with the standard library alone.
No syntax newer than Python 3.6 here: an older Python must get as far as the sentence that says it is too old.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from subprocess import PIPE, STDOUT
from typing import Dict, Iterator, List, NoReturn

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements" / "dev.txt"
OPERATIONAL = 3
_STAMP = VENV / "krx-relay.json"  # written last: what is installed
_OURS = VENV / "made-by-krx-relay"  # written first: only what carries it is ever deleted


def ensure() -> Path:
    """The Python of an environment in which every command works; makes or repairs it where needed."""
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        stop(f"this is Python {found} ({sys.executable}); call this script with Python {OLDEST[0]}.{OLDEST[1]} or newer")
    if not _is_current():
        _make_once()
    return python()


def python() -> Path:
    """Where the environment's Python is, or would be."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def say(sentence: str) -> None:
    """Progress, for the person waiting."""
    print(sentence, file=sys.stderr, flush=True)


def stop(sentence: str) -> NoReturn:
    """End with one sentence that says what to do."""
    say(f"stopped: {sentence}")
    raise SystemExit(OPERATIONAL)


def surroundings() -> Dict[str, str]:
    """The environment for our own programs: nobody's RELAY_* settings, UTF-8 on every system, and what was compiled is kept:
    hundreds of programs start in a check."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RELAY_", "PYTHONDONTWRITE"))}
    return {**kept, "PYTHONUTF8": "1"}


def _wanted() -> Dict[str, str]:
    """What the stamp must say; a checkout that was moved, or another Python, needs a new environment."""
    about = (ROOT / "pyproject.toml").read_bytes().split(b"[tool.ruff]")[0]  # how tools are set changes no environment
    pinned = hashlib.sha256(REQUIREMENTS.read_bytes() + about).hexdigest()
    return {"requirements": pinned, "python": sys.version, "folder": str(ROOT)}


def _is_current() -> bool:
    try:
        return bool(json.loads(_STAMP.read_text(encoding="utf-8")) == _wanted()) and python().exists()
    except (OSError, ValueError):
        return False


def _make() -> None:
    say(f"making the environment in {VENV} (once, takes about a minute) ...")
    if Path(sys.prefix).resolve() != VENV.resolve():
        _clear()
        VENV.mkdir()
        _OURS.write_text("scripts/environment.py deletes and makes this folder as it needs\n", encoding="utf-8")
        _run(
            [sys.executable, "-m", "venv", str(VENV)],
            "making a virtual environment",
            "install Python's venv module (Debian, Ubuntu: apt install python3-venv), then call this again",
        )
    say("installing the pinned packages ...")
    _pip(  # uncompiled: that takes half of the time, and Python compiles what is used when it is used first
        ["--no-compile", "--require-hashes", "-r", str(REQUIREMENTS)],
        "the package index must be reachable the first time: check the network or the proxy, then call this again",
    )
    _pip(["--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT)], "delete .venv, then call this again")
    _STAMP.write_text(json.dumps(_wanted()), encoding="utf-8")


def _clear() -> None:
    """Remove what an earlier or interrupted call made; never what somebody else made."""
    if not VENV.exists():
        return
    if any(VENV.iterdir()) and not _OURS.exists():
        stop(f"{VENV} was not made by this script; activate it and call this again, or move it away")
    shutil.rmtree(VENV)


def _pip(arguments: List[str], fix: str) -> None:
    command = [str(python()), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    _run(command, f"installing {arguments[-1]}", fix)


def _run(command: List[str], doing: str, fix: str) -> None:
    """Run quietly; on failure show the last lines, what was being done and what to do."""
    # Open files are handed on: a pip that outlives a killed caller keeps the lock, so nobody clears the folder under it.
    done = subprocess.run(command, stdout=PIPE, stderr=STDOUT, cwd=ROOT, env=surroundings(), check=False, close_fds=False)
    if done.returncode != 0:
        say("\n".join(done.stdout.decode("utf-8", "replace").rstrip().splitlines()[-12:]))
        stop(f"{doing} failed; {fix}")


def _make_once() -> None:
    with _alone():
        if not _is_current():  # somebody else made it while we waited
            _make()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other call makes the environment; the system lets go of the lock when its holder dies."""
    with open(ROOT / ".venv.lock", "a+b") as file:
        os.set_inheritable(file.fileno(), True)
        _wait_for_lock(file.fileno())
        yield


def _wait_for_lock(descriptor: int) -> None:
    if _locked(descriptor):
        return
    say("another call is making the environment; waiting for it ...")
    while not _locked(descriptor):
        time.sleep(0.2)


def _locked(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

"""A process that has the libraries loaded already and runs pytest in a fork of itself, once for each thing it is asked.

It exists because hundreds of mutants would otherwise spend most of their time loading the same libraries.
"""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, NamedTuple

LIBRARIES = ("pytest", "pydantic", "yaml", "numpy", "fasteners", "rich.console", "slack_sdk", "hypothesis", "matplotlib.figure")
SECONDS = 240  # then the fork is ended, and says where it was
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # a fork of several threads may wait for ever for one it lost


class Ran(NamedTuple):
    """How pytest ended, and what it printed; a negative `rc` is the signal that ended it."""

    rc: int
    out: str


class Nursery:
    """One such process; it is asked one thing at a time until it is closed."""

    def __init__(self) -> None:
        words = [sys.executable, str(Path(__file__))]
        surroundings = {**os.environ, **_ONE_THREAD}
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=surroundings)

    def hurry(self) -> None:
        """As if the time of what it runs now were over."""
        self._process.send_signal(signal.SIGALRM)

    def close(self) -> None:
        """End it."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)

    def pytest(self, home: Path, words: List[str], environment: Dict[str, str]) -> Ran:
        """Run the tests of that folder, as a fresh process there would."""
        out = home / "printed.txt"
        # A folder of its own: pytest clears up older ones when it ends, and those of a whole check take it minutes.
        words = [*words, f"--basetemp={home.with_name(home.name + '-temp')}"]
        asked = {"home": str(home), "words": words, "environment": environment, "out": str(out)}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        rc = int(self._process.stdout.readline())
        return Ran(rc, out.read_text(encoding="utf-8", errors="replace"))


def _serve() -> None:
    sys.path.pop(0)  # this folder: its modules are nobody's libraries
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _run(json.loads(line))
        print(_end_of(child), flush=True)


def _end_of(child: int) -> int:
    # The server counts the seconds, not the child: pytest's own limit takes the alarm of its process for itself.
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGABRT))
    signal.alarm(SECONDS)
    _, ended = os.waitpid(child, 0)
    signal.alarm(0)
    return os.WEXITSTATUS(ended) if os.WIFEXITED(ended) else -os.WTERMSIG(ended)


def _run(asked: Dict[str, Any]) -> None:
    import pytest

    os.chdir(asked["home"])
    os.environ.update(asked["environment"])
    sys.path.insert(0, asked["home"])
    sys.dont_write_bytecode = "PYTHONDONTWRITEBYTECODE" in os.environ
    printed = os.open(asked["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    faulthandler.enable()
    code = pytest.main(asked["words"])
    sys.stdout.flush()
    os._exit(int(code))


if __name__ == "__main__":
    _serve()

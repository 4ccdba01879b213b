"""The peers: other people's queues, engines and tables, in an environment of their own, measured by programs that run there.

It exists because some of their licences and their pandas must stay out of ours; `.venv-peers` is made when first needed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from shared.config import HOME

FOLDER = HOME / ".venv-peers"
REQUIREMENTS = HOME / "requirements" / "peers.txt"
PROGRAM = Path(__file__).with_name("peer_queues.py")
ENGINES = Path(__file__).with_name("peer_engines.py")
TABLES = Path(__file__).with_name("peer_tables.py")
_WITHIN = 900.0  # seconds for the whole installation: a network that does not answer is no reason to wait for ever
_STAMP = FOLDER / "pinned.txt"  # written last: what is installed


class PeersMissing(Exception):
    """They cannot be installed here now."""


class Peers:
    """A running program in the peers' environment that measures one of them at a word; none where they cannot be had."""

    def __init__(self, folder: Path, program: Path = PROGRAM) -> None:
        self.names: list[str] = []
        self.why_not = ""
        self._file = program
        self._program: subprocess.Popen[str] | None = None
        try:
            command = [peers_python(), "-P", str(program), str(folder)]  # -P: nothing of ours is to be imported
        except PeersMissing as error:
            self.why_not = str(error)
            return
        self._program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.names = self._said()

    def __enter__(self) -> Peers:
        return self

    def __exit__(self, *_: object) -> None:
        if self._program is not None:
            self._program.communicate()

    def way(self, name: str, count: int) -> Callable[[], float]:
        """Seconds that peer takes to do `count` of its pieces of work (of a queue: put, get and acknowledge), at each call."""

        def once() -> float:
            assert self._program is not None
            assert self._program.stdin is not None
            print(json.dumps([name, count]), file=self._program.stdin, flush=True)
            return float(self._said())

        return once

    def _said(self) -> Any:
        assert self._program is not None
        assert self._program.stdout is not None
        line = self._program.stdout.readline()
        assert line, f"{self._file.name} ended with exit code {self._program.wait()}"
        return json.loads(line)


class Engines:
    """A running program per engine in the peers' environment, each with the case before it; none where they cannot be had."""

    def __init__(self, folder: Path, case: str, names: Iterable[str]) -> None:
        self.names: list[str] = []
        self.why_not = ""
        self.megabytes: dict[str, float] = {}  # that each took at most, once they have ended
        self._programs: dict[str, subprocess.Popen[str]] = {}
        try:
            python = peers_python()
        except PeersMissing as error:
            self.why_not = str(error)
            return
        for name in names:
            command = [python, "-P", str(ENGINES), str(folder), name, case]
            self._programs[name] = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.names = [name for name, program in self._programs.items() if _told(program) == "ready"]

    def __enter__(self) -> Engines:
        return self

    def __exit__(self, *_: object) -> None:
        for name, program in self._programs.items():
            said = program.communicate()[0]
            self.megabytes[name] = float(said or "nan")

    def way(self, name: str) -> Callable[[], float]:
        """Seconds of one run of that engine, each time it is called."""

        def once() -> float:
            program = self._programs[name]
            assert program.stdin is not None
            print("again", file=program.stdin, flush=True)
            return float(_told(program))

        return once


def _told(program: subprocess.Popen[str]) -> Any:
    assert program.stdout is not None
    line = program.stdout.readline()
    assert line, f"{ENGINES.name} ended with exit code {program.wait()}"
    return json.loads(line)


def peers_python() -> str:
    """Their Python; PeersMissing says why there is none."""
    wanted = REQUIREMENTS.read_text(encoding="utf-8") + sys.version
    if not _STAMP.exists() or _STAMP.read_text(encoding="utf-8") != wanted:
        _make(wanted)
    return str(_python())


def _python() -> Path:
    return FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _make(wanted: str) -> None:
    print(f"making {FOLDER} (once, takes a few minutes) ...", file=sys.stderr, flush=True)
    if FOLDER.exists():
        shutil.rmtree(FOLDER)
    venv.create(FOLDER, with_pip=True)
    options = ("--quiet", "--disable-pip-version-check", "--require-hashes")
    command = [str(_python()), "-I", "-m", "pip", "install", *options, "-r", str(REQUIREMENTS)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_WITHIN)
    except subprocess.TimeoutExpired as error:
        raise PeersMissing(f"{REQUIREMENTS.name} was not installed within {_WITHIN:g} s") from error
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ["pip said nothing"]
        raise PeersMissing(f"{REQUIREMENTS.name} could not be installed: {last[0][:200]}")
    _STAMP.write_text(wanted, encoding="utf-8")

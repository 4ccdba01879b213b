"""One provider in a process of its own, asked for one symbol at a time.

It exists because libraries of providers log in while they are loaded, print where programs write their answers, and hang
for ever: here what they print is caught, and a limit of time is one.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable
from datetime import date
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any

from shared.catalog import Catalog
from shared.errors import RelayError, in_words
from shared.market.asking.nature import nature_of
from shared.market.bars import Bars
from shared.market.outage import ExternalDataUnavailable

_SPAWN = multiprocessing.get_context("spawn")
_ON = ("1", "true", "yes", "y", "on", "")
_LINES = 5
_DYING = 5.0
_LOADING = 120.0  # seconds a library may take to load beside its first question: half a minute on a slow NAS
_INSIDE = 0.8  # of the limit: what a library's own limits are, so that it can still say so itself


class ProviderFaulty(RelayError):
    """The code that asks a provider failed by itself: a fault of ours, or of its library, and no outage."""

    code = "E-PROVIDER-FAULTY"


class Provider:
    """A provider by its name; its process is made when it is first asked, and again after it had to be ended."""

    def __init__(self, name: str, seconds: float = 60.0, loading: float = _LOADING) -> None:
        self.name, self._seconds, self._loading = name, seconds, seconds + loading
        self._folder = Path(tempfile.mkdtemp(prefix="krx-relay-provider-"))
        self._process: Any = None
        self._connection: Connection | None = None

    def __enter__(self) -> Provider:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._end()
        shutil.rmtree(self._folder, ignore_errors=True)  # a file held open a moment longer is no reason to fail

    def fetch(self, symbol: str, start: date, end: date) -> Bars:
        """Its bars between these days; ExternalDataUnavailable with the kind of outage, ProviderFaulty where it is none."""
        doing = f"asking {self.name} for {symbol}"
        if os.environ.get("ALLOW_NET_FETCH", "1").strip().lower() not in _ON and not nature_of(self.name).is_local:
            raise ExternalDataUnavailable(doing, "the network is switched off by ALLOW_NET_FETCH", "disabled")
        try:
            found = self._ready(doing)
            if found is None and self._connection is not None:
                self._connection.send((symbol, start, end))
                found = self._said(self._seconds, doing)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self._end()
            raise ProviderFaulty(doing, f"its process died: {self._printed()}", "try it by itself") from None
        if isinstance(found, ExternalDataUnavailable):
            raise found
        if not isinstance(found, Bars):
            raise ProviderFaulty(doing, f"{found}; it printed: {self._printed()}", "keep the log and report it")
        return found

    def _ready(self, doing: str) -> Any:
        """None once its process is there and has loaded what it needs; else why it could not."""
        if self._connection is not None and self._process.is_alive():
            return None
        self._end()
        self._connection, theirs = _SPAWN.Pipe()
        arguments = (theirs, self.name, self._folder / "printed.txt", (self._loading, self._seconds))
        self._process = _SPAWN.Process(target=_serve, args=arguments, daemon=True, name=self.name)
        self._process.start()
        theirs.close()
        found = self._said(self._loading, f"{doing}: loading what it needs")
        if found is not None:
            self._end()
        return found

    def _said(self, seconds: float, doing: str) -> Any:
        """What it says next; one that says nothing in time is ended."""
        if self._connection is None or not self._connection.poll(seconds):
            self._end()
            raise ExternalDataUnavailable(doing, f"no answer in {seconds:g} s: it was ended", "timeout")
        return self._connection.recv()

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join(_DYING)
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None

    def _printed(self) -> str:
        """The last lines of what its library printed."""
        with contextlib.suppress(OSError):
            lines = (self._folder / "printed.txt").read_text(encoding="utf-8", errors="replace").splitlines()
            return " / ".join(lines[-_LINES:])[:500] or "nothing"
        return "nothing"


def _serve(connection: Connection, name: str, printed: Path, limits: tuple[float, float]) -> None:
    """In the process: answer until nobody asks any more. Of the limits one is for loading and one for each question."""
    loading, seconds = limits
    file = os.open(printed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for number in (1, 2):
        os.dup2(file, number)
    sys.stdout = sys.stderr = open(file, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115 - until the end
    alarm = getattr(signal, "alarm", lambda _: 0)  # Windows has none
    tempfile.tempdir = str(printed.parent)  # what a library leaves there goes with it
    socket.setdefaulttimeout(_INSIDE * seconds)
    alarm(int(loading) + 30)  # also where whoever asked was killed meanwhile
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        connection.send(_tried(partial(_prepare, name)))
        while True:
            alarm(0)
            asked = connection.recv()
            alarm(int(seconds) + 30)
            connection.send(_tried(partial(_part(name).fetch, *asked)))


def _prepare(name: str) -> None:
    """A provider without a library has nothing to load."""
    getattr(_part(name), "prepare", _nothing)()


def _nothing() -> None:
    pass


def _part(name: str) -> Any:
    return Catalog("shared.market.providers").load(name)


def _tried(ask: Callable[[], Any]) -> Any:
    """Bars, or the outage; in words what is neither."""
    try:
        return ask()
    except RelayError as error:
        return error
    except Exception as error:  # a fault of the provider's code becomes one with a code, on the other side
        traceback.print_exc()
        return in_words(error)

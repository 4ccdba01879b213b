"""One provider in a process of its own, asked for one symbol at a time.

It exists because libraries of providers log in while they are loaded, print where programs write their answers, and hang
for ever: here what they print is caught, and a limit of time is one.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import tempfile
import traceback
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any

from shared.catalog import Catalog
from shared.errors import RelayError, in_words
from shared.market.bars import Bars
from shared.market.outage import ExternalDataUnavailable

_SPAWN = multiprocessing.get_context("spawn")
_OFF = ("0", "false", "no", "n", "off")
_LINES = 5
_DYING = 5.0


class ProviderFaulty(RelayError):
    """The code that asks a provider failed by itself: a fault of ours, or of its library, and no outage."""

    code = "E-PROVIDER-FAULTY"


class Provider:
    """A provider by its name; its process is made when it is first asked, and again after it had to be ended."""

    def __init__(self, name: str, seconds: float = 60.0) -> None:
        self.name, self._seconds = name, seconds
        self._folder = Path(tempfile.mkdtemp(prefix="krx-relay-provider-"))
        self._process: Any = None
        self._connection: Connection | None = None

    def __enter__(self) -> Provider:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._end()
        for file in self._folder.iterdir():
            file.unlink()
        self._folder.rmdir()

    def fetch(self, symbol: str, start: date, end: date) -> Bars:
        """Its bars between these days; ExternalDataUnavailable with the kind of outage, ProviderFaulty where it is none."""
        doing = f"asking {self.name} for {symbol}"
        if os.environ.get("ALLOW_NET_FETCH", "1").strip().lower() in _OFF and not is_local(self.name):
            raise ExternalDataUnavailable(doing, "the network is switched off by ALLOW_NET_FETCH", "disabled")
        try:
            connection = self._started()
            connection.send((symbol, start, end))
            if not connection.poll(self._seconds):
                self._end()
                raise ExternalDataUnavailable(doing, f"no answer in {self._seconds:g} s: it was ended", "timeout")
            found = connection.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self._end()
            raise ProviderFaulty(doing, f"its process died: {self._printed()}", "try it by itself") from None
        if isinstance(found, RelayError):
            raise found
        if not isinstance(found, Bars):
            raise ProviderFaulty(doing, f"{found}; it printed: {self._printed()}", "keep the log and report it")
        return found

    def _started(self) -> Connection:
        if self._connection is None or not self._process.is_alive():
            self._end()
            self._connection, theirs = _SPAWN.Pipe()
            arguments = (theirs, self.name, self._folder / "printed.txt", self._seconds)
            self._process = _SPAWN.Process(target=_serve, args=arguments, daemon=True, name=self.name)
            self._process.start()
            theirs.close()
        return self._connection

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


def is_local(name: str) -> bool:
    """Whether a provider reads files of this machine, and needs no network."""
    return bool(getattr(Catalog("shared.market.providers").load(name), "LOCAL", False))


def _serve(connection: Connection, name: str, printed: Path, seconds: float) -> None:
    """In the process: answer until nobody asks any more."""
    file = os.open(printed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for number in (1, 2):
        os.dup2(file, number)
    sys.stdout = sys.stderr = open(file, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115 - until the end
    alarm = getattr(signal, "alarm", lambda _: 0)  # Windows has none
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            asked = connection.recv()
            alarm(int(seconds) + 30)  # also where whoever asked was killed meanwhile
            connection.send(_found(name, *asked))
            alarm(0)


def _found(name: str, symbol: str, start: date, end: date) -> Any:
    """Bars, or the outage; in words what is neither."""
    try:
        return Catalog("shared.market.providers").load(name).fetch(symbol, start, end)
    except RelayError as error:
        return error
    except Exception as error:  # a fault of the provider's code becomes one with a code, on the other side
        traceback.print_exc()
        return in_words(error)

"""Real programs for tests: `python -m pc …` and `python -m nas …` over a folder of the test, each ended with its children.

It exists so that a test says what it starts and what it waits for, and so that nothing it started survives it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Sequence, Type

import psutil

from shared.config import HOME
from tests.harness.road import Road, until

STRATEGIES = HOME / "tests" / "strategies_outside"
LOG_LINE = re.compile(
    r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] \[(?P<level>INFO|WARNING|ERROR)\] \[(?P<event>[A-Z]+(_[A-Z]+)+)\] "
    r'rc=(?P<rc>\d+) details="(?P<details>[^"\n]*)" elapsed=\d+ms'
)
# No settings.
_AS_THEY_ARE = (
    *("PYTHONPATH", "TMPDIR", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "MPLCONFIGDIR"),
    *("ALLOW_NET_FETCH", "KRX_OPENAPI_KEY", "KRX_OPENAPI_URL", "NAVER_CHART_URL"),
)
_QUICK = {
    "SETTLE_SECONDS": "0",
    "SLOTS": "1",
    "DURABLE": "0",
    "PRICES": "synthetic",
    "SCAN_SECONDS": "0.3",
    "ALLOW_NET_FETCH": "0",
}


class Done(NamedTuple):
    """A command that ended by itself."""

    rc: int
    out: str
    err: str


class Program:
    """One running program; what it prints is kept in two files."""

    def __init__(self, words: Sequence[str], environment: Dict[str, str], folder: Path) -> None:
        self._texts = [folder / f"{name}.txt" for name in ("out", "err")]
        folder.mkdir(parents=True)
        with open(self._texts[0], "wb") as out, open(self._texts[1], "wb") as err:
            self._popen = subprocess.Popen(words, env=environment, stdout=out, stderr=err, stdin=subprocess.DEVNULL, cwd=HOME)
        self.pid = self._popen.pid
        self._seen: Dict[int, psutil.Process] = {}
        self._looked = 0.0

    def out(self) -> str:
        """Its standard output up to now."""
        return self._texts[0].read_text(encoding="utf-8", errors="replace")

    def err(self) -> str:
        """Its standard error up to now."""
        return self._texts[1].read_text(encoding="utf-8", errors="replace")

    def events(self) -> List[str]:
        """The events it logged up to now, in order."""
        matches = [LOG_LINE.fullmatch(text) for text in self.err().splitlines()]
        return [match["event"] for match in matches if match]

    def until_event(self, event: str, times: int = 1, seconds: float = 30.0) -> None:
        """Wait for it to log that; its death before is an error with its last words."""

        def there() -> bool:
            found = self.events().count(event) >= times
            assert found or self.is_running() or self.events().count(event) >= times, f"it ended without {event}:\n{self.err()}"
            return found

        try:
            until(there, seconds)
        except AssertionError as error:
            raise AssertionError(f"no {event} in {seconds:g} s; it said:\n{self.err()}") from error

    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        if time.monotonic() - self._looked > 0.3:  # it costs milliseconds
            self.children()
        return self._popen.poll() is None

    def children(self) -> List[psutil.Process]:
        """The processes below it, those it ever had and that still live among them."""
        self._looked = time.monotonic()
        with contextlib.suppress(psutil.Error):
            for found in psutil.Process(self.pid).children(recursive=True):
                self._seen.setdefault(found.pid, found)
        return [found for found in self._seen.values() if is_alive(found)]

    def send(self, number: int) -> None:
        """Send it a signal."""
        self.children()
        if self._popen.poll() is None:
            self._popen.send_signal(number)

    def ended(self, seconds: float = 40.0) -> int:
        """Wait for its end; its exit code."""
        try:
            until(lambda: not self.is_running(), seconds)
        except AssertionError as error:
            raise AssertionError(f"it still runs after {seconds:g} s; it said:\n{self.err()}") from error
        return int(self._popen.returncode)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to leave and wait; its exit code."""
        self.send(number)
        return self.ended()

    def end(self) -> None:
        """Whatever it does now, neither it nor anything it started goes on."""
        found = self.children()
        if self._popen.poll() is None:
            self._popen.kill()
            self._popen.wait()
        for one in found:
            with contextlib.suppress(psutil.Error):
                one.kill()
        until(lambda: not any(map(is_alive, found)))  # not until they are reaped: that is up to who adopted them


class Machine:
    """One machine as the folder sees it: its settings in the environment, and the programs that run on it."""

    def __init__(self, folder: Path, data: Path, **settings: Any) -> None:
        self.folder, self.reports = folder, Path(settings.get("reports", folder / "reports"))
        self.road = Road(self.reports, data, strategies_path=STRATEGIES)
        self._settings = {**_QUICK, "REPORTS": self.reports, "DATA": data, "LOGS": folder / "logs", "STRATEGIES_PATH": STRATEGIES}
        self._settings.update({"BACKTESTS": folder / "backtests", "PRIVATE": folder / "secret"})
        self._settings.update({name.upper(): value for name, value in settings.items()})
        self._programs: List[Program] = []

    def __enter__(self) -> "Machine":
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: object, trace: Optional[TracebackType]) -> None:
        for program in self._programs:
            if kind:
                print(f"--- a program said:\n{program.err()[-4000:]}")
            program.end()

    def environment(self, **settings: Any) -> Dict[str, str]:
        """What its programs find in their environment: nothing of the settings of whoever runs the tests."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RELAY_")}
        wanted = {**self._settings, **{name.upper(): value for name, value in settings.items()}}
        named = {name if name in _AS_THEY_ARE else f"RELAY_{name}": value for name, value in wanted.items()}
        return {**kept, **{name: str(value) for name, value in named.items() if value is not None}}

    def start(self, *words: str, before: Sequence[str] = (), **settings: Any) -> Program:
        """A program in the background: `start("pc", "watch")` is `python -m pc watch`."""
        whole = [*before, sys.executable, "-m", *words]
        folder = self.folder / "programs" / str(len(self._programs))
        program = Program(whole, self.environment(**settings), folder)
        self._programs.append(program)
        return program

    def run(self, *words: str, seconds: float = 60.0, **settings: Any) -> Done:
        """A program to its end."""
        program = self.start(*words, **settings)
        rc = program.ended(seconds)
        program.end()
        return Done(rc, program.out(), program.err())

    def watch(self, **settings: Any) -> Program:
        """A worker that runs for ever, ready to claim."""
        program = self.start("pc", "watch", **settings)
        program.until_event("WORKER_STARTED")
        return program

    def answered(self, request_id: str, seconds: float = 40.0) -> Dict[str, Any]:
        """Wait for an answer; its manifest, verified."""
        done = self.reports / "done" / request_id / "manifest.json"
        until(done.exists, seconds)
        return self.road.manifest(request_id)

    def runs(self) -> Dict[str, Dict[str, Any]]:
        """What the workers tell about their runs, by id."""
        found = {}
        for alive in (self.reports / "running").glob("*/alive"):
            with contextlib.suppress(OSError, ValueError):
                found.update({run["request_id"]: run for run in json.loads(alive.read_text(encoding="utf-8")).get("runs", [])})
        return found

    def until_running(self, request_id: str, phase: Optional[str] = None) -> None:
        """Wait for a run to be told, in that phase where one is named."""
        until(lambda: (run := self.runs().get(request_id)) and phase in (None, run["phase"]))


def is_alive(process: psutil.Process) -> bool:
    """Whether it runs; a zombie does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


@contextlib.contextmanager
def held_elsewhere(lock: Path) -> Iterator[None]:
    """Another process holds that lock meanwhile: a lock is its process's."""
    said = "import sys; from pathlib import Path; from shared.lock import only_one\n"
    said += "with only_one(Path(sys.argv[1])) as held: print(held, flush=True); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", said, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HOME
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == "True\n"
        yield
    finally:
        holder.communicate()

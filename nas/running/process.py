"""One try of a job: a process of its own, its output passed on as it comes, its time limited, nothing of it left behind.

It exists because a job may hang, be killed or run out of memory, and whoever started it must still say how it ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import IO, Any, Callable, Deque, Dict, Iterator, List, NamedTuple, Optional, Sequence

from nas.outcome import Outcome
from shared.masking import masked
from shared.one_line import one_line

_DIE_WITH_PARENT = 1  # prctl: PR_SET_PDEATHSIG
_DYING = 10.0  # seconds between the request to end and the end
_NOT_STARTED = 127  # as a shell says it
_LONGEST = 1 << 16  # bytes of a line: one that never ends would fill the memory
_KEPT = 200  # lines of its output
_LAST_LINES = 2.0  # seconds its output may come after its end: what it left running may hold it open for ever

Hear = Callable[[str], object]


class Work(NamedTuple):
    """What is started. `tells`: it is a job of ours, and says itself how it ended, in a file whose name it is given last."""

    command: Sequence[str]
    seconds: float
    tells: bool = False


class Ended(NamedTuple):
    """How it ended: `rc` as the system has it, `outcome` where it said so itself, and the last of what it printed."""

    rc: int
    seconds: float
    printed: str = ""
    outcome: Optional[Outcome] = None
    is_late: bool = False  # ended by us: its time was over
    stopped_by: int = 0  # the signal that asked us to end


def one_try(work: Work, hear: Hear, asked: List[int]) -> Ended:
    """Start it and wait for its end; every line it prints is heard at once. `asked`: see `asked_to_end`."""
    try:
        return _tried(work, hear, asked)
    except OSError as error:  # no such program, no room for its folder
        return Ended(_NOT_STARTED, 0.0, f"{work.command[0]} cannot be started: {error.strerror or error}")


def _tried(work: Work, hear: Hear, asked: List[int]) -> Ended:
    import tempfile  # a closed guard needs none

    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="krx-relay-job-") as folder:
        file = Path(folder) / "outcome.json"
        command = [*work.command, str(file)] if work.tells else list(work.command)
        with _started(command) as process:
            lines = _passed_on(process, hear)
            is_late = not _waited(process, began + work.seconds, asked)
            rc = _ended(process)
            printed = lines()
        stopped = asked[0] if asked else 0
        return Ended(rc, time.monotonic() - began, printed, _outcome_in(file), is_late and not stopped, stopped)


def pause(seconds: float, asked: List[int]) -> None:
    """So long, and no longer than until somebody asks us to end."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and not asked:
        time.sleep(min(0.2, max(0.0, ends - time.monotonic())))


def ended_by(rc: int) -> str:
    """The signal's name where it was one that ended it."""
    with contextlib.suppress(ValueError):
        return signal.Signals(-rc).name if rc < 0 else ""
    return f"signal {-rc}"


@contextlib.contextmanager
def _started(command: Sequence[str]) -> Iterator["subprocess.Popen[bytes]"]:
    """In a group of its own, which ends with this; and with us, whatever becomes of us."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        start_new_session=True,
        preexec_fn=_tied if sys.platform == "linux" else None,  # noqa: PLW1509 - one thread there is, the first
    )
    try:
        yield process
    finally:
        _end_group(process, signal.SIGKILL)
        process.wait()


def _tied() -> None:
    import ctypes

    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


@contextlib.contextmanager
def asked_to_end() -> Iterator[List[int]]:
    """Who asks us to end asks the job to end: which signal came, in a list that is empty until then."""
    asked: List[int] = []

    def note(number: int, _: Any) -> None:
        asked.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _waited(process: "subprocess.Popen[bytes]", ends: float, asked: List[int]) -> bool:
    """Whether it ended by itself before its time was over and before anybody asked us to end."""
    while time.monotonic() < ends and not asked:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(min(0.2, max(0.0, ends - time.monotonic())))
            return True
    return process.poll() is not None


def _ended(process: "subprocess.Popen[bytes]") -> int:
    """Its code; one that still runs is asked to end, and ended."""
    if process.poll() is None:
        _end_group(process, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_DYING)
    if process.poll() is None:
        _end_group(process, signal.SIGKILL)
    return process.wait()


def _end_group(process: "subprocess.Popen[bytes]", number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _passed_on(process: "subprocess.Popen[bytes]", hear: Hear) -> Callable[[], str]:
    """Both of its streams go on to ours, line by line; what is given back waits for their ends and has the last lines."""
    kept: Deque[str] = deque(maxlen=_KEPT)
    lock = threading.Lock()  # never held while anything is written: whoever reads us may have stopped to

    def take(line: str, target: "IO[str]") -> None:
        with lock:
            kept.append(line)
        hear(line)
        _show(line, target)

    pairs = ((process.stdout, sys.stdout), (process.stderr, sys.stderr))
    threads = [threading.Thread(target=_pump, args=(source, target, take), daemon=True) for source, target in pairs]
    for thread in threads:
        thread.start()

    def lines() -> str:
        for thread in threads:
            thread.join(_LAST_LINES)
        with lock:
            return "\n".join(kept)

    return lines


def _pump(source: "IO[bytes]", target: "IO[str]", take: Callable[[str, "IO[str]"], None]) -> None:
    for raw in iter(lambda: source.readline(_LONGEST), b""):
        take(masked(one_line(raw.decode("utf-8", "replace").rstrip("\r\n").replace("\t", "    "))), target)


def _show(line: str, target: "IO[str]") -> None:
    with contextlib.suppress(OSError, ValueError):  # nobody reads ours any more
        print(line, file=target, flush=True)


def _outcome_in(file: Path) -> Optional[Outcome]:
    """What it said itself; None where it never came to that."""
    try:
        told: Dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return Outcome(**told)
    except (OSError, ValueError, TypeError):
        return None

"""One try of a job: a process in a group of its own, its time limited, ended with all it started, also when we are killed.

It exists because a job may hang, be killed or run out of memory, and whoever started it must still say how it ended.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, Iterator, List, Sequence

from nas.running.judging import judged, not_begun, stopped
from nas.running.outcome import Outcome, outcome_in
from nas.running.output import Hear, Output
from nas.running.work import Exit, Work
from shared.errors import ShareUnreachable

_DYING = 10.0  # seconds between the request to end and the end
_NOT_STARTED = 127  # as a shell says it
_LAST_LINES = 2.0  # seconds its output may come after its end
_LOOK = 0.2  # seconds between two looks at who asks us to end
_SHORT = 0.02  # seconds: who can print no more is about to end
# It is told a group's number, and later a second line. Where that never comes we were killed, and the number is the group's
# as long as anybody of it lives.
_GUARD = 'read -r group && { read -r over || kill -s KILL -- "-$group"; }'


def one_try(work: Work, hear: Hear, asked: List[int]) -> Outcome:
    """Start it and wait for its end; every line it prints is heard at once. `asked`: see `asked_to_end`."""
    import tempfile  # a closed guard needs none

    try:
        folder = tempfile.TemporaryDirectory(prefix="krx-relay-job-")
    except OSError as error:  # a full disk: no fault of the program's
        doing, fix = "making the folder in which a job says how it ended", "make room there, or name another one in TMPDIR"
        return not_begun(ShareUnreachable(doing, error.strerror or str(error), fix))
    try:
        with folder as name:
            ended = _tried(work, hear, asked, Path(name) / "outcome.json")
    except OSError as error:  # no such program
        ended = Exit(_NOT_STARTED, f"{work.command[0]} cannot be started: {error.strerror or error}")
    return stopped(asked[0]) if asked else judged(ended, work)


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


def pause(seconds: float, asked: List[int]) -> None:
    """So long, and no longer than until somebody asks us to end."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and not asked:
        time.sleep(min(_LOOK, max(0.0, ends - time.monotonic())))


def _tried(work: Work, hear: Hear, asked: List[int], file: Path) -> Exit:
    with _started([*work.command, *([str(file)] if work.tells else [])]) as process:
        output = Output(process, hear)
        is_cut = not _followed(process, output, work.seconds, asked)
        _see_to_its_end(process, output)
        printed = output.pass_on_rest(_LAST_LINES)
    return Exit(process.wait(), printed, outcome_in(file), is_cut)


@contextlib.contextmanager
def _started(command: Sequence[str]) -> Iterator["subprocess.Popen[bytes]"]:
    """In a group of its own, which ends with this, and with us whatever becomes of us. It is waited for last: until then no other
    group can have its number."""
    with _guarded() as note:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
            preexec_fn=lambda: os.write(note, b"%d\n" % os.getpid()),  # noqa: PLW1509 - there is one thread, the first
        )
        try:
            yield process
        finally:
            _end_group(process, signal.SIGKILL)
    process.wait()


@contextlib.contextmanager
def _guarded() -> Iterator[int]:
    """Where to write the number of the group that is to end when we are killed: a shell outlives us for so long."""
    quiet = subprocess.DEVNULL
    guard = subprocess.Popen(["/bin/sh", "-c", _GUARD], stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, start_new_session=True)
    assert guard.stdin is not None
    try:
        yield guard.stdin.fileno()
    finally:
        guard.communicate(b"over\n")


def _followed(process: "subprocess.Popen[bytes]", output: Output, seconds: float, asked: List[int]) -> bool:
    """Pass on what it prints until it has ended; False where its time, or somebody who asks us to end, came first."""
    ends = time.monotonic() + seconds
    while not _has_ended(process):
        left = ends - time.monotonic()
        if left <= 0 or asked:
            return False
        if not output.pass_on(min(_LOOK, left)):
            time.sleep(min(_SHORT, left))
    return True


def _see_to_its_end(process: "subprocess.Popen[bytes]", output: Output) -> None:
    """One that still runs is asked to end, and ended."""
    if not _has_ended(process):
        _end_group(process, signal.SIGTERM)
        if not _followed(process, output, _DYING, []):
            _end_group(process, signal.SIGKILL)


def _has_ended(process: "subprocess.Popen[bytes]") -> bool:
    """It is only looked at, and not waited for."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _end_group(process: "subprocess.Popen[bytes]", number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)

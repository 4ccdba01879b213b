"""The porter: has a running worker's folder synced, at the start, after answers and again and again, by a process of its own.

It exists so that nobody has to type `sync` on the PC, and so that no claim ever waits for a network.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading

from inbox import safe_id
from shared.carriers import open_carrier
from shared.config import Settings
from shared.disk import Disk
from shared.events import Log

LAST = 10.0  # seconds: so long a worker that was told to leave sends its last answers; what is left then goes at the next start
_FAREWELL = 3.0  # without any: the NAS learns that the worker left, where it can be reached at once
_ANSWERED = ("RESULT_SEALED", "REQUEST_CANCELLED")
_TOGETHER = 0.3  # answers sealed so close together go in one round
_STANDS_STILL = 10.0  # times carry_seconds: a first round may have much to move
_LISTENED_EVERY = 60.0


class Porter:
    """`start` for a worker that watches, `carry` for one round now; `leave` in the end, whichever it was."""

    def __init__(self, settings: Settings, every: float) -> None:
        self._settings, self._every = settings, every
        self._log = Log(settings.log_of("pc"))
        self._turn = threading.Lock()
        self._rung, self._owed, self._leaving = threading.Event(), threading.Event(), threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._is_over = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """A round now, and from now on."""
        self._thread = threading.Thread(target=self._carry_again_and_again, name="porter", daemon=True)
        self._thread.start()

    def hear(self, event: str) -> None:
        """An answer is sealed: it goes soon."""
        if event in _ANSWERED:
            self._owed.set()
            self._rung.set()

    def carry(self, seconds: float, aloud: bool = False) -> None:
        """One round, for at most that long; `aloud` it is logged whatever became of it, else only what is news."""
        with self._turn:
            if self._is_over:
                return
            self._owed.clear()
            is_done = self._asked(b"aloud\n" if aloud else b"quiet\n", seconds)
        if not is_done and not self._leaving.is_set():
            self._log.warning("SYNC_CUT_OFF", seconds=f"{seconds:g}", fix="it is tried again; try `python -m pc sync` by hand")

    def leave(self, seconds: float = LAST) -> None:
        """Within that time send what was answered since the last round, and that the worker left; then nothing of ours runs."""
        self._leaving.set()
        self._rung.set()
        if self._thread:
            self._thread.join(seconds)
        elif self._owed.is_set():
            self.carry(seconds, aloud=True)
        self._is_over = True
        self.cut()
        if self._child:
            self._child.wait()

    def cut(self) -> None:
        """End the round that goes on, and whatever it started; also from a signal's handler."""
        child = self._child
        if child and child.poll() is None:
            with contextlib.suppress(OSError):
                child.kill() if os.name == "nt" else os.killpg(child.pid, signal.SIGKILL)

    def _carry_again_and_again(self) -> None:
        while not self._leaving.is_set():
            self._rung.clear()
            self.carry(self._settings.carry_seconds * _STANDS_STILL)
            self._rung.wait(self._every)
            self._leaving.wait(_TOGETHER)
        self.carry(LAST if self._owed.is_set() else _FAREWELL)

    def _asked(self, word: bytes, seconds: float) -> bool:
        """Whether the round ended; one that did not by then is ended with its process, and the next has a new one."""
        child = self._child = self._child if self._child and self._child.poll() is None else _started()
        assert child.stdin
        assert child.stdout
        too_long = threading.Timer(seconds, self.cut)
        too_long.start()
        try:
            child.stdin.write(word)
            child.stdin.flush()
            return bool(child.stdout.readline())
        except OSError:
            return False
        finally:
            too_long.cancel()


def open_porter(settings: Settings) -> Porter | None:
    """The porter of this machine; None where both machines use one folder and no prices travel. Nothing is carried yet."""
    if not (settings.is_carried or settings.there_data):
        return None
    if not settings.there:
        return Porter(settings, _LISTENED_EVERY)
    carrier = open_carrier(settings, settings.there, safe_id(settings.worker), Disk(settings.durable))
    return Porter(settings, settings.carry_every or carrier.every)


def _started() -> subprocess.Popen[bytes]:
    """A process in a session of its own: a Ctrl-C is meant for the worker."""
    apart = os.name != "nt"
    flags = 0 if apart else getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    words = [sys.executable, "-m", "pc.rounds"]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=apart, creationflags=flags)

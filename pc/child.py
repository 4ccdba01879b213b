"""The child process in which runs happen: warm, one run at a time, gone with its parent.

It exists so that a strategy that crashes, hangs or eats memory costs one run, and never the worker.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from multiprocessing.connection import Connection, wait
from multiprocessing.process import parent_process
from typing import Any

from inbox import Claim, read_asked
from pc.descendants import end_descendants, has_children, open_files
from pc.desk import Desk, open_desk
from pc.news import Ended, Phase, Started
from shared.config import Settings
from shared.errors import RelayError, RunFaulty, ShareUnreachable
from shared.events import Log

_INTERRUPTED = 130
_OUR_THREADS = ("MainThread", "parent", "flush")
_DIE_WITH_PARENT, _ADOPT_ORPHANS = 1, 36  # prctl: PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER
_LARGEST_FILE = 1 << 30
_MOST_FILES = 64  # what a child of ours ever has open is a third of it


def main(connection: Connection, settings: Settings) -> None:
    """Warm up, then run what is sent until the other end closes. What is told meanwhile: pc/news.py."""
    _tie_to_parent()
    import pc.run
    from pc.in_force import code_in_force, environment

    code_in_force()  # the commit this process was loaded from, not the one of a later pull
    pc.run.warm()
    environment()
    desk = open_desk(settings, Log(quiet=True))
    while (claim := _received(connection)) is not None:
        _serve(connection, desk, claim)


def _serve(connection: Connection, desk: Desk, claim: Claim) -> None:
    """One run; whatever it held is let go of before the next is waited for."""
    _tell(connection, Started())
    ended = _run(connection, desk, _whole(desk, claim))._replace(leaving=_something_stays())
    connection.send(ended)
    if ended.leaving:
        _leave_with_it()


def _run(connection: Connection, desk: Desk, claim: Claim) -> Ended:
    from pc.answer import perform

    request = claim.asked.request
    limit = (request.memory_mb if request else None) or desk.settings.memory_mb
    try:
        with _limits(limit):
            return Ended(perform(desk, claim, lambda phase, percent: _tell(connection, Phase(phase, percent))))
    except ShareUnreachable as error:
        return Ended(_fault_of_run(error) or error)
    except RelayError as error:
        return Ended(error)
    except KeyboardInterrupt:
        os._exit(_INTERRUPTED)  # nobody interrupts us from outside: the strategy raised it, and what it wanted is to end


def _fault_of_run(error: ShareUnreachable) -> RelayError | None:
    """Every child begins with few files open: if it may open no more, its run holds them, and would again."""
    from pc.answer import own_limit

    cause = own_limit(error)
    if cause:
        found = f"the run left its process unable to ({cause.strerror}; {open_files()} files are open)"
        return RunFaulty("writing the answer", found, "let the strategy close what it opens, and leave the limits alone")
    return None


def _whole(desk: Desk, claim: Claim) -> Claim:
    """A large request comes without its content, which lies in our folder: no pipe is ever full."""
    if claim.asked.data:
        return claim
    asked = read_asked(desk.inbox, claim.file, claim.request_id)
    return claim._replace(asked=asked) if asked else claim


def _something_stays() -> bool:
    """Whether a run left a thread, a process or files that would meet the next one; its timers are stopped here."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)
    threads = any(not thread.name.startswith(_OUR_THREADS) for thread in threading.enumerate())
    return threads or has_children() or open_files() > _MOST_FILES


def _leave_with_it() -> None:
    """This process goes, with all that was started in it; its worker makes a fresh one."""
    end_descendants(os.getpid())
    if hasattr(os, "killpg"):
        os.killpg(os.getpgid(0), signal.SIGKILL)
    os._exit(0)


def _received(connection: Connection) -> Any:
    try:
        return connection.recv()
    except (EOFError, OSError):
        return None


def _tell(connection: Connection, news: Started | Phase) -> None:
    with contextlib.suppress(OSError):
        connection.send(news)


@contextlib.contextmanager
def _limits(megabytes: int) -> Any:
    """A run that wants more gets a MemoryError, and one that writes a file without end gets told so. Only Linux has both
    limits; elsewhere the parent watches the memory and ends the process."""
    if sys.platform != "linux":
        yield
        return
    import resource

    wanted = (megabytes << 20) + _data_bytes()  # what a warm process has before any run is not the run's
    before = [(which, resource.getrlimit(which)) for which in (resource.RLIMIT_DATA, resource.RLIMIT_FSIZE)]
    for (which, (_, hard)), soft in zip(before, (wanted, _LARGEST_FILE), strict=True):
        resource.setrlimit(which, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
    try:
        yield
    finally:
        for which, limits in before:
            resource.setrlimit(which, limits)


def _data_bytes() -> int:
    """What RLIMIT_DATA counts, of this process: the sixth field of statm, in pages."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")


def _tie_to_parent() -> None:
    """Ctrl-C is the parent's business; its death is ours."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "setsid"):
        os.setsid()
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1)
    parent = parent_process()
    assert parent is not None
    threading.Thread(target=_leave_with, args=(parent,), daemon=True, name="parent").start()


def _leave_with(parent: Any) -> None:
    wait([parent.sentinel])
    os._exit(3)

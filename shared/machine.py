"""This machine and its processes: who we are, and whether a process of ours is still the one it was.

It exists so that a worker killed on this very host is known to be dead at once, without waiting for its lease.
"""

from __future__ import annotations

import functools
import os
import socket
from pathlib import Path
from typing import NamedTuple, Optional


class Process(NamedTuple):
    """One process start: a pid alone is reused."""

    host: str
    pid: int
    start: float


@functools.lru_cache(maxsize=1)
def host() -> str:
    """This host since its start; two machines of one name are two hosts, and so are two containers on one machine."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        space = os.readlink("/proc/self/ns/pid")
    except (OSError, AttributeError):
        return socket.gethostname()
    return f"{socket.gethostname()}/{boot}/{space}"


def this_process() -> Process:
    """The process that asks."""
    return Process(host(), os.getpid(), start_of(os.getpid()) or 0.0)


def is_gone(process: Process) -> bool:
    """Whether it surely no longer runs; False where that cannot be told from here."""
    if process.host != host() or not process.start:
        return False
    started = start_of(process.pid)
    return started is None or (started > 0 and abs(started - process.start) > 1.0)


def start_of(pid: int) -> Optional[float]:
    """When that process started, None if there is none; 0 where this cannot be told."""
    try:
        import psutil
    except ImportError:  # a NAS has only the base install
        return None if os.path.isdir("/proc/self") and not os.path.isdir(f"/proc/{pid}") else 0.0
    try:
        found = psutil.Process(pid)
        return None if found.status() == psutil.STATUS_ZOMBIE else float(found.create_time())
    except psutil.NoSuchProcess:
        return None
    except psutil.Error:
        return 0.0

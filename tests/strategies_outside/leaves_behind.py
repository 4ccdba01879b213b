"""Ends well, or never, and leaves something behind that would meet the next run."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from typing import Any, List

from pydantic import BaseModel

from shared.strategies import Targets

SYMBOLS = ("KOSPI",)
_FOR_EVER = "import os, signal; print(os.getpid(), flush=True); signal.pause()"
_KEPT: List[int] = []


class Params(BaseModel):
    """What: open files (all there may be, if `at_most` is less), or a process whose pid is written down; and whether it ends."""

    files: int = 0
    at_most: int = 0
    pid: str = ""
    ends: bool = True


def decide(prices: Any, params: Params) -> Targets:
    """Stays in cash."""
    import numpy as np

    if params.at_most:
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (params.at_most, hard))
    try:
        for _ in range(params.files):
            _KEPT.append(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        print(f"no more files: {error}")
    if params.pid:
        _leave_a_process(params.pid)
    if not params.ends:
        signal.pause()
    return Targets(np.array([0]), np.zeros((1, len(prices.symbols))))


def _leave_a_process(pid: str) -> None:
    """Its parent is gone when this returns."""
    start = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {_FOR_EVER!r}], start_new_session=True)"
    between = subprocess.Popen([sys.executable, "-c", start], stdout=subprocess.PIPE, text=True)
    assert between.stdout is not None
    with open(pid, "w", encoding="utf-8") as file:
        file.write(between.stdout.readline())
    between.wait()

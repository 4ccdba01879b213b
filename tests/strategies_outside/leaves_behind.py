"""Ends well, or never, and leaves something behind that would meet the next run."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from typing import Any, List

from pydantic import BaseModel

from shared.strategies import Targets

SYMBOLS = ("KOSPI",)
_FOR_EVER = "import os, sys, time; print(os.getpid(), flush=True); time.sleep(600)"
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
    while not params.ends:
        time.sleep(1)
    return Targets(np.array([0]), np.zeros((1, len(prices.symbols))))


def _leave_a_process(pid: str) -> None:
    """Its parent is gone when this returns."""
    start = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {_FOR_EVER!r}], start_new_session=True)"
    with open(f"{pid}.tmp", "w", encoding="utf-8") as file:
        subprocess.run([sys.executable, "-c", start], stdout=file, check=True)
    while not os.path.getsize(f"{pid}.tmp"):
        time.sleep(0.01)
    os.rename(f"{pid}.tmp", pid)

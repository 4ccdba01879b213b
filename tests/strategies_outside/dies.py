"""Takes its whole process with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

from pydantic import BaseModel

SYMBOLS = ("KOSPI",)


class Params(BaseModel):
    """How, and whether somebody is left behind."""

    how: str = "segfault"
    orphan: str = ""


def decide(prices: Any, params: Params) -> Any:
    """Never decides."""
    print("last words", flush=True)
    if params.orphan:
        program = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()"
        with open(params.orphan, "w", encoding="utf-8") as file:
            file.write(str(subprocess.Popen([sys.executable, "-c", program]).pid))
    if params.how == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    os._exit(7)

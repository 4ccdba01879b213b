"""Writes where it must not: into its prices, into its own process's doors and limits."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from pydantic import BaseModel

from shared.strategies import Targets

SYMBOLS = ("KOSPI",)


class Params(BaseModel):
    """What it touches."""

    what: str = "prices"


def decide(prices: Any, params: Params) -> Targets:
    """Stays in cash, should it come so far."""
    import numpy as np

    if params.what == "prices":
        prices.close[0, 0] = 1.0
    if params.what == "stdout":
        sys.stdout.close()
        sys.stderr = None
    if params.what == "folder":
        os.chdir("/")
        os.umask(0o777)
    if params.what == "signals":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if params.what == "descriptors":
        os.closerange(0, 64)
    return Targets(np.array([0]), np.zeros((1, len(prices.symbols))))

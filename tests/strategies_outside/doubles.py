"""Forks, raises an error class of its own, or writes into the calendar: what a run must survive without harm to others."""

from __future__ import annotations

import os
from typing import Any

from pydantic import BaseModel

from shared.errors import DataMissing
from shared.strategies import Targets

SYMBOLS = ("KOSPI",)


class TooFewDays(DataMissing):
    """Known here and nowhere else."""


class Params(BaseModel):
    """What it does, and what its second process does: whoever of the two is first, each file can be made once."""

    what: str = "fork"
    then: str = "returns"


def decide(prices: Any, params: Params) -> Targets:
    """Stays in cash."""
    import numpy as np

    if params.what == "own error":
        raise TooFewDays("counting the days", "there are too few", "ask for more")
    if params.what == "calendar":
        days = prices.dates
        days += np.timedelta64(1000, "D")
    if params.what == "fork" and os.fork() == 0 and params.then == "raises":
        raise ValueError("in the second process")
    return Targets(np.array([0]), np.zeros((1, len(prices.symbols))))

"""Prints megabytes, through Python and past it, and then decides well."""

from __future__ import annotations

import os
from typing import Any

from pydantic import BaseModel

from shared.strategies import Targets

SYMBOLS = ("KOSPI",)


class Params(BaseModel):
    """How much."""

    megabytes: int = 8


def decide(prices: Any, params: Params) -> Targets:
    """Stays in cash."""
    import numpy as np

    print("한글과 \N{CHICKEN} 섞인 말")
    for _ in range(params.megabytes):
        print("x" * (1 << 19))
        os.write(1, b"y" * (1 << 19))
    return Targets(np.array([0]), np.zeros((1, len(prices.symbols))))

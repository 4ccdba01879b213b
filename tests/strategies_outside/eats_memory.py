"""Wants more memory than anybody has."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

SYMBOLS = ("KOSPI",)


class Params(BaseModel):
    """Bit by bit, in one blow, or by a mapping that no limit of the process counts."""

    how: str = "slowly"


def decide(prices: Any, params: Params) -> Any:
    """Never decides."""
    import mmap

    import numpy as np

    print(f"eating {params.how}", flush=True)
    eaten: Any = []
    if params.how == "at once":
        eaten = np.ones(1 << 33)
    if params.how == "shared":
        eaten = mmap.mmap(-1, 3 << 30)
        for page in range(0, 3 << 30, 4096):
            eaten[page] = 1
    while True:
        eaten.append(np.ones(1 << 17))

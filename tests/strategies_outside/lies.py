"""Answers something that is no decision."""

from __future__ import annotations

from typing import Any, Callable, Dict

from pydantic import BaseModel

from shared.strategies import Targets

SYMBOLS = ("KOSPI",)


class Params(BaseModel):
    """Which lie."""

    which: str = "nan"


def decide(prices: Any, params: Params) -> Any:
    """A lie."""
    import numpy as np

    def said(rows: Any, weights: Any) -> Targets:
        return Targets(np.array(rows), np.array(weights))

    lies: Dict[str, Callable[[], Any]] = {
        "nan": lambda: said([2000], [[float("nan")]]),
        "infinite": lambda: said([2000], [[float("inf")]]),
        "too much": lambda: said([2000], [[1.01]]),
        "negative": lambda: said([2000], [[-0.5]]),
        "wrong shape": lambda: said([2000], [[0.5, 0.5]]),
        "descending": lambda: said([2001, 2000], [[1.0], [0.0]]),
        "beyond the end": lambda: said([10**6], [[1.0]]),
        "text": lambda: said(["2020-01-01"], [["all"]]),
        "a tuple": lambda: ([2000], [[1.0]]),
        "nothing": lambda: None,
    }
    return lies[params.which]()

"""Raises in the middle of its decision."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

SYMBOLS = ("KOSPI",)


class Params(BaseModel):
    """What is raised."""

    kind: str = "ValueError"


def decide(prices: Any, params: Params) -> Any:
    """Never decides."""
    print("about to raise")
    if params.kind == "exit":
        raise SystemExit(0)
    if params.kind == "interrupt":
        raise KeyboardInterrupt
    if params.kind == "memory":
        raise MemoryError
    raise ValueError("the window is made of glass")

"""Forgot its Params."""

from __future__ import annotations

from typing import Any

SYMBOLS = ("KOSPI",)


def decide(prices: Any, params: Any) -> Any:
    """Is never asked."""
    return None

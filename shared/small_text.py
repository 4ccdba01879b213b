"""What is small text: JSON, txt and CSV up to 1 MB, and the names without an ending that are ours.

It exists so that what a carrier leaves behind and what an answer may lack are decided by one rule.
"""

from __future__ import annotations

from pathlib import Path

MOST = 1_000_000  # bytes
_KINDS = (".json", ".txt", ".csv")
_OURS = ("", ".cancel")  # signs of life, words of receipt; wishes


def is_text(name: str) -> bool:
    """Whether numbers, or what is said about them, stand in such a file."""
    return Path(name).suffix in _KINDS


def is_small(name: str, size: int) -> bool:
    """Whether it may be kept where nothing is ever thrown away."""
    return size <= MOST and (is_text(name) or Path(name).suffix in _OURS)

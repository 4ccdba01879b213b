"""Whose memory an array's numbers lie in.

It exists because a view of a mapped file is an array like any other, and tests want to know that nothing was copied.
"""

from __future__ import annotations

from typing import Any


def whose(array: Any) -> Any:
    """The innermost owner: a mapped file, or the array that holds the numbers itself."""
    while getattr(array, "base", None) is not None:
        array = array.base
    return array

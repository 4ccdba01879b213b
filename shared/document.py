"""Writing a JSON document of ours, so that a person can read it, at the speed of pydantic's own encoder.

It exists because `indent` makes Python's json encode in Python, ten times slower, and a request passes here several times.
"""

from __future__ import annotations

import json
from typing import Any, Mapping

from pydantic_core import to_json

_NO_NUMBERS = (b"NaN", b"Infinity")


def written(document: Mapping[str, Any]) -> bytes:
    """The document in UTF-8; ValueError where a number is NaN or infinite, which no JSON can say."""
    data = to_json(document, indent=1)
    if any(word in data for word in _NO_NUMBERS):
        json.dumps(document, allow_nan=False)  # raises, unless it is only some text that says so
    return data + b"\n"

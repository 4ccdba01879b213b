"""The figures of an answer as its metrics.json holds them: an object of finite numbers, or none that can be shown.

It exists because an answer may agree with its own hashes to the last byte and still hold what breaks whoever reads it.
"""

from __future__ import annotations

import json
import math
from typing import Any, Dict

from shared.errors import AnswerDamaged

_FIX = "`python -m nas retry` asks again"


def figures_in(data: bytes, request_id: str) -> Dict[str, Any]:
    """What stands there; AnswerDamaged where it is no object, or holds what the old readers cannot take: NaN, Infinity."""
    doing = f"publishing {request_id!r}"
    try:
        figures = json.loads(data, parse_float=_finite, parse_int=_whole, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        found = "its metrics.json is no JSON that says finite numbers"
        raise AnswerDamaged(doing, f"{found} ({' '.join(str(error).split())[:80]})", _FIX) from error
    if not isinstance(figures, dict):
        raise AnswerDamaged(doing, f"its metrics.json holds {type(figures).__name__}, not an object", _FIX)
    return figures


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)


def _whole(text: str) -> int:
    _finite(text)  # whoever reads it as a number of a table could not
    return int(text)


def _refuse(text: str) -> float:
    raise ValueError(f"{text[:20]} is no finite number")

"""The requests doctor sends itself: how they are marked, and known again by their answers.

It exists because the answer to `doctor --round-trip` is a real one, and yet news to nobody.
"""

from __future__ import annotations

import json

LABELS = {"doctor": "yes"}


def is_doctors(request: bytes) -> bool:
    """Whether that request, as its answer holds it, is one of those."""
    try:
        labels = json.loads(request)["labels"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    return isinstance(labels, dict) and LABELS.items() <= labels.items()

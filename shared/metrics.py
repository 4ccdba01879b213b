"""Measurements: one JSON object for each job and run that is over, in a file of the day; only where `METRICS_ENABLED=1` says so.

It exists so that how long things take can be followed over months, and costs nobody anything who does not ask for it.
"""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "METRICS_ENABLED"
FOLDER, NAME = "metrics", "metrics_%Y-%m-%d.jsonl"


def is_on() -> bool:
    """Whether anybody wants them."""
    return os.environ.get(VARIABLE, "") == "1"


def note(logs: Path, name: str, value: float, **labels: object) -> None:
    """One object more, where they are wanted; what cannot be written stops nothing."""
    if not is_on():
        return
    from shared import clock
    from shared.log_file import append
    from shared.one_line import json_line

    moment, told = clock.now(), {label: str(one) for label, one in labels.items()}
    line = json_line({"at": clock.iso(moment), "name": name, "value": round(value, 3), "labels": told})
    append(logs / FOLDER / NAME, line, moment)

"""What was noted today of jobs and runs that are over, summed up.

It exists so that whoever reads the page once a minute misses none that came and went between two looks.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

from nas.gauge.exposition import Family, Sample
from shared.kept import facts_in
from shared.metrics import FOLDER

_KINDS = {
    "job_seconds": ("relay_job_seconds", "job", "How long the jobs that ended today took."),
    "run_seconds": ("relay_run_seconds", "status", "How long the runs that ended today took, from claim to answer."),
}


def noted_today(logs: Path, day: date) -> List[Family]:
    """Nothing where nothing is noted: METRICS_ENABLED is not 1."""
    noted = list(_noted(logs / FOLDER, day))
    labels = [one["labels"] for one in noted if one["name"] == "job_seconds"]
    ended = Counter((one.get("job", ""), one.get("outcome", "")) for one in labels)
    samples = [Sample(count, {"job": job, "outcome": outcome}) for (job, outcome), count in sorted(ended.items())]
    text = "Jobs that ended today, by outcome; it begins anew at midnight in Korea."
    counted = Family("relay_jobs_total", "counter", text, samples)
    return [counted, *(_summary(noted, kind) for kind in _KINDS)]


def _summary(noted: List[Dict[str, Any]], kind: str) -> Family:
    name, label, text = _KINDS[kind]
    sums: Dict[str, Tuple[float, int]] = {}
    for one in noted:
        if one["name"] == kind and one["labels"].get("outcome") != "SKIPPED":
            seconds, count = sums.get(one["labels"].get(label, ""), (0.0, 0))
            sums[one["labels"].get(label, "")] = (seconds + one["value"], count + 1)
    samples = [
        Sample(value, {label: whose}, ending)
        for whose, both in sorted(sums.items())
        for ending, value in zip(("_sum", "_count"), both)
    ]
    return Family(name, "summary", text, samples)


def _noted(folder: Path, day: date) -> Iterator[Dict[str, Any]]:
    """Also of files that were rolled; a line that is none of ours is left out."""
    for file in sorted(folder.glob(f"metrics_{day}*.jsonl")):
        with contextlib.suppress(OSError):
            yield from filter(_is_ours, map(facts_in, file.read_bytes().splitlines()))


def _is_ours(one: Dict[str, Any]) -> bool:
    value = one.get("value")
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    labels = one.get("labels")
    are_labels = isinstance(labels, dict) and all(isinstance(each, str) for each in labels.values())
    return is_number and are_labels and isinstance(one.get("name"), str)

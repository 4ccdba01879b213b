"""`data/quality/<date>.json`: what was found about the prices of a day, for whoever asks later.

It exists so that a finding outlives the panel it was made of.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from shared import clock
from shared.disk import Disk
from shared.market.quality.finding import Finding

SCHEMA = "relay.quality/1"


def write_quality(folder: Path, day: date, findings: Iterable[Finding]) -> Path:
    """The file of that day in `folder`, whole or as it was before; it takes the place of an earlier one of that day."""
    told = [one.as_dict() for one in findings]
    counts = Counter(one["severity"] for one in told)
    document = {
        "schema": SCHEMA,
        "date": str(day),
        "made_at": clock.iso(clock.now()),
        "counts": {severity: counts[severity] for severity in ("ERROR", "WARNING", "INFO")},
        "findings": told,
    }
    file = folder / f"{day}.json"
    disk = Disk()
    disk.ensure_folder(folder)
    disk.publish(file, json.dumps(document, ensure_ascii=False, indent=1).encode(), replacing=True)
    return file

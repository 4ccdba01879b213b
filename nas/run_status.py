"""`reports/run_status.json`: how the day's runs ended, and of which symbols the prices were not as they should be.

It exists so that one small file answers "did everything run today, and on what", for a page, a script or a tired person.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping

from shared import clock
from shared.disk import Disk
from shared.document import written

RUN_STATUS = "run_status.json"
SCHEMA = "relay.run-status/1"


def run_status(entries: Iterable[Mapping[str, Any]], day: date) -> Dict[str, Any]:
    """Of the answers that were finished on that Korean day."""
    today = [entry for entry in entries if _is_of(entry, day)]
    symbols: Dict[str, List[str]] = {}
    for entry in today:
        for symbol, note in dict(entry.get("odd_prices") or {}).items():
            symbols.setdefault(str(symbol), [])
            symbols[str(symbol)] += [str(note)] if str(note) not in symbols[str(symbol)] else []
    told = ("request_id", "strategy", "status", "code", "why", "degraded", "data_until", "finished")
    return {
        "schema": SCHEMA,
        "day": str(day),
        "statuses": dict(sorted(Counter(str(entry.get("status")) for entry in today).items())),
        "degraded": sum(1 for entry in today if entry.get("degraded")),
        "symbols": dict(sorted(symbols.items())),
        "runs": [{name: entry.get(name) for name in told} for entry in today],
    }


def write_run_status(disk: Disk, reports: Path, entries: Iterable[Mapping[str, Any]], day: date) -> bool:
    """Make the file say that; False where it does already, and nobody sees it change."""
    data = written(run_status(entries, day))
    with contextlib.suppress(OSError):
        if disk.read(reports / RUN_STATUS).data == data:
            return False
    disk.publish(reports / RUN_STATUS, data, replacing=True)
    return True


def _is_of(entry: Mapping[str, Any], day: date) -> bool:
    finished = clock.moment_in(entry.get("finished"))
    return finished is not None and finished.astimezone(clock.KST).date() == day

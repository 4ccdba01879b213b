"""Running a table: its rows one after the other, printed as they are measured, or as one JSON document.

It exists so that every table of docs/benchmarks.md is made, shown and judged alike.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pc.bench.data_rows import rows as data_rows
from pc.bench.engine_rows import rows as engine_rows
from pc.bench.measure import Goal, Refused, Scale
from pc.bench.nas_rows import rows as nas_rows
from pc.bench.queue_rows import Row
from pc.bench.queue_rows import rows as queue_rows
from pc.bench.road_rows import rows as road_rows
from shared.config import load
from shared.errors import UsageWrong, nearest
from shared.outcome import FAILED, TRY_LATER, USAGE

TABLES: dict[str, Callable[[], Iterator[tuple[str, Row]]]] = {
    "queue": queue_rows,
    "road": road_rows,
    "engine": engine_rows,
    "data": data_rows,
    "nas": nas_rows,
}


def run_table(table: str, as_json: bool, only: str, folder: str) -> int:
    """Measure and print; 0 all reached, 1 a goal missed, 2 something could not be measured, 64 a folder that cannot serve."""
    chosen = _chosen(table, only)
    wanted = Path(folder).absolute() if folder else load().data / "bench"
    document: dict[str, Any] = {"table": table, "machine": _machine(), "rows": []}
    codes = [0]
    for name, row in chosen:
        found, code = measured(row, Scale(), wanted)
        codes.append(code)
        document["rows"].append({"row": name, **found})
        print("\n".join(rendered(name, found)), file=sys.stderr if as_json else sys.stdout, flush=True)
    if as_json:
        print(json.dumps(document, ensure_ascii=False))
    return max(codes, key=(0, TRY_LATER, FAILED, USAGE).index)


def measured(row: Row, scale: Scale, wanted: Path) -> tuple[dict[str, Any], int]:
    """One row as plain data, and its exit code."""
    try:
        found = row(scale, wanted)
    except Refused as refusal:
        return {"goals": [], "figures": {}, "not_measured": str(refusal)}, refusal.exit_code or TRY_LATER
    reached = [goal.reached for goal in found.goals]
    code = FAILED if False in reached else TRY_LATER if None in reached or found.not_measured else 0
    goals = [_plain(goal) for goal in found.goals]
    return {"goals": goals, "figures": found.figures, "not_measured": found.not_measured}, code


def _chosen(table: str, only: str) -> list[tuple[str, Row]]:
    if table not in TABLES:
        raise UsageWrong(f"measuring {table!r}", "there is no such table", nearest(table, TABLES))
    every = list(TABLES[table]())
    chosen = [(name, row) for name, row in every if only.lower() in name.lower()]
    if not chosen:
        raise UsageWrong(f"measuring {table!r}", f"no row has {only!r} in its name", nearest(only, [name for name, _ in every]))
    return chosen


def _plain(goal: Goal) -> dict[str, Any]:
    value = None if goal.value is None else round(goal.value, 4)
    reach = f"{'≥' if goal.at_least else '≤'} {goal.limit:g}{goal.unit}"
    return {
        "what": goal.what,
        "value": value,
        "unit": goal.unit.strip(),
        "reach": reach,
        "reached": goal.reached,
        "why": goal.why,
    }


def rendered(name: str, found: dict[str, Any]) -> list[str]:
    """The row for people: each goal with what was seen, then the figures behind it."""
    shown = [name, f"  not measured: {found['not_measured']}"] if found["not_measured"] else [name]
    for goal in found["goals"]:
        seen = "not measured" if goal["value"] is None else f"{goal['value']:.3g}"
        verdict = {True: "yes", False: "NO", None: goal["why"]}[goal["reached"]]
        shown.append(f"  {goal['what']:<46} {seen:>12} {goal['unit']:<2}  reach {goal['reach']:<9} {verdict}")
    figures = " · ".join(f"{key} {value}" for key, value in found["figures"].items())
    return [*shown, f"    {figures}"] if figures else shown


def _machine() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "processor": platform.machine(),
    }

"""A worker with nothing to do: the share of a core it takes, and what its parent process has loaded.

It exists because it runs for ever on a PC that people use for other things.
"""

from __future__ import annotations

import time
from pathlib import Path

import psutil

from pc.bench.measure import Goal, Measured, Scale, folder_on_disk, settings_in
from pc.bench.watching import Watching

_HEAVY = ("numpy", "pandas", "matplotlib")
CONTENT = {"strategy": "krx_ma200", "start": "2024-01-01", "end": "2024-06-30", "charts": False}


def idle(scale: Scale, wanted: Path) -> Measured:
    """CPU of `python -m pc watch` and its warm children together, with nothing in pending."""
    with folder_on_disk(wanted) as root, Watching(settings_in(root, slots=2)) as ours:
        ours.warm(CONTENT)
        family = [psutil.Process(ours.process.pid)]
        family += family[0].children(recursive=True)
        time.sleep(min(1.0, scale.idle_seconds))
        before, began = _cpu_seconds(family), time.monotonic()
        time.sleep(scale.idle_seconds)
        percent = (_cpu_seconds(family) - before) / (time.monotonic() - began) * 100
        loaded = [_heavy_in(process) for process in family]
        memory = [process.memory_info().rss >> 20 for process in family]
    heavy_parent = sum(len(found) for found in loaded[:1])
    goals = [Goal("of one core", percent, 0.3, unit=" %"), Goal("heavy libraries in the parent", heavy_parent, 0.0, unit="")]
    figures: dict[str, float | str] = {"seconds": scale.idle_seconds, "processes": len(family), "parent, MB": memory[0]}
    # The children show that the question is answered truly: they have loaded what the parent has not.
    return Measured(goals, {**figures, "loaded by the children": ", ".join(sorted(set().union(*loaded[1:]))) or "nothing"})


def _cpu_seconds(family: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in family)


def _heavy_in(process: psutil.Process) -> set[str]:
    """The heavy libraries whose compiled parts are in that process's memory; each of the three has some."""
    parts = {part for mapped in process.memory_maps() for part in Path(mapped.path).parts}
    return parts & set(_HEAVY)

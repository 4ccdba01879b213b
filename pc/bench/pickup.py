"""The pick-up: from the rename into pending to the run's own code in a warm child, durable, on a disk.

It exists because a request that waits for a timer, an import or a process start is what people notice.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pc.bench.measure import Goal, Measured, Scale, folder_on_disk, percentile, settings_in
from pc.bench.peers import PeersMissing, peers_python
from pc.bench.plain_watch import PlainWatch
from pc.bench.watching import Folders, Watching
from pc.desk import open_desk
from pc.worker import Worker
from shared.config import Settings
from shared.events import Log

# A strategy of one's own is executed inside the warm child. When this one is first loaded, in a run that does not count,
# it puts a probe at the entry of the run function; all before that entry is the ordinary road, nothing of it is changed.
_ENTERED = '''"""Writes down when the run function is entered."""
import time
from pathlib import Path

import numpy as np
import pydantic

import pc.run
from shared.strategies import Targets

SYMBOLS = ("990010",)
MOMENTS = Path(__file__).with_name("entered.txt")


class Params(pydantic.BaseModel):
    pass


def decide(prices, params):
    return Targets(rows=np.zeros(1, dtype=int), weights=np.zeros((1, 1)))


def probed(run):
    def entered(*arguments):
        moment = time.perf_counter_ns()
        with open(MOMENTS, "a") as file:
            file.write(f"{moment}\\n")
        return run(*arguments)

    entered.probe = True
    return entered


if not hasattr(pc.run.prepared, "probe"):
    pc.run.prepared = probed(pc.run.prepared)
'''
CONTENT = {"strategy": "entered", "start": "2024-01-01", "end": "2024-03-31", "charts": False, "benchmarks": [], "fresh": True}
Latency = Callable[[], float]
_QUIET, _AFTER_CLAIM, _PROCESSES_EVERY = 0.25, 0.03, 8
_IMPORTS = "import time, pandas, matplotlib.pyplot; print(time.perf_counter_ns())"


def pick_up(scale: Scale, wanted: Path) -> Measured:
    """Idle and 30 ms after a claim, in turn with watchdog's bare callback and a process per request."""
    command, why_not = _importing()
    with folder_on_disk(wanted) as root, ExitStack() as open_ones:
        settings = _settings(root)
        ours = open_ones.enter_context(Watching(settings))
        bare = open_ones.enter_context(PlainWatch(root / "plain"))
        each = open_ones.enter_context(PlainWatch(root / "each", command))
        ours.warm(CONTENT)
        often = {"watchdog": bare.latency, "idle": lambda: _idle(ours), "after a claim": lambda: _after_a_claim(ours)}
        found = _in_turn(scale.pickups, often, {"process": each.latency} if command else {})
    return Measured(_goals({"process": [], **found}, why_not), _figures(found))


def by_scan(scale: Scale, wanted: Path) -> Measured:
    """The same for a worker that no event ever reaches."""
    with folder_on_disk(wanted) as root:
        found = _scanned(_settings(root), scale.scans)
    figures: dict[str, float | str] = {"p50, ms": _ms(percentile(found, 50)), "longest, ms": _ms(max(found))}
    return Measured([Goal("longest", max(found), 1.0, unit=" s")], figures)


def _importing() -> tuple[list[str], str]:
    """The command that does nothing but import, or nothing and why not."""
    try:
        return [peers_python(), "-c", _IMPORTS], ""
    except PeersMissing as error:
        return [], str(error)


def _in_turn(count: int, often: Mapping[str, Latency], seldom: Mapping[str, Latency]) -> dict[str, list[float]]:
    """All of them side by side, the dear ones every few turns."""
    found: dict[str, list[float]] = {name: [] for name in [*often, *seldom]}
    for number in range(count):
        for name, latency in {**often, **({} if number % _PROCESSES_EVERY else seldom)}.items():
            found[name].append(latency())
    return found


def _scanned(settings: Settings, count: int) -> list[float]:
    folders, found = Folders(settings), []
    with _unwatched(settings):
        folders.warm(CONTENT)
        for _ in range(count):
            time.sleep(random.uniform(0.0, settings.scan_seconds))
            found.append(_latency(folders))
    return found


def _settings(root: Path) -> Settings:
    own = root / "strategies"
    own.mkdir()
    (own / "entered.py").write_text(_ENTERED, encoding="utf-8")
    return settings_in(root, strategies_path=own, slots=2)


@contextmanager
def _unwatched(settings: Settings) -> Iterator[None]:
    from pc.launchers.processes import open_launcher

    desk = open_desk(settings, Log(quiet=True))
    worker = Worker(desk, open_launcher(desk))
    thread = threading.Thread(target=worker.watch, name="worker")
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join()


def _idle(ours: Folders) -> float:
    time.sleep(_QUIET)
    return _latency(ours)


def _after_a_claim(ours: Folders) -> float:
    """The first is dropped long after anything else, the second 30 ms after the first was claimed."""
    time.sleep(_QUIET)
    first, _ = ours.drop(CONTENT)
    ours.wait_claimed(first)
    time.sleep(_AFTER_CLAIM)
    seconds = _latency(ours)
    ours.wait_for(first)
    return seconds


def _latency(ours: Folders) -> float:
    request_id, began = ours.drop(CONTENT)
    ours.wait_for(request_id)
    assert ours.settings.strategies_path is not None
    entered = (ours.settings.strategies_path / "entered.txt").read_text(encoding="utf-8").split()
    return (max(int(moment) for moment in entered) - began) / 1e9


def _goals(found: dict[str, list[float]], why_not: str) -> list[Goal]:
    callback = percentile(found["watchdog"], 50)
    process = percentile(found["process"], 50) if found["process"] else None
    goals = []
    for when in ("idle", "after a claim"):
        middle = percentile(found[when], 50)
        goals.append(Goal(f"{when}: p50 of watchdog's bare callback", middle / callback, 6.0))
        goals.append(Goal(f"{when}: p95", percentile(found[when], 95) * 1000, 10.0, unit=" ms"))
        faster = process / middle if process else None
        goals.append(Goal(f"{when}: faster than a process with pandas", faster, 100.0, at_least=True, why=why_not))
    return goals


def _figures(found: dict[str, list[float]]) -> dict[str, float | str]:
    figures: dict[str, float | str] = {}
    for name, values in found.items():
        for percent in (50, 95) if values else ():
            figures[f"{name}, p{percent}, ms"] = _ms(percentile(values, percent))
    return figures


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)

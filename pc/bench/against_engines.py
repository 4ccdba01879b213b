"""Runs of ours in turn with the peers' over the same closes: how often as fast, and with how much memory.

It exists because the engine is to be faster than any peer with every check on, and a claim like that is measured or not made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pc.bench.engine_cases import CASES, panel_of, request_for, seconds_of_run, seconds_of_simulation
from pc.bench.measure import Goal, Measured, Scale, folder_on_disk, interleaved, medians, output_of, python, ratio
from pc.bench.peers import Engines

if TYPE_CHECKING:
    from shared.market import Prices

_WITHOUT = "ours without checks"


class Asked(NamedTuple):
    """A case, how often as fast as which peers, and the most MB: 0 where it is to be less than any peer's, None: not asked."""

    case: str
    faster_than: dict[str, float]
    most_mb: float | None = None


def average(scale: Scale, wanted: Path) -> Measured:
    """One symbol over 20 years in and out of its average of 200 closes."""
    return _against(Asked("average", {"vectorbt": 20.0, "backtesting": 100.0}), scale, wanted)


def momentum(scale: Scale, wanted: Path) -> Measured:
    """The best 20 of 500 every month for ten years, 25 bps; and the memory of a process that does it once."""
    return _against(Asked("momentum", {"vectorbt": 50.0, "bt": 70.0}, 0.0), scale, wanted)


def momentum_of_2000(scale: Scale, wanted: Path) -> Measured:
    """The best 20 of 2,000 for twenty years: bt alone, vectorbt takes most of a minute there."""
    return _against(Asked("momentum of 2000", {"bt": 100.0}, 600.0), scale, wanted)


def _against(asked: Asked, scale: Scale, wanted: Path) -> Measured:
    rows, width = scale.panel or CASES[asked.case]
    with _panel_on_disk(rows, width, wanted) as (folder, prices):
        memory = _memory_of_one(folder, width) if asked.most_mb is not None else 0.0
        request = request_for(width)
        with Engines(folder, "average" if width == 1 else "momentum", asked.faster_than) as peers:
            ours = {"ours": lambda: seconds_of_run(request, prices), _WITHOUT: lambda: seconds_of_simulation(request, prices)}
            found = interleaved(scale.engine_runs, ours | {name: peers.way(name) for name in peers.names})
    goals = [_faster(found, name, limit, peers.why_not) for name, limit in asked.faster_than.items()]
    goals += _memory(memory, asked, peers)
    figures = {f"{name}, ms": round(seconds * 1000, 2) for name, seconds in medians(found).items()}
    return Measured(goals, {**figures, **{f"{name}, MB": round(size) for name, size in peers.megabytes.items()}})


def _memory_of_one(folder: Path, width: int) -> float:
    return float(output_of(python("-m", "pc.bench.engine_cases", str(folder), str(width))))


def _faster(found: "dict[str, list[float]]", name: str, limit: float, why_not: str) -> Goal:
    value = ratio(found, name, "ours") if name in found else None
    return Goal(f"faster than {name}", value, limit, at_least=True, why=why_not)


def _memory(ours: float, asked: Asked, peers: Engines) -> list[Goal]:
    """Below the limit, or below each peer where there is none."""
    if asked.most_mb is None:
        return []
    if asked.most_mb:
        return [Goal("memory of the process", ours, asked.most_mb, unit=" MB")]
    theirs = {name: peers.megabytes.get(name) for name in asked.faster_than}
    return [Goal(f"memory of {name}'s", ours / mb if mb else None, 1.0, why=peers.why_not) for name, mb in theirs.items()]


@contextmanager
def _panel_on_disk(rows: int, width: int, wanted: Path) -> Iterator[tuple[Path, Prices]]:
    """Written and mapped as prices of people are; what is no part of the case is not kept in memory."""
    from shared.market import open_prices, write_prices

    with folder_on_disk(wanted) as root:
        folder = root / "panel"
        write_prices(folder, panel_of(rows, width))
        yield folder, open_prices(folder)

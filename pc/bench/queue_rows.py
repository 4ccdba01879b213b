"""The table of the queue: its rows, each with what it measures.

It exists so that `python -m pc bench queue` is one list; docs/benchmarks.md says how each row is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from pc.bench.measure import Measured, Scale

Row = Callable[[Scale, Path], Measured]


def rows() -> Iterator[tuple[str, Row]]:
    """Every row's name and how it is measured, imported when it is its turn."""
    from pc.bench.cold import cold_commands
    from pc.bench.cycle import full_cycle
    from pc.bench.depth import deep_folder
    from pc.bench.idle import idle
    from pc.bench.pickup import by_scan, pick_up
    from pc.bench.seal import durable_seal
    from pc.bench.small_run import small_run

    yield "full cycle on tmpfs", full_cycle
    yield "durable seal of nine files", durable_seal
    yield "pick-up", pick_up
    yield "pick-up without events", by_scan
    yield "100,000 pending files", deep_folder
    yield "idle", idle
    yield "cold commands", cold_commands
    yield "small request, warm", small_run

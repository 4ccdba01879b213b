"""The table of the engine: its rows, each with what it measures.

It exists so that `python -m pc bench engine` is one list; docs/benchmarks.md says how each row is measured.
"""

from __future__ import annotations

from collections.abc import Iterator

from pc.bench.queue_rows import Row


def rows() -> Iterator[tuple[str, Row]]:
    """Every row's name and how it is measured, imported when it is its turn."""
    from pc.bench.against_engines import average, momentum, momentum_of_2000
    from pc.bench.growth import growth
    from pc.bench.whole_request import cold_run, whole_request

    yield "MA200, 1 x 20 years", average
    yield "Top-20 momentum, 500 x 10 years", momentum
    yield "Top-20 momentum, 2,000 x 20 years", momentum_of_2000
    yield "cost growth", growth
    yield "whole request, warm worker", whole_request
    yield "cold pc run", cold_run

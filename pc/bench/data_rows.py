"""The table of the data: its rows, each with what it measures.

It exists so that `python -m pc bench data` is one list; docs/benchmarks.md says how each row is measured.
"""

from __future__ import annotations

from collections.abc import Iterator

from pc.bench.queue_rows import Row


def rows() -> Iterator[tuple[str, Row]]:
    """Every row's name and how it is measured, imported when it is its turn."""
    from pc.bench.kept_prices import assembled, extended
    from pc.bench.warm_panel import warm_panel

    yield "warm panel, 500 x 10 years", warm_panel
    yield "extend 500 symbols by one day", extended
    yield "assemble, look at and seal 500 x 10 years", assembled

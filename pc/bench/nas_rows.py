"""The table of the NAS: its rows, each with what it measures.

It exists so that `python -m pc bench nas` is one list; docs/benchmarks.md says how each row is measured.
"""

from __future__ import annotations

from collections.abc import Iterator

from pc.bench.queue_rows import Row


def rows() -> Iterator[tuple[str, Row]]:
    """Every row's name and how it is measured, imported when it is its turn."""
    from pc.bench.cold import guarded_out
    from pc.bench.scan_decision import decision

    yield "guarded-out job", guarded_out
    yield "scan, 300 x 300 days", decision

"""The table of the road: its rows, each with what it measures.

It exists so that `python -m pc bench road` is one list; docs/benchmarks.md says how each row is measured.
"""

from __future__ import annotations

from collections.abc import Iterator

from pc.bench.queue_rows import Row


def rows() -> Iterator[tuple[str, Row]]:
    """Every row's name and how it is measured, imported when it is its turn."""
    from pc.bench.published import notices_told, publish_one
    from pc.bench.road import answers_brought, doctors, nothing_new

    yield "answers brought and verified", answers_brought
    yield "nothing new to bring", nothing_new
    yield "publish of one answer", publish_one
    yield "notices told", notices_told
    yield "doctor", doctors

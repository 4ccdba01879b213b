"""How the cost of a run grows with its symbols, at four sizes.

It exists to show that it is linear in symbols × decision rows: nothing is done twice for a symbol because there are others.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from pc.bench.engine_cases import panel_of, request_for, seconds_of_run
from pc.bench.measure import Goal, Measured, Scale, interleaved, medians, ratio

_SIZES = (250, 500, 1_000, 2_000)


def growth(scale: Scale, wanted: Path) -> Measured:
    """Ten years of 250 to 2,000 symbols: eight times as many may take eight times as long, and no more."""
    rows, first = scale.panel or (2_520, _SIZES[0])
    sizes = [first * size // _SIZES[0] for size in _SIZES]
    cases = {f"{size} symbols": (request_for(size), panel_of(rows, size)) for size in sizes}
    found = interleaved(scale.engine_runs, {name: partial(seconds_of_run, *case) for name, case in cases.items()})
    names = list(cases)
    goals = [
        Goal(f"{more} of {less}, per symbol", ratio(found, more, less) / (sizes[place + 1] / sizes[place]), 1.1)
        for place, (less, more) in enumerate(zip(names, names[1:], strict=False))
    ]
    return Measured(goals, {f"{name}, ms": round(seconds * 1000, 1) for name, seconds in medians(found).items()})

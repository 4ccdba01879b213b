"""An answer's equity curve in a few facts: how far it is below its height now, and its shape in twelve signs.

It exists because a manifest holds the deepest fall but not whether it is over, and a telephone shows no picture.
"""

from __future__ import annotations

import math
from typing import List, NamedTuple, Optional

_BARS = "▁▂▃▄▅▆▇█"
_SIGNS = 12


class Curve(NamedTuple):
    """`below`: the fall from the highest day so far to the last one, ≤ 0; None and empty where nothing can be read."""

    below: Optional[float]
    shape: str


def curve_of(table: bytes) -> Curve:
    """What the strategy's column of an equity_curve.csv says; the start counts as a height."""
    growth = _strategy_column(table)
    if not growth:
        return Curve(None, "")
    return Curve(min(0.0, growth[-1] / max(1.0, *growth) - 1), _shape(growth))


def _strategy_column(table: bytes) -> List[float]:
    rows = [line.split(",") for line in table.decode("utf-8-sig", "replace").splitlines()]
    try:
        place = rows[0].index("STRAT")
        growth = [float(row[place]) for row in rows[1:] if row != [""]]
    except (IndexError, ValueError):
        return []
    return growth if all(math.isfinite(one) for one in growth) else []


def _shape(growth: List[float]) -> str:
    """The last value of each twelfth, on the scale between the lowest and the highest of them."""
    signs = min(_SIGNS, len(growth))
    picked = [growth[(place + 1) * len(growth) // signs - 1] for place in range(signs)]
    low, span = min(picked), max(picked) - min(picked)
    return "".join(_BARS[int((one - low) / span * (len(_BARS) - 1) + 0.5) if span > 0 else 0] for one in picked)

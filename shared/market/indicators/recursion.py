"""Averages that remember everything, each value moving a share of the way to the next.

It exists so that a recursion over thousands of rows is fast for one column and for hundreds, and the same to the bit.
"""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from shared.market.indicators.known import blank
from shared.market.prices import Floats

_FEW = 24  # so many columns are faster one by one in plain Python than row by row in numpy


def from_mean(values: Floats, window: int, share: float) -> Floats:
    """Begins at row `window - 1` with the plain mean of the rows so far."""
    if window < 1:
        raise ValueError(f"a window of {window} rows")
    if len(values) < window:
        return blank(values)
    # Measured from the first value: then equal ones average to exactly themselves. And accumulate adds in one order only.
    away = np.add.accumulate(values[:window] - values[0], axis=0)[-1]
    return moving(values, window - 1, values[0] + away / window, share)


def moving(values: Floats, begin: int, seed: Floats, share: float) -> Floats:
    """`seed` at row `begin`; from there each row moves `share` of the way from the one before to its own value."""
    found = blank(values)
    found[begin] = seed
    if values.shape[1] > _FEW:
        for row in range(begin + 1, len(values)):
            found[row] = found[row - 1] + (values[row] - found[row - 1]) * share
        return found
    for column in range(values.shape[1]):
        later = values[begin + 1 :, column].tolist()
        steps = accumulate(later, lambda last, value: last + (value - last) * share, initial=float(seed[column]))
        found[begin:, column] = list(steps)
    return found

"""Seeded curves of a run and its benchmark, the same to the last bit on every machine and version.

It exists because the peers and the tests must be asked about the very same numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

# Name: seed, sessions, first day, drift a day, how wild.
CURVES: "dict[str, tuple[int, int, str, float, float]]" = {
    "ten years of nothing": (11, 2_460, "2015-01-02", 0.0005, 0.02),
    "three years that fell": (12, 738, "2020-06-01", -0.0006, 0.03),
    "a wild year": (13, 262, "2023-01-02", 0.0002, 0.08),
}


def returns_of(name: str) -> Any:
    """Daily returns of the run and of its benchmark, as two rows; every ninth day the run stood still."""
    seed, count, _, drift, wild = CURVES[name]
    # The stream of the bit generator is promised to stay; what numpy makes of it is not.
    raw = np.random.PCG64(seed).random_raw(8 * count) >> np.uint64(11)
    chance = (raw.astype(np.float64) * 2.0**-53 - 0.5).reshape(2, count, 4).sum(axis=2)
    steps = drift + wild * chance * (0.3 + chance**2)  # thicker tails than a normal distribution
    steps[0] = 0.6 * steps[0] + 0.5 * steps[1]
    steps[0, ::9] = 0.0
    return steps


def days_of(name: str) -> Any:
    """Weekdays."""
    _, count, first, *_ = CURVES[name]
    return np.busday_offset(np.datetime64(first), np.arange(count), roll="forward")

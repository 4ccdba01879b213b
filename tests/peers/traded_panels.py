"""Seeded panels of prices, the same to the last bit on every machine and version, and the cases that are traded on them.

It exists so that the peers and our engine are asked about the very same numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

ROWS, WINDOW, LOOKBACK, TOP = 500, 100, 60, 3
FEE = 0.0025
CAPITAL = 1_000_000.0
GROSS = 0.95  # where costs come out of cash, there must be some
VOLATILITY = 0.03

# Name: seed, symbols.
PANELS: "dict[str, tuple[int, int]]" = {
    "one calm": (21, 1),
    "one wild": (22, 1),
    "one that falls": (23, 1),
    "twelve": (31, 12),
    "twelve others": (32, 12),
    "five": (33, 5),
}
_WILD = {"one calm": 0.02, "one wild": 0.09}
_CLOSED = """
    2017-06-06 2017-08-15 2017-10-02 2017-10-03 2017-10-04 2017-10-05 2017-10-06 2017-10-09 2017-12-25 2017-12-29 2018-01-01
    2018-02-15 2018-02-16 2018-03-01 2018-05-01 2018-05-07 2018-05-22 2018-06-06 2018-06-13 2018-08-15 2018-09-24 2018-09-25
    2018-09-26 2018-10-03 2018-10-09 2018-12-25 2018-12-31 2019-01-01 2019-02-04 2019-02-05 2019-02-06 2019-03-01 2019-05-01
    2019-05-06 2019-06-06
"""  # weekdays on which the Korean exchange was: there a month ends on its last session


def bars_of(name: str) -> "dict[str, Any]":
    """Opens and closes, rows × symbols; an open lies up to 2 % from the close before it."""
    seed, width = PANELS[name]
    # The stream of the bit generator is promised to stay; what numpy makes of it is not. No exp: it differs by machine.
    raw = np.random.PCG64(seed).random_raw(5 * ROWS * width) >> np.uint64(11)
    chance = (raw.astype(np.float64) * 2.0**-53 - 0.5).reshape(5, ROWS, width)
    wave = 0.004 * np.sin(np.arange(ROWS) * 0.05 + seed)[:, None].round(3)
    drift = -0.003 if name == "one that falls" else 0.0003
    close = 10_000.0 * np.multiply.accumulate(1 + drift + wave + _WILD.get(name, 0.04) * chance[:4].sum(axis=0) / 2, axis=0)
    opened = np.vstack([close[:1], close[:-1]]) * (1 + 0.04 * chance[4])
    return {"open": opened, "close": close}


def symbols_of(name: str) -> "tuple[str, ...]":
    """S00, S01, …"""
    return tuple(f"S{place:02}" for place in range(PANELS[name][1]))


def days() -> Any:
    """Sessions of the Korean exchange from 2017-06-01 on."""
    closed = np.array(_CLOSED.split(), dtype="datetime64[D]")
    return np.busday_offset(np.datetime64("2017-06-01"), np.arange(ROWS), roll="forward", holidays=closed)


def month_end_rows() -> Any:
    """The last session of every month but the one in which the panel ends."""
    months = days().astype("datetime64[M]")
    return np.flatnonzero(months[1:] != months[:-1])

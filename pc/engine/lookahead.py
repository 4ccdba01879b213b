"""The check that a strategy did not know the future: its decisions asked for again, with the prices that were known then.

It exists because the commonest wrong number in this field is one that was decided with tomorrow's close; every run is checked.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import numpy as np

from shared.errors import LookAhead, RelayError, WarmUpMissing
from shared.market import Prices
from shared.strategies import Strategy, Targets, decided, lookback_of

ROWS = 8  # asked again on every run: half where the decision had just changed, two anywhere, two before large moves
_LARGEST = 4  # moves, each way
_FEWEST, _LONG = 2, 10.0  # of a strategy that takes its time only so many, once so many seconds are gone
_FIX = "let row t use prices up to row t and nothing after it; docs/how-to/add-a-strategy.md shows how"


def look_ahead(strategy: Strategy, prices: Prices, targets: Targets) -> dict[str, Any]:
    """Decide again at seeded random rows with nothing after them; LookAhead with the evidence where any decision differs.

    Everything decided up to such a row must be there again, bit for bit: nothing more, nothing less.
    """
    targets = Targets(np.asarray(targets.rows), np.asarray(targets.weights))
    seed = f"{strategy.sha256} {strategy.params!r} {prices.fingerprint}"
    began, asked = time.monotonic(), 0
    for row in _rows_to_ask(targets, prices, random.Random(seed)):
        found = _difference(strategy, prices, targets, row)
        if found:
            raise LookAhead(f"asking strategy {strategy.name!r} again with the prices until {prices.dates[row]}", found, _FIX)
        asked += 1
        if asked >= _FEWEST and time.monotonic() - began > _LONG:
            break
    return {"rows": asked, "equal": True}


def warm_up(strategy: Strategy, prices: Prices, targets: Targets, first: int) -> dict[str, Any]:
    """How many sessions the strategy needs before it may decide, and how many of the period, from row `first`, lacked them;
    WarmUpMissing where it wanted something earlier."""
    lookback = lookback_of(strategy)
    if lookback is None:
        return {"lookback": None, "sessions_without": 0}
    wanting = targets.rows[(targets.weights > 0).any(axis=1)]
    if len(wanting) and wanting[0] < lookback - 1:
        found = f"it wanted something on {prices.dates[wanting[0]]}, with {wanting[0] + 1} of the {lookback} sessions it needs"
        raise WarmUpMissing(
            f"checking the first decision of strategy {strategy.name!r}", found, "let it wait, or let lookback() say less"
        )
    return {"lookback": lookback, "sessions_without": max(0, min(lookback - 1, len(prices.dates)) - first)}


def _rows_to_ask(targets: Targets, prices: Prices, dice: random.Random) -> list[int]:
    """Seeded: the same run asks the same rows. One that peeks shows at a change, one that counts rows to come anywhere, and
    one that steps aside on a few days only right before what it knows of: the largest moves."""
    changed = np.ones(len(targets.rows), dtype=bool)
    changed[1:] = (targets.weights[1:] != targets.weights[:-1]).any(axis=1)
    first = int(targets.rows[0]) if len(targets.rows) else 0
    sources = (targets.rows[changed].tolist(), range(first, len(prices.dates)), *_before_large_moves(targets, prices))
    counts = (ROWS // 2, ROWS // 4, ROWS // 8, ROWS // 8)
    of_each = (dice.sample(rows, min(count, len(rows))) for rows, count in zip(sources, counts, strict=True))
    return list(dict.fromkeys(row for some in zip_longest(*of_each) for row in some if row is not None))


def _before_large_moves(targets: Targets, prices: Prices) -> tuple[list[int], list[int]]:
    """The last rows before the largest falls, and before the largest rises, of the symbol that is wanted most."""
    if not len(targets.rows) or len(prices.dates) - targets.rows[0] <= _LARGEST:
        return [], []
    first, most = int(targets.rows[0]), int(targets.weights.sum(axis=0).argmax())
    marks = prices.marks[first:, most]
    order = np.argpartition(np.nan_to_num(marks[1:] / marks[:-1] - 1), (_LARGEST, -_LARGEST)) + first
    return sorted(order[:_LARGEST].tolist()), sorted(order[-_LARGEST:].tolist())


def _difference(strategy: Strategy, prices: Prices, targets: Targets, row: int) -> str:
    """In words, or nothing."""
    try:
        then = decided(strategy, known_until(prices, row))
    except RelayError as error:
        return f"it fails without the days after it ({error.why})"
    told = int(np.searchsorted(targets.rows, row, "right"))
    now = Targets(targets.rows[:told], targets.weights[:told])
    if np.array_equal(then.rows, now.rows) and np.array_equal(then.weights, now.weights):
        return ""
    if not _is_steady(strategy, prices, targets):
        return "it does not even decide the same twice with the same prices"
    return next(_evidence(prices, then, now), "it decides other things with fewer days to come")


def known_until(prices: Prices, row: int) -> Prices:
    """The panel as it was known at this row's close: the ends of listings to come are not in it either."""
    last, then = prices.dates[row].astype(object), prices.until(row + 1)
    ended = {symbol: day for symbol, day in prices.delisted.items() if day <= last}
    return then if len(ended) == len(prices.delisted) else then.telling(delisted=ended)


def _is_steady(strategy: Strategy, prices: Prices, targets: Targets) -> bool:
    again = decided(strategy, prices)
    return np.array_equal(again.rows, targets.rows) and np.array_equal(again.weights, targets.weights)


def _evidence(prices: Prices, then: Targets, now: Targets) -> Iterator[str]:
    """The first day on which they differ, and for which symbol by which weights."""
    for row in sorted({*then.rows.tolist(), *now.rows.tolist()}):
        one, other = _at(then, row), _at(now, row)
        day = f"on {prices.dates[row]}"
        if one is None or other is None:
            yield (
                f"{day} it decides only once later prices are there"
                if one is None
                else f"{day} it decides, and later it does not"
            )
        elif one.shape != other.shape:
            yield f"{day} it decides {one.shape} weights, later {other.shape}"
        elif (one != other).any():
            column = int(np.flatnonzero(one != other)[0])
            yield f"{day} it wants {one[column]:g} of {prices.symbols[column]}, and {other[column]:g} once later prices are there"


def _at(targets: Targets, row: int) -> Any:
    place = np.flatnonzero(np.asarray(targets.rows) == row)
    return np.asarray(targets.weights)[place[0]] if len(place) else None

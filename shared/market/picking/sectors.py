"""Sectors: which are the strongest, and how many symbols of one may be held.

It exists so that a surge of one theme does not fill every place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shared.market.picking.scores import best_of
from shared.market.picking.sight import Sight
from shared.market.prices import Flags, Floats


class Sectors(NamedTuple):
    """Of each symbol, by name, the place of its sector; sectors by name too."""

    of: NDArray[np.int64]
    number: int
    notes: tuple[str, ...] = ()


class Places(NamedTuple):
    """How many are held in all, and of one sector at most."""

    slots: int
    of_one: int
    sectors: Sectors


def sectors_of(sight: Sight, told: Mapping[str, str]) -> Sectors:
    """As told; a symbol nobody told of is a sector of its own, and that is noted."""
    # A symbol's own name after a blank is nobody's sector.
    names = [told.get(symbol, f" {symbol}") for symbol in sight.symbols]
    places = {name: place for place, name in enumerate(sorted(set(names)))}
    untold = sum(symbol not in told for symbol in sight.symbols)
    note = f"{untold} symbol(s) have no sector: each is one of its own"
    return Sectors(np.array([places[name] for name in names], dtype=np.int64), len(places), (note,) if untold else ())


def in_strongest(sight: Sight, sectors: Sectors, mask: Flags, count: int) -> Flags:
    """Who is in one of the `count` strongest sectors: half the change of their mean price over 20 rows, half of that over 60."""
    now, month, quarter = (_mean_price(sectors, sight.at(sight.prices.marks, back), mask) for back in (0, 20, 60))
    strength = 0.5 * (now / month - 1) + 0.5 * (now / quarter - 1)
    found = np.zeros(strength.shape, dtype=bool)
    for row, best in enumerate(best_of(strength, ~np.isnan(strength), count)):
        found[row, best] = True
    return found[:, sectors.of]


def rank_sums(measures: Sequence[Floats], mask: Flags) -> Floats:
    """Each measure's rank among that day's symbols of the mask, added up: the largest has the highest, equal ones the mean of
    theirs."""
    sums = np.full(mask.shape, np.nan)
    for row in np.flatnonzero(mask.any(axis=1)).tolist():
        columns = np.flatnonzero(mask[row])
        values = np.stack([measure[row, columns] for measure in measures])
        below = (values[:, :, None] > values[:, None, :]).sum(axis=2)
        alike = (values[:, :, None] == values[:, None, :]).sum(axis=2)
        sums[row, columns] = (below + (alike + 1) / 2).sum(axis=0)
    return sums


def held_by_sector(ranked: list[list[int]], stays: Flags, places: Places, before: Sequence[int] = ()) -> list[list[int]]:
    """Of each decision who is held: those of before that stay, then the best while there is room in all and in their sector."""
    found, held = [], list(before)
    for row, best in enumerate(ranked):
        held = _filled([column for column in held if stays.item(row, column)], best, places)
        found.append(held)
    return found


def _filled(kept: list[int], best: list[int], places: Places) -> list[int]:
    held = list(kept)
    for column in best:
        if column not in held and _has_room(held, column, places):
            held.append(column)
    return held


def _has_room(held: list[int], column: int, places: Places) -> bool:
    of = places.sectors.of
    return len(held) < places.slots and sum(of[one] == of[column] for one in held) < places.of_one


def _mean_price(sectors: Sectors, marks: Floats, mask: Flags) -> Floats:
    """Decisions × sectors; NaN where none of a sector is in the mask. Added up in the order of the symbols' names."""
    prices = np.where(mask, marks, 0.0)
    sums = [np.bincount(sectors.of, weights=one, minlength=sectors.number) for one in prices]
    counts = [np.bincount(sectors.of, weights=one, minlength=sectors.number) for one in mask.astype(np.float64)]
    total, count = np.array(sums).reshape(len(marks), sectors.number), np.array(counts).reshape(len(marks), sectors.number)
    means: Floats = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return means

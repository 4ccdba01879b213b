"""From one decision to the next: who is kept, who comes in, who is never sold.

It exists so that what is held follows from the earlier decisions alone, in a backtest as on the day itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shared.market.picking.eligible import Eligible
from shared.market.picking.regime import Regime
from shared.market.picking.scores import best_of
from shared.market.picking.sight import Sight
from shared.market.prices import Flags, Floats


class Core(NamedTuple):
    """Holdings that are bought on their first day and never sold: which columns, and from which decision on."""

    columns: list[int]
    held: Flags  # decisions × these columns
    notes: tuple[str, ...] = ()

    def without(self, mask: Flags) -> Flags:
        """The same flags with none for them: they take nobody's place."""
        free = mask.copy()
        free[:, self.columns] = False
        return free


class Shown(NamedTuple):
    """What people are shown of it, by name: what was measured of each symbol, and which rule does not let it stay."""

    figures: Mapping[str, Floats]
    broken: Mapping[str, Flags]  # who breaks none of them stays
    sectors: Mapping[str, str] = {}
    stays_by: str = "rule"  # the rule by which one stays


class Standing(NamedTuple):
    """What is known at each decision: who is eligible, with which score, who would stay if held, and who could come in."""

    sight: Sight
    scores: Floats
    eligible: Eligible
    regime: Regime
    core: Core
    fit: Flags  # who may come in, for a free place
    held: Callable[[Sequence[int]], list[list[int]]]  # of each decision who is held besides the core, beginning with these
    slots: int
    shown: Callable[[], Shown]  # worked out for whoever shows it; nothing is decided by it
    besides: tuple[str, ...] = ()  # what else a reader should know

    def weights(self) -> Floats:
        """Of each decision, from nothing on, in the panel's own order of columns."""
        return self.sight.back(in_slots(self.held(()), self.core, self.slots, len(self.sight.symbols)))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the result should know."""
        return (*self.sight.notes, *self.eligible.notes, *self.regime.notes, *self.besides, *self.core.notes)


def shown_of_ranking(changes: Mapping[int, Floats], regime: Regime, eligible: Eligible, leading: Flags) -> Shown:
    """Of who is held for ranking among the leading: the changes over so many rows that make the score."""
    broken = {"regime": ~regime.on[:, None] | (leading & False), "ineligible": ~eligible.mask}
    figures = {f"ret{rows}": change for rows, change in changes.items()}
    return Shown(figures, {**broken, "rank": eligible.mask & ~leading}, stays_by="momentum")


def core_of(sight: Sight, wanted: tuple[str, ...]) -> Core:
    """Core holdings of these symbols, each from the day it has a price and belongs to the universe.

    Who is in the universe on no day is ignored, and that is noted."""
    there = [symbol for symbol in wanted if _is_ever_member(sight, symbol)]
    unknown = [symbol for symbol in wanted if symbol not in there]
    note = f"CORE_HOLDINGS invalid: {', '.join(unknown)}: not in the universe, ignored"
    columns = [sight.column(symbol) for symbol in there]
    held = [_since(sight, symbol)[sight.rows] for symbol in there]
    block = np.stack(held, axis=1) if held else np.zeros((len(sight.rows), 0), dtype=bool)
    return Core(columns, block, (note,) if unknown else ())


def held_through(best: list[list[int]], stays: Flags, slots: int, before: Sequence[int] = ()) -> list[list[int]]:
    """Of each decision who is held: those of the one before that stay, then the best of the others while there is room."""
    found, held = [], list(before)
    for ranked, may_stay in zip(best, map(bytes, stays), strict=True):
        kept = [column for column in held if may_stay[column]]
        here = set(kept)
        others = (column for column in ranked if column not in here)
        held = kept + list(islice(others, max(slots - len(kept), 0)))
        found.append(held)
    return found


def best_anew(sight: Sight, scores: Floats, mask: Flags, count: int) -> list[list[int]]:
    """Of each decision the best `count` of that day; who does not trade that day is only held on, and does not come in."""
    stays = np.zeros(mask.shape, dtype=bool)
    for row, columns in enumerate(best_of(scores, mask, count)):
        stays[row, columns] = True
    return held_through(best_of(scores, mask & sight.at(sight.prices.tradable), 2 * count), stays, count)


def in_slots(held: list[list[int]], core: Core, slots: int, width: int) -> Floats:
    """Weights: each of `slots` and each core holding is the same part of equity; a slot nobody has is cash."""
    weights = np.zeros((len(held), width))
    part = 1.0 / (slots + core.held.sum(axis=1))
    rows = np.repeat(np.arange(len(held)), [len(one) for one in held])
    columns = np.array([column for one in held for column in one], dtype=np.int64)
    weights[rows, columns] = part[rows]
    weights[:, core.columns] = np.where(core.held, part[:, None], 0.0)
    return weights


def _is_ever_member(sight: Sight, symbol: str) -> bool:
    if sight.column(symbol) < 0:
        return False
    members = sight.prices.members
    return members is None or bool(members[:, sight.prices.column(symbol)].any())


def _since(sight: Sight, symbol: str) -> NDArray[np.bool_]:
    """Of every row of the panel: whether it has had a price as a member by then, and its listing is not said to be over."""
    prices, column = sight.prices, sight.prices.column(symbol)
    there = prices.close[:, column] > 0
    if prices.members is not None:
        there = there & prices.members[:, column]
    last = prices.delisted.get(symbol)
    over = np.zeros(len(there), dtype=bool) if last is None else prices.dates > np.datetime64(last, "D")
    since: NDArray[np.bool_] = np.logical_or.accumulate(there) & ~over
    return since

"""Which symbols may be looked at on a day: members of the universe that live, trade enough and are not excluded by name.

It exists so that what is filtered away is filtered alike by every strategy, and what cannot be known is said.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shared.market.picking.sight import Sight
from shared.market.prices import Flags, Floats

LATELY = 20  # sessions: about a month
_STANDS_FOR = {"LEVERAGED": "레버리지 2X", "INVERSE": "인버스"}


class Liquidity(NamedTuple):
    """Of each decision and symbol: the mean traded won of the last sessions; NaN where nobody knows."""

    mean: Floats
    estimated: int  # symbols whose value had to be taken as close × volume


class Eligible(NamedTuple):
    """Of each decision and symbol: whether it may be looked at, and what a reader should know about that."""

    mask: Flags
    notes: tuple[str, ...] = ()


def eligible_at(sight: Sight, lookback: int, min_value: float, exclude: tuple[str, ...] = ()) -> Eligible:
    """Members with a close `lookback` rows ago that traded within the last sessions, at least `min_value` won a session.

    A symbol whose name holds one of the excluded words never is. Where neither traded value nor volume is known a symbol is
    not eligible while a least value is asked for. The first decision has at least so many rows before it.
    """
    mask = sight.at(sight.prices.marks, lookback) > 0
    mask &= _traded_lately(sight) & _still_listed(sight)
    if sight.prices.members is not None:
        mask &= sight.at(sight.prices.members)
    out, said = excluded_by_name(sight, exclude)
    mask &= ~out
    if min_value <= 0:
        return Eligible(mask, said)
    liquidity = traded_value(sight, mask)
    unknown = int((mask & np.isnan(liquidity.mean)).any(axis=0).sum())
    return Eligible(mask & (liquidity.mean >= min_value), (*said, *_doubts(liquidity.estimated, unknown)))


def excluded_by_name(sight: Sight, words: tuple[str, ...]) -> tuple[Flags, tuple[str, ...]]:
    """Whose name holds one of these words, or what LEVERAGED and INVERSE stand for; and whether names are missing."""
    looked_for = [one.casefold() for word in words for one in _meant_by(word)]
    if not looked_for:
        return np.zeros(len(sight.symbols), dtype=bool), ()
    names = [sight.prices.names.get(symbol, "").casefold() for symbol in sight.symbols]
    out = np.array([any(word in name for word in looked_for) for name in names], dtype=bool)
    nameless = names.count("")
    said = (f"{nameless} symbol(s) have no name here: none of them is excluded by one",) if nameless else ()
    return out, said


def traded_value(sight: Sight, mask: Flags) -> Liquidity:
    """The mean over the last sessions, where the mask asks for it; a session without a trade counts as 0, an unknown value is
    close × volume."""
    total: Floats = sight.over(sight.prices.value, LATELY, np.add)
    columns = np.flatnonzero((mask & np.isnan(total)).any(axis=0))
    if not len(columns):
        return Liquidity(total / LATELY, 0)
    total[:, columns], guessed = _worth(sight, columns)
    return Liquidity(total / LATELY, guessed)


def _meant_by(word: str) -> list[str]:
    korean = _STANDS_FOR.get(word.upper())
    return korean.split() if korean else [word]


def _traded_lately(sight: Sight) -> Flags:
    able: Flags = sight.over(sight.prices.tradable, LATELY, np.logical_or)
    return able


def _still_listed(sight: Sight) -> Flags:
    """Until its last trading day, where somebody said which that is."""
    listed = np.ones((len(sight.rows), len(sight.symbols)), dtype=bool)
    for symbol, last in sight.prices.delisted.items():
        listed[:, sight.column(symbol)] = sight.prices.dates[sight.rows] <= np.datetime64(last, "D")
    return listed


def _worth(sight: Sight, columns: NDArray[np.int64]) -> tuple[Floats, int]:
    """The same sum, in the same order, for columns with holes; and in how many of these something was guessed."""
    prices, total = sight.prices, np.zeros((len(sight.rows), len(columns)))
    guessed = np.zeros(len(columns), dtype=bool)
    for back in range(LATELY):
        fields = (prices.value, prices.close, prices.volume, prices.tradable)
        value, close, volume, able = (sight.at(one, back)[:, columns] for one in fields)
        hole = np.isnan(value)
        guessed |= (hole & able & ~np.isnan(volume)).any(axis=0)
        total += np.where(hole, np.where(able, close * volume, 0.0), value)
    return total, int(guessed.sum())


def _doubts(estimated: int, unknown: int) -> tuple[str, ...]:
    said = (
        [f"traded value of {estimated} symbol(s) is not known everywhere: close × volume stands in its place"]
        if estimated
        else []
    )
    lost = f"{unknown} symbol(s) were left out on some days: neither their traded value nor their volume is known"
    return (*said, *([lost] if unknown else []))

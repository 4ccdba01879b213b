"""Who belongs to a universe on which day, as it was known on that day.

It exists so that no rule of a universe ever looks at a price or a listing that was yet to come.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import NamedTuple

import numpy as np

from shared.errors import UniverseEmpty
from shared.market.indicators import rolling_sum
from shared.market.prices import Flags, Floats, Prices
from shared.market.universe import Entry, Universe, is_wanted

_NAMED = 5


class Chosen(NamedTuple):
    """The prices of all who belong to it at any time of the period, with `members`, and what a reader should know."""

    prices: Prices
    notes: list[str]


def chosen(universe: Universe, panel: Prices, rows: slice) -> Chosen:
    """Who of this panel is in the universe in these rows; UniverseEmpty where nobody ever is."""
    entries, known = [entry for entry in universe.entries if _is_of(universe, entry, panel)], set(panel.symbols)
    absent = sorted({entry.symbol for entry in entries} - known)
    days = panel.dates[[rows.start, rows.stop - 1]].astype(object).tolist()
    there = [entry for entry in entries if entry.symbol in known and _overlaps(entry, panel, days)]
    if not there:
        made_up = "; the prices are made-up ones, set `prices: local` for real ones" if panel.synthetic else ""
        counted = f"{len(universe.entries)} listed, {len(entries)} of the kind and name, {len(absent)} without a price"
        raise _empty(universe, counted + made_up)
    prices = panel.pick(list(dict.fromkeys(entry.symbol for entry in there)))
    members = members_of(universe, prices)
    if members is not None and not members[rows].any():
        raise _empty(universe, f"on none of these days is one of its {len(prices.symbols)} symbols liquid enough")
    kinds = dict.fromkeys(prices.symbols, universe.kind) if universe.kind else {}
    names = {entry.symbol: entry.name for entry in there if entry.name}
    told = prices.telling(members=members, kinds=kinds | prices.kinds, names=names | prices.names)
    return Chosen(told, _notes(universe, absent))


def members_of(universe: Universe, prices: Prices) -> Flags | None:
    """Who of these columns belongs on each day, known at its close; None where everybody always does."""
    dated = [entry for entry in universe.entries if entry.symbol in prices.symbols and (entry.first or _last_of(entry, prices))]
    if not dated and not universe.min_value:
        return None
    members = _by_days(universe, prices)
    return members & (_traded_value(prices, universe.days) >= universe.min_value) if universe.min_value else members


def _by_days(universe: Universe, prices: Prices) -> Flags:
    """A symbol may come and go several times."""
    spells = defaultdict[str, list[slice]](list)
    for entry in universe.entries:
        spells[entry.symbol].append(prices.rows(entry.first, _last_of(entry, prices)))
    members = np.zeros((len(prices.dates), len(prices.symbols)), dtype=bool)
    for column, symbol in enumerate(prices.symbols):
        for rows in spells[symbol]:
            members[rows, column] = True
    return members


def _traded_value(prices: Prices, days: int) -> Floats:
    """The mean won traded in that many sessions up to each one; nothing (NaN) before a symbol is listed for so long."""
    with np.errstate(invalid="ignore"):
        guessed = np.where(np.isnan(prices.value), prices.close * prices.volume, prices.value)
    listed = ~np.isnan(prices.marks)
    each = np.where(listed, np.nan_to_num(guessed), np.nan)  # a day without trade is a day with no won
    with np.errstate(invalid="ignore"):
        return rolling_sum(each, days) / days


def _is_of(universe: Universe, entry: Entry, panel: Prices) -> bool:
    name, kind = entry.name or panel.names.get(entry.symbol, ""), panel.kinds.get(entry.symbol)
    right = universe.kind is None or kind is None or kind == universe.kind
    return right and is_wanted(name, universe.include, universe.exclude)


def _last_of(entry: Entry, prices: Prices) -> date | None:
    """Its last day in the list, or as a listed symbol."""
    return min((day for day in (entry.last, prices.delisted.get(entry.symbol)) if day), default=None)


def _overlaps(entry: Entry, panel: Prices, days: list[date]) -> bool:
    last = _last_of(entry, panel)
    return (entry.first is None or entry.first <= days[1]) and (last is None or last >= days[0])


def _notes(universe: Universe, absent: list[str]) -> list[str]:
    said = (
        []
        if universe.point_in_time
        else [f"universe {universe.name} is today's list: who was delisted is not in it (survivorship)"]
    )
    more = f" and {len(absent) - _NAMED} more" if len(absent) > _NAMED else ""
    return said + ([f"universe {universe.name}: no prices of {', '.join(absent[:_NAMED])}{more}"] if absent else [])


def _empty(universe: Universe, why: str) -> UniverseEmpty:
    fix = "look at its filters, at the days asked for, and at `python -m pc prices show`"
    return UniverseEmpty(f"choosing from the universe {universe.name}", f"nobody is left: {why}", fix)

"""Which prices are others between two answers: the symbols, the months whose hash changed, and what was added.

It exists because "the data changed" helps nobody: whoever asks why a number moved wants the symbol and the month.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, NamedTuple, Optional

_HASH = 8  # letters a month
_FROM = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
EVER = "0000-00-00"  # before every day

Months = Dict[str, str]


class PriceChange(NamedTuple):
    """One symbol. `months`: those whose prices are others, None where the answers do not say which. `first` and `last`: the
    days its prices began and ended on, in both, where these differ. `only`: the one answer (a, b) that read it at all.

    `since`: the first day that may have another price."""

    symbol: str
    months: Optional[List[str]]
    first: Optional[List[Optional[str]]]
    last: Optional[List[Optional[str]]]
    only: Optional[str]
    since: str


def price_changes(a: Mapping[str, Any], b: Mapping[str, Any]) -> List[PriceChange]:
    """What differs between the `data` of two manifests, by symbol; nothing where it is the same version of the prices."""
    if a.get("fingerprint") and a.get("fingerprint") == b.get("fingerprint"):
        return []
    ours, theirs = _symbols(a), _symbols(b)
    found = [_change(name, ours.get(name), theirs.get(name)) for name in sorted({*ours, *theirs})]
    return [one for one in found if one is not None]


def _symbols(data: Mapping[str, Any]) -> Dict[str, Mapping[str, Any]]:
    told = data.get("symbols")
    return {str(name): one for name, one in told.items() if isinstance(one, dict)} if isinstance(told, dict) else {}


def _change(symbol: str, a: Optional[Mapping[str, Any]], b: Optional[Mapping[str, Any]]) -> Optional[PriceChange]:
    if a is None or b is None:
        return PriceChange(symbol, [], None, None, "b" if a is None else "a", EVER)
    first, last = (_unequal(a.get(edge), b.get(edge)) for edge in ("first", "last"))
    ours, theirs = _months(a.get("months")), _months(b.get("months"))
    if ours is None or theirs is None:
        return PriceChange(symbol, None, first, last, None, EVER)
    others = sorted(month for month in ours.keys() & theirs.keys() if ours[month] != theirs[month])
    added = sorted(ours.keys() ^ theirs.keys())
    if not others and not added and first is None and last is None:
        return None
    # The month in which the shorter one ends has another hash once it is longer: that alone is no other price.
    grown = _month_of_end(last)
    revised = [month for month in others if month != grown]
    return PriceChange(symbol, revised, first, last, None, f"{min([*others, *added], default='9999-99')}-01")


def _months(told: object) -> Optional[Months]:
    """The hash of each month; None where there are none that can be read."""
    begin, hashes = (told.get("from"), told.get("hashes")) if isinstance(told, dict) else (None, None)
    if begin == hashes == "":  # a symbol without a price
        return {}
    if not isinstance(begin, str) or not isinstance(hashes, str) or not _FROM.fullmatch(begin) or len(hashes) % _HASH:
        return None
    first = int(begin[:4]) * 12 + int(begin[5:]) - 1
    return {_named(first + place): hashes[place * _HASH : (place + 1) * _HASH] for place in range(len(hashes) // _HASH)}


def _named(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _unequal(a: Any, b: Any) -> Optional[List[Optional[str]]]:
    return None if a == b else [None if one is None else str(one) for one in (a, b)]


def _month_of_end(last: Optional[List[Optional[str]]]) -> Optional[str]:
    ends = [one for one in last or () if one]
    return min(ends)[:7] if ends else None

"""What one answer of a provider does to a series: which parts are made anew, and what stands in its row afterwards.

It exists so that all of this is decided before anything is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

import numpy as np

from shared.market.bars import Bars
from shared.market.cache.merging import Merged, Revised, is_whole, merged
from shared.market.cache.parts import bars_sha256, by_year, joined, lost_in, packed, within, year_of
from shared.market.cache.rows import Held
from shared.market.cache.series import OVERLAP, Change, Part, Series, Span, whole_of
from shared.market.outage import ExternalDataUnavailable
from shared.market.prices import Flags

_DAY = timedelta(days=1)


class Plan(NamedTuple):
    """What is to be written, what is in force afterwards, and what is said of it; nothing to write where it is asked again."""

    writes: tuple[tuple[Part, bytes], ...]
    parts: tuple[Part, ...]
    records: tuple[Revised, ...]
    change: Change


def touched(held: Held | None, asked: Span) -> list[Part]:
    """The parts whose bars an answer for these days may change."""
    parts = held.parts if held else ()
    return [part for part in parts if part.file and year_of(part.first).start <= asked.end and asked.start <= part.tail[-1]]


def planned(provider: str, held: Held | None, old: Sequence[Bars], answer: tuple[Bars, Span]) -> Plan:
    """`old`: the bars of the parts it touches. An answer for a part of the days must agree with the prices of the others."""
    new, asked = answer
    series = held.series if held else None
    told = merged(joined(new.symbol, old), new, asked, _known(new, series))
    if series and _is_of_two_minds(series, told, old, answer):
        return Plan((), (), (), Change(revised=told.revised, again=whole_of(series, asked)))
    _refuse_half(provider, told, answer)
    before = {part.year: part for part in held.parts} if held else {}
    parts = {year: part for year, part in before.items() if part not in touched(held, asked) and not _is_answered(part, asked)}
    years = {year: (before.get(year), bars) for year, bars in by_year(told.bars).items()}
    writes = [packed(provider, bars) for was, bars in years.values() if not _is_same(was, bars)]
    parts.update({year: was for year, (was, bars) in years.items() if was and _is_same(was, bars)})
    parts.update({part.year: part for part, _ in writes})
    change = Change(told.added, told.revised, len(writes))
    return Plan(tuple(writes), tuple(parts[year] for year in sorted(parts)), told.records, change)


def series_of(before: Series, parts: Sequence[Part]) -> Series:
    """The same series with these parts."""
    there = [part for part in parts if part.file]
    tail = [day for part in there for day in part.tail][-OVERLAP:]
    return replace(
        before,
        start=there[0].first,
        end=tail[-1],
        rows=sum(part.rows for part in there),
        sha256=sha256("".join(part.bars_sha256 for part in there).encode()).hexdigest(),
        overlap_from=tail[0],
        lost=lost_in(parts, Span(before.asked_from, before.asked_to)),
    )


def answered(provider: str, before: Series | None, answer: tuple[Bars, Span], now: datetime) -> Series:
    """What an answer makes of what is known of a series; what its parts say comes by `series_of`."""
    bars, asked = answer
    span = whole_of(before, asked) if before else asked
    name = bars.name or (before.name if before else "")
    return Series(provider, bars.symbol, *asked, *span, 0, "", now, bars.adjusted, name, asked.start)


def _known(new: Bars, series: Series | None) -> Flags:
    """Of which of these days it was known whether they have a bar."""
    nothing = np.zeros(len(new), np.bool_)
    if series is None:
        return nothing
    lost = np.any([nothing, *(within(new, span) for span in series.lost)], axis=0)
    known: Flags = within(new, Span(series.asked_from, series.end)) & ~lost
    return known


def _refuse_half(provider: str, told: Merged, answer: tuple[Bars, Span]) -> None:
    """One bad answer must not cost years that came before: a day or two may go, not a tenth of what there is."""
    bars, asked = answer
    if told.gone > OVERLAP and told.gone * 10 > told.compared:
        why = f"it lacks {told.gone} of {told.compared} days it had before (if that is right: pc cache purge)"
        raise ExternalDataUnavailable(f"{provider}'s bars of {bars.symbol} from {asked.start} to {asked.end}", why, "empty")


def _is_of_two_minds(series: Series, told: Merged, old: Sequence[Bars], answer: tuple[Bars, Span]) -> bool:
    """Whether the answer and what would stay beside it could be prices of two kinds, or half of what was lost."""
    asked = answer[1]
    if any(_cuts(lost, asked) for lost in series.lost):
        return True
    return not is_whole(series, asked) and (told.is_rebased or _is_apart(series, old, answer))


def _is_apart(series: Series, old: Sequence[Bars], answer: tuple[Bars, Span]) -> bool:
    """Whether nothing shows that the answer's prices and those before are of one kind: no day in common, or another basis."""
    bars, asked = answer
    days = {day for one in old for day in one.dates.tolist() if asked.start <= day <= asked.end}
    apart = asked.start > series.asked_to + _DAY or asked.end < series.asked_from - _DAY
    return apart or bars.adjusted != series.adjusted or not days


def _cuts(lost: Span, asked: Span) -> bool:
    """Whether of a lost year some days are answered and some are not."""
    inside = asked.start <= lost.start and lost.end <= asked.end
    return _meet(lost, asked) and not inside


def _is_answered(part: Part, asked: Span) -> bool:
    """A lost part is no longer missed once it was asked for."""
    return not part.file and _meet(year_of(part.first), asked)


def _meet(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


def _is_same(part: Part | None, bars: Bars) -> bool:
    return part is not None and bool(part.file) and part.bars_sha256 == bars_sha256(bars)

"""The panel of a round: of every instrument the series that is used, whose it is, and what a reader must know of it.

It exists so that a run reads one sealed version of everything, and each symbol in it is one provider's from end to end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np

from shared.codes import is_code
from shared.krx_calendar import Calendar
from shared.market.bars import Bars
from shared.market.cache import Cache, Span
from shared.market.ingest.carrying_over import Before
from shared.market.ingest.found import Found
from shared.market.joining import joined
from shared.market.panel import fingerprint_of
from shared.market.prices import Prices
from shared.market.quality import Finding, finding, named
from shared.market.reading import Rows

_NO_DAYS = np.array([], dtype="datetime64[D]")


class About(NamedTuple):
    """What else a panel is made by."""

    listed: Mapping[str, Listed]
    calendar: Calendar


class Listed(NamedTuple):
    """What lists of symbols say of one: its name and what it is."""

    name: str
    kind: str


def panel_of(founds: Iterable[Found], before: Before, cache: Cache, about: About) -> Prices | None:
    """The panel of those that have a series, and of what is carried over; None where nothing has."""
    used = {found.instrument: (found, bars) for found in founds if (bars := _bars(found, cache, about.calendar)) is not None}
    carried = {name: before.bars(name) for name in before.symbols}
    if not used and not carried:
        return None
    every = {**carried, **{name: bars for name, (_, bars) in used.items()}}
    panel = joined([_rows(name, bars) for name, bars in every.items() if len(bars)])
    providers, kinds = _facts_before(before)
    providers |= {name: found.used.provider for name, (found, _) in used.items() if found.used}
    kinds |= {name: _kind(name, found.is_korean, about.listed) for name, (found, _) in used.items()}
    names = {name: about.listed[name].name if name in about.listed else bars.name for name, bars in every.items()}
    told: dict[str, Any] = {**panel.numbers, "names": names, "kinds": kinds, "providers": providers}
    told |= {"adjusted": _adjusted([bars.adjusted for bars in every.values()])}
    prices = Prices(panel.dates, panel.symbols, synthetic=False, provider="+".join(sorted(set(providers.values()))), **told)
    return replace(prices, fingerprint=fingerprint_of(prices))


def _facts_before(before: Before) -> tuple[dict[str, str], dict[str, str]]:
    """Provider and kind of what is carried over."""
    if before.prices is None:
        return {}, {}
    providers = {name: before.prices.providers.get(name, before.prices.provider) for name in before.symbols}
    return providers, {name: before.prices.kinds.get(name, "") for name in before.symbols}


def findings_of(found: Found, whose_before: str, calendar: Calendar, until: date) -> list[Finding]:
    """What a reader must know of where these prices come from; `whose_before`: the provider of what was in use, if any."""
    used, series, name = found.used, found.series, found.instrument
    if used is None or series is None:
        return []
    told = [finding("Q-STANDS-IN", name, _NO_DAYS, f"prices of {used.symbol} stand in for it")] if used.stands_in else []
    if found.state == "old":
        missing = [*series.lost, Span(series.end + timedelta(days=1), until)]
        days = np.array([day for span in missing for day in _sessions(span, calendar)], dtype="datetime64[D]")
        why = found.why or "nobody was asked"
        told.append(finding("Q-OLD", name, days, f"old: its prices end on {series.end} ({why})"))
    if whose_before not in ("", used.provider):
        told.append(finding("Q-SWITCHED", name, _NO_DAYS, f"prices of {used.provider}, before of {whose_before}"))
    if found.revised:
        days = np.unique(np.array(found.revised, dtype="datetime64[D]"))
        told.append(finding("Q-REVISED", name, days, f"{used.provider} revised its prices of {named(days)}"))
    return told


def _sessions(span: Span, calendar: Calendar) -> list[date]:
    return calendar.sessions(max(span.start, calendar.first), span.end)


def _bars(found: Found, cache: Cache, calendar: Calendar) -> Bars | None:
    """Of what trades elsewhere only the days on which the Korean exchange trades too."""
    bars = cache.bars(found.used.provider, found.used.symbol) if found.used else None
    if bars is None or found.is_korean:
        return bars
    days = bars.dates.tolist()
    sessions = set(calendar.sessions(max(days[0], calendar.first), min(days[-1], calendar.verified_through)))
    shared = np.array([day in sessions for day in days])
    numbers = {name: array[shared] for name, array in bars.numbers.items()}
    return replace(bars, dates=bars.dates[shared], numbers=numbers) if shared.any() else None


def _rows(name: str, bars: Bars) -> Rows:
    days = bars.dates.astype(np.int64)
    return Rows([name], np.zeros(len(days), dtype=np.int64), days, dict(bars.numbers))


def _kind(name: str, is_korean: bool, listed: Mapping[str, Listed]) -> str:
    if is_code(name):
        return listed[name].kind if name in listed else ""
    return "INDEX" if is_korean else "FOREIGN"


def _adjusted(said: list[bool | None]) -> bool | None:
    """Of all of them: only where every provider says so they are."""
    return False if False in said else None if None in said else True

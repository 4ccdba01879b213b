"""What another provider answered lately, out of our own cache: the symbol is its folder, `data/cache/<provider>/<symbol>`.

It exists so that prices fetched within the last day are used before anybody is asked again, and older ones are not.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from shared import clock
from shared.market.bars import Bars, believed
from shared.market.cache import CacheBusy, Series, is_fresh, open_cache, symbol_in
from shared.market.outage import ExternalDataUnavailable

LOCAL = True


def fetch(symbol: str, start: date, end: date) -> Bars:
    """The bars between these days, where they were fetched within 24 hours and for these days."""
    doing, place = f"reading the cache at {symbol}", Path(symbol)
    folder, provider, kept = place.parent.parent, place.parent.name, symbol_in(place.name)
    if not (folder / "cache.db").is_file():
        raise ExternalDataUnavailable(doing, "there is no cache", "empty")
    try:
        there = open_cache(folder)
        series = there.series(provider, kept)
        why = why_unfit(series, (start, end), clock.now()) if series else "nothing is kept of it"
        if why:
            raise _nothing(doing, why)
        bars = there.bars(provider, kept)
    except CacheBusy as error:
        raise ExternalDataUnavailable(doing, error.why, "timeout") from None
    if bars is None:
        raise _nothing(doing, "every part of it is damaged")
    return believed(bars, doing, start, end)


def why_unfit(series: Series, wanted: tuple[date, date], now: datetime) -> str:
    """Why what is kept of a series is not used without asking for it: too old, damaged, or of other days; or nothing."""
    if series.lost:
        return "a part of it was damaged and is missing"
    if not is_fresh(series, now):
        return f"it was fetched at {clock.iso(series.updated_at)}, more than 24 hours ago"
    if wanted[0] < series.asked_from or wanted[1] > series.asked_to:
        return f"it was fetched for {series.asked_from} to {series.asked_to} only"
    return ""


def _nothing(doing: str, why: str) -> ExternalDataUnavailable:
    return ExternalDataUnavailable(doing, why, "empty")

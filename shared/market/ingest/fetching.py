"""One ingest: who is wanted, the round of questions, the panel of it checked and sealed, and what is kept of all that.

It exists as the one road by which prices come from the network: cron, a person and the hour before the open all take it.
"""

from __future__ import annotations

import random
import time
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from shared import clock
from shared.cache import CLOSES, PricesBusy, may_fetch
from shared.config import Settings
from shared.disk import Disk
from shared.errors import DataMissing, DataUnusable
from shared.events import Log
from shared.krx_calendar import open_calendar
from shared.lock import only_one
from shared.market.breaker import Pace
from shared.market.cache import RAW_DAYS, open_cache
from shared.market.ingest.askers import Askers
from shared.market.ingest.assembling import findings_of, panel_of
from shared.market.ingest.eod import closes_csv
from shared.market.ingest.expected import expected_session
from shared.market.ingest.round import Found, found_before, round_of
from shared.market.ingest.sampling import disagreements
from shared.market.ingest.series import Desk, Tell, Wanted
from shared.market.ingest.sources import read_sources
from shared.market.ingest.wish import Wish, instruments_of, listed_in, real_universes, since_of
from shared.market.prices import Prices
from shared.market.quality import Finding, examined, told, write_quality
from shared.market.sealed import open_prices, refuse_dropped, seal_prices
from shared.market.unavailable import note_unavailable

LOG = "ingestion.log"  # one line for each question


class Means(NamedTuple):
    """How it is done: whom it tells how far it is, and how it waits."""

    tell: Tell
    pace: Pace = Pace(clock.now, time.sleep, random.random)


class Ingested(NamedTuple):
    """How it ended: `prices` are what is in use from now on; None where there is nothing. `faults`: by provider how our own code
    failed."""

    day: date
    founds: list[Found]
    findings: tuple[Finding, ...]
    prices: Prices | None
    faults: dict[str, str]


def ingest(settings: Settings, side: str, wish: Wish, means: Means) -> Ingested:
    """Fetch, check and seal; PricesNotOurs where the other side fetches, PricesBusy where somebody does so already."""
    refusal = may_fetch(Disk(settings.durable), settings, side)
    if refusal:
        raise refusal
    refuse_dropped(settings.data / "prices" / "local")
    with only_one(settings.lock_of("ingest")) as alone:
        if not alone:
            raise PricesBusy("fetching prices", "somebody else on this machine does so already", "nothing: that one is enough")
        return _brought_into_use(settings, side, _asked(settings, wish, means))


class _Answers(NamedTuple):
    """What a round brought."""

    wanted: Wanted
    founds: list[Found]
    panel: Prices | None
    sampled: tuple[Finding, ...]
    faults: dict[str, str]


def _asked(settings: Settings, wish: Wish, means: Means) -> _Answers:
    calendar, now, before = open_calendar(settings.data), means.pace.now(), _in_use(settings.data / "prices" / "local")
    _refuse_a_wrong_clock(before, now)
    until = expected_session(calendar, now, wish.day)
    wanted = Wanted(since_of(wish, before, until), until, now, calendar, wish.force)
    sources = read_sources(settings.data_sources)
    names = instruments_of(wish, sources, before)
    log = Log(settings.logs / LOG, quiet=True)
    cache = open_cache(settings.data / "cache", now=means.pace.now)
    with Askers(sources, settings.data / "providers", means.pace) as askers:
        desk = Desk(sources, askers, cache, log, means.tell)
        founds = _found(names, desk, wanted, wish.seconds)
        founds += found_before(before, names, desk, wanted)
        listed = listed_in(real_universes())
        panel = panel_of(founds, cache, listed, calendar)
        damaged = [
            one.instrument for one in founds if one.used and cache.series(one.used.provider, one.used.symbol) != one.series
        ]
        if damaged:  # a part was found damaged when it was read, and set aside: its days are asked for again
            again = {one.instrument: one for one in round_of(damaged, desk, wanted)}
            founds = [again.get(one.instrument, one) for one in founds]
            panel = panel_of(founds, cache, listed, calendar)
        _note_whose(founds, before)
        cache.sweep_raw(now.date() - timedelta(days=RAW_DAYS))
        sampled = tuple(disagreements(founds, desk, wanted)) if wish.seconds is None else ()
    return _Answers(wanted, founds, panel, sampled, askers.faults)


def _refuse_a_wrong_clock(before: Prices | None, now: datetime) -> None:
    """Of a machine that lives in the past every price would be as new as it can be, for years."""
    today = now.astimezone(clock.KST).date()
    if before and before.dates[-1] > np.datetime64(today + timedelta(days=1), "D"):
        why = f"those in use end on {before.dates[-1]}, and here today is {today}"
        raise DataUnusable("fetching prices", why, "set this machine's clock; if it is right, move data/prices/local away")


def _note_whose(founds: list[Found], before: Prices | None) -> None:
    for found in founds:
        found.whose_before = before.providers.get(found.instrument, "") if before else ""


def _found(names: list[str], desk: Desk, wanted: Wanted, seconds: float | None) -> list[Found]:
    """One by one where each has its limit of time; else all of them together."""
    if seconds is None:
        return round_of(names, desk, wanted)
    founds = list[Found]()
    for name in names:
        desk.askers.limit(seconds)
        founds += round_of([name], desk, wanted)
    return founds


def _brought_into_use(settings: Settings, side: str, answers: _Answers) -> Ingested:
    wanted, founds, panel, _, faults = answers
    unavailable, failed = _of_state("unavailable", founds), _of_state("failed", founds)
    if panel is None:
        note_unavailable(settings.data, wanted.until, {} if failed else unavailable)  # no run is skipped for a fault of ours
        return Ingested(wanted.until, founds, (), None, faults)
    prices, found = examined(panel, wanted.until, wanted.calendar)
    of_fetching = [told for one in founds for told in findings_of(one, wanted.calendar, wanted.until)]
    known = {one.symbol for one in of_fetching if one.code == "Q-OLD"}  # why they are old is said there
    findings = (*of_fetching, *(one for one in found if one.code != "Q-STALE" or one.symbol not in known), *answers.sampled)
    gone = {one.symbol: one.text for one in found if one.symbol and one.symbol not in prices.symbols}
    prices = told(prices.telling(notes={}), findings).telling(unavailable=unavailable | gone)
    write_quality(settings.data / "quality", wanted.until, findings)
    seal_prices(settings, prices, side, {CLOSES: closes_csv(prices, prices.unavailable | failed)})
    note_unavailable(settings.data, wanted.until, {})
    return Ingested(wanted.until, founds, findings, prices, faults)


def _of_state(state: str, founds: list[Found]) -> dict[str, str]:
    return {one.instrument: one.why for one in founds if one.state == state}


def _in_use(folder: Path) -> Prices | None:
    """The prices before; what cannot be opened is replaced."""
    with suppress(DataMissing):
        return open_prices(folder)
    return None

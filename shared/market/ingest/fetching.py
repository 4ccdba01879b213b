"""One ingest: who is wanted, the round of questions, the panel of it checked and sealed, and what is kept of all that.

It exists as the one road by which prices come from the network: cron, a person and the hour before the open all take it.
"""

from __future__ import annotations

import random
import time
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np

from shared import clock
from shared.cache import CLOSES, DAY_FACTS, PricesBusy, may_fetch
from shared.config import Settings
from shared.disk import Disk
from shared.errors import DataUnusable
from shared.events import Log
from shared.krx_calendar import expected_session, open_calendar
from shared.lock import only_one
from shared.market.asking import Askers, Pace
from shared.market.cache import RAW_DAYS, open_cache
from shared.market.ingest.assembling import About, findings_of, panel_of
from shared.market.ingest.carrying_over import Before, in_use, once_each
from shared.market.ingest.eod import closes_csv, day_facts
from shared.market.ingest.found import Found
from shared.market.ingest.round import round_of
from shared.market.ingest.sampling import disagreements
from shared.market.ingest.series import Desk, Tell, Wanted
from shared.market.ingest.sources import read_sources
from shared.market.ingest.wish import Wish, instruments_of, listed_in, real_universes, since_of
from shared.market.prices import Prices
from shared.market.quality import Finding, examined, told, write_quality
from shared.market.sealed import refuse_dropped, seal_prices
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
    refuse_other_side(settings, side)
    refuse_dropped(settings.data / "prices" / "local")
    with only_one(settings.lock_of("ingest")) as alone:
        if not alone:
            raise PricesBusy("fetching prices", "somebody else on this machine does so already", "nothing: that one is enough")
        return _brought_into_use(settings, side, _asked(settings, wish, means))


def refuse_other_side(settings: Settings, side: str) -> None:
    """PricesNotOurs, or PricesDisputed, where this side must not fetch."""
    refusal = may_fetch(Disk(settings.durable), settings, side)
    if refusal:
        raise refusal


class _Answers(NamedTuple):
    """What a round brought."""

    wanted: Wanted
    before: Before
    founds: list[Found]
    panel: Prices | None
    sampled: tuple[Finding, ...]
    faults: dict[str, str]


def _asked(settings: Settings, wish: Wish, means: Means) -> _Answers:
    calendar, now, prices = open_calendar(settings.data), means.pace.now(), in_use(settings.data / "prices" / "local")
    _refuse_a_wrong_clock(prices, now)
    until = expected_session(calendar, now, wish.day)
    wanted = Wanted(since_of(wish, prices, until), until, now, calendar, wish.force)
    sources = read_sources(settings.data_sources, settings.data)
    names = instruments_of(wish, sources, prices)
    before = Before(prices, frozenset(names))
    cache, log = open_cache(settings.data / "cache", now=means.pace.now), Log(settings.logs / LOG, quiet=True)
    with Askers(sources.manners, settings.data / "providers", means.pace) as askers:
        desk = Desk(sources, askers, cache, log, means.tell)
        founds, panel = _whole(_found(names, desk, wanted, wish.seconds), before, desk, wanted)
        sampled = tuple(disagreements(founds, desk, wanted)) if wish.seconds is None else ()
    cache.sweep_raw(clock.now().date() - timedelta(days=RAW_DAYS))
    return _Answers(wanted, before, founds, panel, sampled, askers.faults)


def _whole(founds: list[Found], before: Before, desk: Desk, wanted: Wanted) -> tuple[list[Found], Prices | None]:
    """The panel of them. A part that is found damaged when it is read is set aside, and its days are asked for again."""
    about = About(listed_in(real_universes()), wanted.calendar)
    panel = panel_of(founds, before, desk.cache, about)
    damaged = [one.instrument for one in founds if one.used and desk.cache.series(*one.used[:2]) != one.series]
    if not damaged:
        return founds, panel
    again = {one.instrument: one for one in round_of(damaged, desk, wanted)}
    founds = [again.get(one.instrument, one) for one in founds]
    return founds, panel_of(founds, before, desk.cache, about)


def _refuse_a_wrong_clock(before: Prices | None, now: datetime) -> None:
    """Of a machine that lives in the past every price would be as new as it can be, for years."""
    today = now.astimezone(clock.KST).date()
    if before and before.dates[-1] > np.datetime64(today + timedelta(days=1), "D"):
        why = f"those in use end on {before.dates[-1]}, and here today is {today}"
        raise DataUnusable("fetching prices", why, "set this machine's clock; if it is right, move data/prices/local away")


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
    wanted, founds = answers.wanted, answers.founds
    unavailable, failed = _of_state("unavailable", founds), _of_state("failed", founds)
    if answers.panel is None:
        note_unavailable(settings.data, wanted.until, {} if failed else unavailable)  # no run is skipped for a fault of ours
        return Ingested(wanted.until, founds, (), None, answers.faults)
    prices, found = examined(answers.panel, wanted.until, wanted.calendar)
    findings = _all_findings(answers, found)
    gone = {one.symbol: one.text for one in found if one.symbol and one.symbol not in prices.symbols}
    prices = told(prices.telling(notes={}), findings)
    prices = prices.telling(unavailable=answers.before.unavailable | unavailable | gone)
    write_quality(settings.data / "quality", wanted.until, findings)
    closes = closes_csv(prices, prices.unavailable | failed)
    seal_prices(settings, prices, side, {CLOSES: closes, DAY_FACTS: day_facts(prices, closes)})
    note_unavailable(settings.data, wanted.until, {})
    return Ingested(wanted.until, founds, findings, prices, answers.faults)


def _all_findings(answers: _Answers, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those of the fetching, of the bars, of the sample, and of before what stays true."""
    assert answers.panel is not None
    wanted = answers.wanted
    whose = answers.before.prices.providers if answers.before.prices else {}
    told_of = [findings_of(one, whose.get(one.instrument, ""), wanted.calendar, wanted.until) for one in answers.founds]
    of_fetching = [told for of_one in told_of for told in of_one]
    of_fetching += [*answers.sampled, *answers.before.findings(answers.panel.dates)]
    known = {one.symbol for one in of_fetching if one.code == "Q-OLD"}  # why they are old is said there
    return once_each([*of_fetching, *(one for one in found if one.code != "Q-STALE" or one.symbol not in known)])


def _of_state(state: str, founds: list[Found]) -> dict[str, str]:
    return {one.instrument: one.why for one in founds if one.state == state}

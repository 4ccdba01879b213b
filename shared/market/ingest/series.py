"""One series of one provider brought up to date in the cache: what is missing is asked for, and what changed is noticed.

It exists so that a day's prices cost one small question, and a split that rewrote the past costs the whole series again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np

from shared import clock
from shared.events import Log
from shared.krx_calendar import Calendar
from shared.market.asking import Askers, ProviderFaulty
from shared.market.bars import Bars
from shared.market.cache import Cache, Series, Span, is_fresh, what_to_ask
from shared.market.ingest.sources import Sources, Step
from shared.market.outage import ExternalDataUnavailable
from shared.market.prices import NUMBERS

Tell = Callable[[str, str, int], None]  # an instrument, whom it is asked of, and how many are still to be asked there
_PRICES, _NOISE = ("open", "high", "low", "close"), 5e-7
_FEW, _MANY = 2, 0.1  # bars on days without a session: a provider may show a holiday; days shifted by one are a fifth
_DEAD = 10  # sessions without a bar: of such a symbol nobody is asked twice a day


class Wanted(NamedTuple):
    """What is wanted of every series: the days, and whether what is fresh is asked for as well."""

    since: date
    until: date
    now: datetime
    calendar: Calendar
    force: bool = False


class Desk(NamedTuple):
    """What fetching needs: who is asked for what, where it is kept, the log of it, and whom to tell how far it is."""

    sources: Sources
    askers: Askers
    cache: Cache
    log: Log
    tell: Tell


class Question(NamedTuple):
    """Days of one series that are to be asked for; `since`: what its series then counts as asked from."""

    step: Step
    span: Span
    since: date


class Brought(NamedTuple):
    """What came: how many bars, days that are new, days whose prices are others than they were, and parts written."""

    rows: int
    added: int
    revised: tuple[date, ...]
    parts: int


def questions_of(desk: Desk, step: Step, wanted: Wanted) -> list[Question]:
    """Those that bring this series up to date, oldest first; none where it is fresh, and as far as it can be."""
    series = desk.cache.series(step.provider, step.symbol)
    since = min(wanted.since, series.asked_from) if series else wanted.since
    if step.path:
        return [Question(step, Span(since, wanted.until), since)]
    if (
        not wanted.force
        and series
        and is_fresh(series, wanted.now)
        and series.asked_from <= wanted.since
        and not _has_more(series, wanted)
    ):
        return []
    span = Span(since, wanted.until) if wanted.force else what_to_ask(series, wanted.since, wanted.until)
    at_once = desk.sources.manners(step.provider).sessions_at_once
    return [Question(step, part, since) for part in _cut(span, wanted, at_once)] if span else []


def bring(desk: Desk, question: Question, wanted: Wanted) -> Brought:
    """Ask it and keep what came; ExternalDataUnavailable where nothing did, ProviderFaulty where its code failed. One line in
    the log in any case."""
    began = time.monotonic()
    try:
        brought = _brought(desk, question, wanted)
    except ExternalDataUnavailable as error:
        desk.log.warning("PRICES_NOT_FETCHED", **_named(question, began), kind=error.kind, why=error.why, rc=2)
        raise
    except ProviderFaulty as error:
        desk.log.error("PRICES_NOT_FETCHED", **_named(question, began), code=error.code, why=error.why, rc=error.exit_code)
        raise
    facts = {**brought._asdict(), "revised": len(brought.revised) or None}
    desk.log.info("PRICES_FETCHED", **_named(question, began), **facts)
    return brought


def is_alive(series: Series, wanted: Wanted) -> bool:
    """Whether it had a price within the last sessions."""
    begin = max(series.end + timedelta(days=1), wanted.calendar.first)
    return len(wanted.calendar.sessions(begin, wanted.until)) <= _DEAD


def _brought(desk: Desk, question: Question, wanted: Wanted) -> Brought:
    """Where the past has other prices than were kept, all of the series is asked for at once: it is never of two minds."""
    step, span = question.step, question.span
    bars = _asked(desk, step, span, wanted)
    is_first = desk.cache.series(step.provider, step.symbol) is None
    change = desk.cache.put(bars, step.provider, question.since if is_first else span.start, span.end)
    if change.again:
        whole = Span(*change.again)
        bars = _asked(desk, step, whole, wanted)
        change = desk.cache.put(bars, step.provider, *whole)
    return Brought(len(bars), len(change.added), change.revised, change.parts_written)


def _asked(desk: Desk, step: Step, span: Span, wanted: Wanted) -> Bars:
    """What it answers to these, as one. Days without a bar are no failure while others have some: it was not listed then."""
    found = [_answer(desk, step, part) for part in _cut(span, wanted, desk.sources.manners(step.provider).sessions_at_once)]
    answers = [one for one in found if isinstance(one, Bars)]
    if not answers:
        raise next(one for one in found if isinstance(one, ExternalDataUnavailable))
    for one in answers:
        desk.cache.keep_raw(step.provider, one.raw, clock.now())
    whole = _joined(answers, f"asking {step.provider} for {step.symbol}")
    if step.is_korean:
        _refuse_other_days(whole, wanted.calendar, f"asking {step.provider} for {step.symbol}")
    return replace(whole, symbol=step.symbol, raw={})


def _joined(answers: list[Bars], doing: str) -> Bars:
    """Each day once; where an answer ends and the next one begins, both must have the same prices of the day."""
    days = np.concatenate([one.dates for one in answers])
    numbers = {name: np.concatenate([one.numbers[name] for one in answers]) for name in NUMBERS}
    dates, first = np.unique(days, return_index=True)
    last = len(days) - 1 - np.unique(days[::-1], return_index=True)[1]
    for name in _PRICES:
        odd = ~np.isclose(numbers[name][first], numbers[name][last], rtol=_NOISE, atol=0, equal_nan=True)
        if odd.any():
            why = f"its {name} of {dates[odd][0]} is another in the next answer"
            raise ExternalDataUnavailable(doing, why, "schema_drift")
    return replace(answers[-1], dates=dates, numbers={name: array[first] for name, array in numbers.items()})


def _refuse_other_days(bars: Bars, calendar: Calendar, doing: str) -> None:
    """Days of another zone are a day off, and every fifth then a Sunday: of such a series no day is right."""
    known = [day for day in bars.dates.tolist() if calendar.first <= day <= calendar.verified_through]
    closed = [day for day in known if not calendar.is_trading_day(day)]
    if len(closed) > max(_FEW, len(known) * _MANY):
        why = f"{len(closed)} of its {len(known)} days had no session, {closed[0]} is the first"
        raise ExternalDataUnavailable(doing, why, "schema_drift")


def _answer(desk: Desk, step: Step, span: Span) -> Bars | ExternalDataUnavailable:
    """An answer without a bar is one too; any other outage is raised."""
    try:
        return desk.askers.ask(step.provider, str(step.path or step.symbol), span)
    except ExternalDataUnavailable as error:
        if error.kind == "empty":
            return error
        raise


def _cut(span: Span, wanted: Wanted, at_once: int) -> list[Span]:
    """In questions of so many sessions; 0: in one. Each begins on the day on which the one before ended: so it is seen that
    their prices are of one kind."""
    sessions = wanted.calendar.sessions(max(span.start, wanted.calendar.first), span.end) if at_once else []
    if len(sessions) <= at_once or at_once < 2:
        return [span]
    ends = sessions[at_once - 1 : -1 : at_once - 1]
    return [Span(*days) for days in zip([span.start, *ends], [*ends, span.end], strict=True)]


def _has_more(series: Series, wanted: Wanted) -> bool:
    """Whether a session is lacking, of something that is still traded."""
    return series.end < wanted.until and is_alive(series, wanted)


def _named(question: Question, began: float) -> dict[str, object]:
    (provider, symbol, *_), (start, end) = question.step, question.span
    elapsed = (time.monotonic() - began) * 1000
    return {"provider": provider, "symbol": symbol, "days": f"{start}..{end}", "elapsed_ms": elapsed}

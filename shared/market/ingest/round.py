"""A round: every instrument's providers are asked in their order until one has what is expected.

It exists so that a dead provider costs nobody the day: the next one is asked, then what is kept is used and said to be old.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from shared.market.asking import ProviderFaulty
from shared.market.cache import Series
from shared.market.ingest.expected import is_due
from shared.market.ingest.series import Desk, Question, Wanted, bring, is_alive, questions_of
from shared.market.ingest.sources import CACHED, Sources, Step
from shared.market.outage import ExternalDataUnavailable, Kind
from shared.market.providers import local_cache


class Silent(NamedTuple):
    """A provider that had nothing, or nothing new enough; `fault`: the code that asks it failed, and that is no outage."""

    provider: str
    kind: Kind | Literal["fault"]
    why: str


@dataclass
class Found:
    """What became of one instrument: whose series is used, who had nothing and why."""

    instrument: str
    is_korean: bool
    steps: list[Step]
    used: Step | None = None
    series: Series | None = None
    is_current: bool = False
    whose_before: str = ""  # the provider of what was in use
    is_new: bool = False  # somebody was asked for it just now, and answered
    has_ended: bool = False
    silent: list[Silent] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)  # days whose prices are others than they were

    @property
    def state(self) -> str:
        """`current`, `old`, `ended` (everybody answers, and nobody has had a price of it for weeks), `unavailable`, or `failed`:
        there is nothing of it, and nobody knows whether there would be, because our own code failed."""
        if self.series is None:
            return "failed" if any(one.kind == "fault" for one in self.silent) else "unavailable"
        return "current" if self.is_current else "ended" if self.has_ended else "old"

    @property
    def why(self) -> str:
        """Who had nothing, and why: one clause for each reason."""
        whose: dict[str, list[str]] = {}
        for one in self.silent:
            whose.setdefault(one.why, []).append(one.provider)
        return "; ".join(f"{', '.join(dict.fromkeys(names))}: {why}" for why, names in whose.items())


def round_of(instruments: Iterable[str], desk: Desk, wanted: Wanted) -> list[Found]:
    """What became of each of them, in their order."""
    every = [_looked_for(name, desk.sources) for name in instruments]
    for rank in range(max((len(found.steps) for found in every), default=0)):
        waiting = [found for found in every if not found.is_current and rank < len(found.steps)]
        for provider in dict.fromkeys(found.steps[rank].provider for found in waiting):
            _Turn(desk, wanted).of([found for found in waiting if found.steps[rank].provider == provider], rank)
    anybody_has_the_day = any(one.is_current and one.is_korean for one in every)  # else nothing ended: all of it is old
    for found in (one for one in every if not one.is_current):
        _use_the_latest(found, desk, found.steps)
        found.has_ended = anybody_has_the_day and found.series is not None and _has_ended(found, found.series, wanted)
    return every


def _looked_for(name: str, sources: Sources) -> Found:
    """Of what a universe names and nobody may be asked for, that is the reason."""
    if not sources.knows(name):
        return Found(name, False, [], silent=[Silent("data_sources", "disabled", "it names nobody who has it")])
    return Found(name, sources.is_korean(name), sources.steps(name))


def _has_ended(found: Found, series: Series, wanted: Wanted) -> bool:
    """Not where anybody could not be asked: who is silent may have newer prices. Who is switched off is none of them."""
    return not series.lost and all(one.kind in ("empty", "disabled") for one in found.silent) and not is_alive(series, wanted)


class _Turn:
    """One provider's."""

    def __init__(self, desk: Desk, wanted: Wanted) -> None:
        self._desk, self._wanted = desk, wanted

    def of(self, there: list[Found], rank: int) -> None:
        """What is kept is looked at, everybody else asked."""
        for found in there:
            if found.steps[rank].provider == CACHED:
                self._look(found)
        self._ask([found for found in there if found.steps[rank].provider != CACHED], rank)

    def _look(self, found: Found) -> None:
        """Nobody is asked where what is kept of one of its providers is fresh and has come as far as it can."""
        kept = [step for step in found.steps if not step.stands_in]  # what stands in does so no longer than it must
        for step in kept if not self._wanted.force else ():
            series = self._desk.cache.series(step.provider, step.symbol)
            if series and self._is_fit(series) and not found.is_current:
                _use(found, step, series, is_current=not is_due(series.end, self._wanted.until, found.is_korean))

    def _is_fit(self, series: Series) -> bool:
        return not local_cache.why_unfit(series, (self._wanted.since, self._wanted.until), self._wanted.now)

    def _ask(self, there: list[Found], rank: int) -> None:
        """By days, not by instruments, where a provider has all instruments of a day in one answer."""
        plan = [(one, found) for found in there for one in self._questions(found.steps[rank])]
        failed = set[str]()
        for place, (question, found) in enumerate(sorted(plan, key=lambda pair: pair[0].span.end)):
            self._desk.tell(found.instrument, question.step.provider, len(plan) - place)
            if found.instrument not in failed and not self._has(found, question):
                failed.add(found.instrument)
        for found in there:
            self._judge(found, found.steps[rank], found.instrument in failed)

    def _questions(self, step: Step) -> list[Question]:
        return questions_of(self._desk, step, self._wanted)

    def _has(self, found: Found, question: Question) -> bool:
        """False where the rest need not be asked for. Nothing in the oldest days is no failure: it was not listed then."""
        try:
            brought = bring(self._desk, question, self._wanted)
        except ExternalDataUnavailable as error:
            if error.kind == "empty" and question.span.end < self._wanted.until:
                return True
            found.silent.append(Silent(question.step.provider, error.kind, error.why))
            return False
        except ProviderFaulty as error:
            found.silent.append(Silent(question.step.provider, "fault", f"a fault of this program: {error.why}"))
            return False
        found.is_new = True
        found.revised += [str(day) for day in brought.revised]
        return True

    def _judge(self, found: Found, step: Step, has_failed: bool) -> None:
        """The first whose series has come as far as it can is used. Why one that failed has not is known already."""
        series = self._desk.cache.series(step.provider, step.symbol)
        if series is None:
            return
        is_old = is_due(series.end, self._wanted.until, found.is_korean)
        if series.lost:
            found.silent.append(Silent(step.provider, "empty", f"{_lost(series)} was damaged and is missing"))
        elif is_old and not has_failed:
            why = f"its prices end on {series.end}, not on {self._wanted.until}"
            found.silent.append(Silent(step.provider, "empty", why))
        elif not is_old:
            _use(found, step, series, is_current=True)


def _use_the_latest(found: Found, desk: Desk, steps: list[Step]) -> None:
    """Of what is kept the series that has come farthest, of the earliest provider where several have; a whole one first."""
    kept = [(step, series) for step in steps if (series := desk.cache.series(step.provider, step.symbol))]
    if kept:
        step, series = max(kept, key=lambda pair: (not pair[1].lost, pair[1].end))
        _use(found, step, series, is_current=False)


def _lost(series: Series) -> str:
    return ", ".join(f"{lost.start} to {lost.end}" for lost in series.lost)


def _use(found: Found, step: Step, series: Series, is_current: bool) -> None:
    found.used, found.series, found.is_current = step, series, is_current

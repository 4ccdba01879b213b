"""A round: every instrument's providers are asked in their order until one has what is expected.

It exists so that a dead provider costs nobody the day: the next one is asked, then what is kept is used and said to be old.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from shared.market.asking import ProviderFaulty
from shared.market.cache import Series
from shared.market.ingest.expected import is_due
from shared.market.ingest.found import Found, Silent, State
from shared.market.ingest.series import Desk, Question, Wanted, bring, is_alive, questions_of
from shared.market.ingest.sources import CACHED, Sources, Step
from shared.market.outage import ExternalDataUnavailable
from shared.market.providers import local_cache


@dataclass
class _Search:
    """One instrument's, while its providers are asked: over as soon as one of them has what is expected."""

    instrument: str
    is_korean: bool
    steps: tuple[Step, ...]
    current: tuple[Step, Series] | None = None
    is_new: bool = False
    silent: list[Silent] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)

    def found(self, state: State, used: Step | None = None, series: Series | None = None) -> Found:
        """How it ended."""
        silent, revised = tuple(self.silent), tuple(dict.fromkeys(self.revised))
        return Found(self.instrument, self.is_korean, self.steps, state, used, series, self.is_new, silent, revised)


def round_of(instruments: Iterable[str], desk: Desk, wanted: Wanted) -> list[Found]:
    """What became of each of them, in their order."""
    every = [_search_for(name, desk.sources) for name in instruments]
    for rank in range(max((len(one.steps) for one in every), default=0)):
        waiting = [one for one in every if not one.current and rank < len(one.steps)]
        for provider in dict.fromkeys(one.steps[rank].provider for one in waiting):
            _Turn(desk, wanted).of([one for one in waiting if one.steps[rank].provider == provider], rank)
    anybody_has_the_day = any(one.current and one.is_korean for one in every)  # else nothing ended: all of it is old
    return [_judged(one, desk, wanted, anybody_has_the_day) for one in every]


def _search_for(name: str, sources: Sources) -> _Search:
    """Of what a universe names and nobody may be asked for, that is the reason."""
    if not sources.knows(name):
        return _Search(name, False, (), silent=[Silent("data_sources", "disabled", "it names nobody who has it")])
    return _Search(name, sources.is_korean(name), tuple(sources.steps(name)))


def _judged(one: _Search, desk: Desk, wanted: Wanted, anybody_has_the_day: bool) -> Found:
    """Of what nobody has anew, the latest that is kept is used, and said to be old."""
    if one.current:
        return one.found("current", *one.current)
    kept = _latest_kept(one.steps, desk)
    if not kept:
        is_fault = any(silent.kind == "fault" for silent in one.silent)
        return one.found("failed" if is_fault else "unavailable")
    return one.found("ended" if anybody_has_the_day and _has_ended(one, kept[1], wanted) else "old", *kept)


def _latest_kept(steps: Iterable[Step], desk: Desk) -> tuple[Step, Series] | None:
    """The series that has come farthest, of the earliest provider where several have; a whole one first."""
    kept = [(step, series) for step in steps if (series := desk.cache.series(step.provider, step.symbol))]
    return max(kept, key=lambda pair: (not pair[1].lost, pair[1].end), default=None)


def _has_ended(one: _Search, series: Series, wanted: Wanted) -> bool:
    """Not where anybody could not be asked: who is silent may have newer prices. Who is switched off is none of them."""
    return not series.lost and all(silent.kind in ("empty", "disabled") for silent in one.silent) and not is_alive(series, wanted)


class _Turn:
    """One provider's."""

    def __init__(self, desk: Desk, wanted: Wanted) -> None:
        self._desk, self._wanted = desk, wanted

    def of(self, there: list[_Search], rank: int) -> None:
        """What is kept is looked at, everybody else asked."""
        for search in there:
            if search.steps[rank].provider == CACHED:
                self._look(search)
        self._ask([search for search in there if search.steps[rank].provider != CACHED], rank)

    def _look(self, search: _Search) -> None:
        """Nobody is asked where what is kept of one of its providers is fresh and has come as far as it can."""
        kept = [step for step in search.steps if not step.stands_in]  # what stands in does so no longer than it must
        for step in kept if not self._wanted.force else ():
            series = self._desk.cache.series(step.provider, step.symbol)
            if series and not search.current and self._is_fit(series) and not self._is_due(search, series):
                search.current = step, series

    def _is_fit(self, series: Series) -> bool:
        return not local_cache.why_unfit(series, (self._wanted.since, self._wanted.until), self._wanted.now)

    def _is_due(self, search: _Search, series: Series) -> bool:
        return is_due(series.end, self._wanted.until, search.is_korean)

    def _ask(self, there: list[_Search], rank: int) -> None:
        """By days, not by instruments, where a provider has all instruments of a day in one answer."""
        plan = [(one, search) for search in there for one in self._questions(search.steps[rank])]
        failed = set[str]()
        for place, (question, search) in enumerate(sorted(plan, key=lambda pair: pair[0].span.end)):
            self._desk.tell(search.instrument, question.step.provider, len(plan) - place)
            if search.instrument not in failed and not self._has(search, question):
                failed.add(search.instrument)
        for search in there:
            self._judge(search, search.steps[rank], search.instrument in failed)

    def _questions(self, step: Step) -> list[Question]:
        return questions_of(self._desk, step, self._wanted)

    def _has(self, search: _Search, question: Question) -> bool:
        """False where the rest need not be asked for. Nothing in the oldest days is no failure: it was not listed then."""
        try:
            brought = bring(self._desk, question, self._wanted)
        except ExternalDataUnavailable as error:
            if error.kind == "empty" and question.span.end < self._wanted.until:
                return True
            search.silent.append(Silent(question.step.provider, error.kind, error.why))
            return False
        except ProviderFaulty as error:
            search.silent.append(Silent(question.step.provider, "fault", f"a fault of this program: {error.why}"))
            return False
        search.is_new = True
        search.revised += [str(day) for day in brought.revised]
        return True

    def _judge(self, search: _Search, step: Step, has_failed: bool) -> None:
        """The first whose series has come as far as it can is used. Why one that failed has not is known already."""
        series = self._desk.cache.series(step.provider, step.symbol)
        if series is None:
            return
        is_old = self._is_due(search, series)
        if series.lost:
            search.silent.append(Silent(step.provider, "empty", f"{_lost(series)} was damaged and is missing"))
        elif is_old and not has_failed:
            why = f"its prices end on {series.end}, not on {self._wanted.until}"
            search.silent.append(Silent(step.provider, "empty", why))
        elif not is_old:
            search.current = step, series


def _lost(series: Series) -> str:
    return ", ".join(f"{lost.start} to {lost.end}" for lost in series.lost)

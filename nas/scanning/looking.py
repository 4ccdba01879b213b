"""One look at the market: the prices in use up to a moment, a strategy's verdict on them, and what a reader should know of both.

It exists so that stale prices, a missing index and a session that is not over are told apart before anything is said of a symbol.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Dict, List, NamedTuple, Tuple

from nas.closes import Chosen, fix_of
from nas.scanning.holdings import Holdings
from nas.scanning.plan import Plan
from nas.scanning.wording import words
from shared.config import HOME, Settings
from shared.errors import DataMissing, RelayError, RequiredUnavailable
from shared.krx_calendar import Calendar, expected_session, open_calendar

if TYPE_CHECKING:
    from shared.market import Prices
    from shared.market.picking import OneDay
    from shared.strategies import Strategy

_FETCHING = timedelta(hours=2, minutes=30)  # after a session is over: by then its prices should be here
_LATELY = 250  # sessions: who left the universe within them is still looked at, as somebody may hold it


class PricesStale(RelayError):
    """The last session's prices are not here yet."""

    code = "E-DATA-STALE"
    exit_code = 2


class Question(NamedTuple):
    """What is asked: by which plan, of which moment, by somebody who holds these."""

    plan: Plan
    at: datetime
    holdings: Holdings


class Look(NamedTuple):
    """What was seen. `session`: closed, before, open or after; `is_unfinished`: the last bar is of a session that is not over."""

    question: Question
    found: OneDay
    kind: str
    session: str
    is_unfinished: bool
    synthetic: bool
    params: Dict[str, Any]
    degraded: Tuple[str, ...]


def look(settings: Settings, question: Question) -> Look:
    """PricesStale where the last session's prices are not here yet, RequiredUnavailable where an index is missing."""
    from shared.market import prices_in_use, read_by
    from shared.market.picking import one_day
    from shared.strategies import strategy_of

    calendar, plan = open_calendar(settings.data), question.plan
    strategy = strategy_of(plan.strategy, plan.params, settings.strategies_path)
    panel = _until(prices_in_use(settings), question.at.date())
    if not panel.synthetic:
        _refuse_stale(settings, panel, calendar, question.at)
    _refuse_without(panel, read_by(strategy))
    prices, kind, notes = _chosen(panel, plan.universe, strategy)
    found, session = one_day(strategy, prices, question.holdings.symbols), _session(calendar, question.at)
    is_unfinished = session in ("before", "open") and found.day == question.at.date()
    doubts = [*_doubts(settings.language, question, prices, is_unfinished), *notes, *found.notes]
    params = strategy.params.model_dump(mode="json")
    return Look(question, found, kind, session, is_unfinished, panel.synthetic, params, tuple(doubts))


def _session(calendar: Calendar, at: datetime) -> str:
    """closed, before, open or after; DayUnknown where nobody knows."""
    bounds = calendar.session_bounds(at.date())
    if bounds is None:
        return "closed"
    return "before" if at < bounds.open else "open" if at < bounds.close else "after"


def _until(panel: Prices, day: date) -> Prices:
    """What was known on that day."""
    rows = panel.rows(None, day)
    if not rows.stop:
        raise DataMissing(f"scanning {day}", f"the prices begin on {panel.dates[0]}", "ask for a later day")
    return panel.until(rows.stop)


def _refuse_stale(settings: Settings, panel: Prices, calendar: Calendar, at: datetime) -> None:
    last, expected = date.fromisoformat(str(panel.dates[-1])), expected_session(calendar, at - _FETCHING)
    if last < expected:
        fix = f"{fix_of(settings, Chosen(last, expected))}; it says why they are late: python -m pc data doctor"
        raise PricesStale("scanning", f"the prices end on {last}, the last session was {expected}", fix)


def _refuse_without(panel: Prices, names: List[str]) -> None:
    """An index that decides the regime is not guessed."""
    rows = slice(max(0, len(panel.dates) - _LATELY), len(panel.dates))
    lacking = [f"{name}: {panel.unavailable.get(name, why)}" for name in names if (why := panel.lacks(name, rows))]
    if lacking:
        raise RequiredUnavailable("scanning", "; ".join(lacking), "fetch it, or name another regime_symbol in scan.yaml")


def _chosen(panel: Prices, name: str, strategy: Strategy) -> "tuple[Prices, str, list[str]]":
    """Who is looked at, with the market that is only read; of what kind they are."""
    from shared.market import chosen, prices_for, universe_of

    universe = universe_of(name, HOME / "configs" / "universes")
    rows = slice(max(0, len(panel.dates) - _LATELY), len(panel.dates))
    prices, notes = chosen(universe, panel, rows)
    return prices_for(panel, prices, strategy), universe.kind or "-", notes


def _doubts(language: str, question: Question, prices: Prices, is_unfinished: bool) -> List[str]:
    """What makes a reader look twice, before what the strategy itself says."""
    held, last = question.holdings, str(prices.dates[-1])
    unknown = [symbol for symbol in held.symbols if symbol not in prices.symbols]
    said = [words("made_up", language)] if prices.synthetic else []
    said += [words("unfinished", language, day=last)] if is_unfinished else []
    said += [words("followed", language, day=held.day)] if held.origin == "signals" else []
    said += [words("nobody", language)] if held.origin == "nobody" else []
    return said + ([words("unjudged", language, names=", ".join(unknown))] if unknown else [])

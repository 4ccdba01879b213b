"""The scope of a run: a request with every name in it resolved against the prices there are.

It exists so that what a run is about is settled, or refused, before anything is computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from inbox import Request
from pc.at_hand import refuse_unavailable, refuse_without_any, refuse_without_required, those_of
from pc.own_defaults import benchmarks_of, terms_of
from shared import clock
from shared.cache import too_old
from shared.config import HOME, Settings
from shared.errors import DataMissing
from shared.strategies import Strategy
from shared.text import few_of

if TYPE_CHECKING:
    from pc.engine import Terms
    from shared.market import Floats, Prices

_FEW_SESSIONS = 20  # about a month
_HOLIDAYS = timedelta(days=7)  # so many at either edge of a period are no lack of prices
_NAMED = 10  # symbols, before the rest is only counted


class Universe(NamedTuple):
    """What is traded, and who named it: the request, a universe (its `name`) or the strategy.

    Of a universe also whether it knows those that were delisted since, and what a reader should know about it."""

    name: str | None
    origin: str
    symbols: list[str]
    point_in_time: bool | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Scope:
    """What a run works on: `prices` of what is traded, up to the period's end; `rows` are the period's own.

    A benchmark has its growth over these rows, or the reason why it is skipped; `in_step` is the same where both it and what is
    traded had a close of their own that day, and NaN elsewhere."""

    request: Request
    settings: Settings
    strategy: Strategy
    terms: Terms
    prices: Prices
    rows: slice
    universe: Universe
    growths: dict[str, Floats]
    in_step: dict[str, Floats]
    skipped: dict[str, str]
    spans: dict[str, dict[str, Any]]
    findings: list[dict[str, Any]]
    today: date

    @property
    def days_old(self) -> int:
        """By how many days the prices end before the day wanted, the asked one or today, where that is too many; else 0."""
        wanted = min(self.request.end or self.today, self.today)
        last = date.fromisoformat(str(self.prices.dates[-1]))
        return (wanted - last).days if not self.prices.synthetic and too_old(last, wanted) else 0

    @property
    def used(self) -> dict[str, Any]:
        """The period that was there."""
        days = self.prices.dates[self.rows]
        return {"start": str(days[0]), "end": str(days[-1]), "n_days": len(days)}

    @property
    def period(self) -> dict[str, Any]:
        """What was asked and what was used."""
        start, end = self.request.start, self.request.end
        return {"asked": {"start": str(start) if start else None, "end": str(end) if end else None}, "used": self.used}

    def warnings(self) -> list[str]:
        """What makes a reader look twice, whatever the strategy does."""
        prices, last_day = self.prices, str(self.prices.dates[-1])
        is_open = self.request.end is None  # of a day that was asked for the last line tells
        said = [f"prices end on {last_day}, {self.days_old} days before this run"] if self.days_old and is_open else []
        said += [f"benchmark unavailable: {name} ({why}) (skipped)" for name, why in self.skipped.items()]
        last = {name: self.spans[name]["last"] for name in self.growths}
        said += [
            f"benchmark {name}: last price {day}, before the end of the period" for name, day in last.items() if day < last_day
        ]
        said += [*self.universe.notes, *self._odd()]
        unfit = [f"{name}: {why}" for name in prices.symbols if (why := _unfit(prices, name, self.rows))]
        said += unfit[:_NAMED]
        said += [f"{len(unfit) - _NAMED} more symbols were not there for all of the period"] if len(unfit) > _NAMED else []
        said += ["same_close decides and fills at the same close"] if self.terms.lag == 0 else []
        sessions = self.rows.stop - self.rows.start
        few = f"only {sessions} session{'' if sessions == 1 else 's'}: what is annualised means little"
        said += [few] if sessions < _FEW_SESSIONS else []
        return said + _falls_short(self.request, prices)

    def told_as_findings(self) -> set[str]:
        """Those of the warnings that say what `findings` says, which a report tells in its own words."""
        found = {str(one["symbol"]) for one in self.findings}
        return {line for line, names in self._odd().items() if found.issuperset(names)}

    def _odd(self) -> dict[str, list[str]]:
        """What is odd about the prices, of what is traded and of benchmarks as far as it was found: a line for all of whom the
        same is so."""
        notes = dict(self.prices.notes)
        for one in self.findings:
            if one["symbol"] and one["symbol"] not in self.prices.symbols and one["severity"] != "INFO":
                notes[one["symbol"]] = "; ".join(filter(None, [notes.get(one["symbol"]), one["text"]]))
        alike: dict[str, list[str]] = {}
        for name, odd in notes.items():
            alike.setdefault(odd, []).append(name)
        return {f"{few_of(names) or 'prices'}: {odd}": names for odd, names in alike.items()}


def scope_of(request: Request, settings: Settings, strategy: Strategy) -> Scope:
    """The scope of this request with its strategy; DataMissing or RequiredUnavailable where there is none."""
    from shared.market import prices_for, prices_in_use

    panel = prices_in_use(settings)
    rows = panel.rows(request.start, request.end)
    if rows.start >= rows.stop:
        why = f"there is no session from {request.start or 'the first'} to {request.end or 'the last'}"
        raise DataMissing("reading the prices", why, f"these prices run from {panel.dates[0]} to {panel.dates[-1]}")
    panel = panel.until(rows.stop)
    refuse_without_required(request, panel, rows, benchmarks_of(request, strategy))
    universe, traded = _chosen(request, strategy, panel, rows)
    refuse_without_any(traded, rows)
    prices, compared = prices_for(panel, traded, strategy), benchmarks_of(request, strategy)
    beside = those_of(panel, compared)
    unfit = {name: panel.unavailable.get(name) or _unfit(beside, name, rows) for name in compared}
    skipped = {name: why for name, why in unfit.items() if why}
    growths = {name: beside.growth(name, rows) for name, why in unfit.items() if not why}
    in_step = _in_step(beside, prices, growths, rows)
    spans = {name: _provenance(beside, name) for name in growths}
    spans = {name: _provenance(prices, name) for name in prices.symbols} | spans
    named = (request, settings, strategy, terms_of(request, strategy), prices, rows, universe)
    findings = [one for told in {**beside.findings, **prices.findings}.values() for one in told]
    return Scope(*named, growths, in_step, skipped, spans, findings, clock.now().date())


def _in_step(beside: Prices, prices: Prices, growths: dict[str, Floats], rows: slice) -> dict[str, Floats]:
    """So that a holiday of one market is no day on which the other one did nothing."""
    import numpy as np

    if not growths:
        return {}
    traded = (prices.close[rows] > 0).any(axis=1)
    closes = {name: beside.close[rows, beside.column(name)] for name in growths}
    return {name: np.where(traded & (closes[name] > 0), growth, np.nan) for name, growth in growths.items()}


def _chosen(request: Request, strategy: Strategy, panel: Prices, rows: slice) -> tuple[Universe, Prices]:
    """Who is traded, and the prices of these."""
    universe = request.universe or getattr(strategy.module, "UNIVERSE", None)
    if universe and not request.symbols:
        return _of_universe(universe, panel, rows)
    symbols = list(dict.fromkeys(request.symbols or list(getattr(strategy.module, "SYMBOLS", ()))))
    if not symbols:
        raise DataMissing(
            "choosing what to trade",
            f"strategy {strategy.name!r} has no SYMBOLS and no UNIVERSE",
            "name `symbols` or a `universe` in the request (`--symbols`, `--universe`; `nas list universes` shows what there is)",
        )
    refuse_unavailable(symbols, panel)
    return Universe(None, "request" if request.symbols else "strategy", symbols), panel.pick(symbols)


def _of_universe(name: str, panel: Prices, rows: slice) -> tuple[Universe, Prices]:
    from shared.market import chosen, universe_of

    universe = universe_of(name, HOME / "configs" / "universes")
    prices, notes = chosen(universe, panel, rows)
    return Universe(name, "universe", list(prices.symbols), universe.point_in_time, tuple(notes)), prices


def _falls_short(request: Request, prices: Prices) -> list[str]:
    """What of the asked period is missing."""
    first, last = (date.fromisoformat(str(prices.dates[row])) for row in (0, -1))
    early = request.start is not None and first - request.start > _HOLIDAYS
    late = request.end is not None and request.end - last > _HOLIDAYS
    said = [f"prices begin only on {first}, asked from {request.start}"] if early else []
    return [*said, *([f"prices end already on {last}, asked until {request.end}"] if late else [])]


def _provenance(prices: Prices, symbol: str) -> dict[str, Any]:
    """Which numbers of that symbol the run knew, and whose they are."""
    return {
        **prices.span(symbol),
        "provider": prices.providers.get(symbol, prices.provider),
        "months": prices.months(symbol),
    }


def _unfit(panel: Prices, name: str, rows: slice) -> str:
    """Why this symbol's figures are not those of the whole period, or nothing."""
    return panel.lacks(name, rows) or panel.starts_late(name, rows)

"""One run, told top to bottom: strategy, prices, decision, fills, checks, measures, files.

It exists so that what happens to a request can be read on one page, without the queue around it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

from inbox import Request
from shared.config import HOME, Settings
from shared.errors import DataMissing, RequiredUnavailable
from shared.strategies import Strategy, Targets, decided, strategy_of

if TYPE_CHECKING:
    from pc.engine import Simulation, Terms, Trade
    from shared.market import Floats, Prices

Write = Callable[[str, bytes], None]
Tell = Callable[[str, int], None]


@dataclass(frozen=True)
class Ran:
    """What a finished run says about itself; errors are raised, so the status is always SUCCEEDED."""

    degraded: list[str]
    strategy: str
    params: dict[str, Any]
    period: dict[str, Any]
    terms: dict[str, Any]
    universe: dict[str, Any]
    benchmarks: dict[str, Any]
    data: dict[str, Any]
    code: dict[str, str]
    metrics: dict[str, Any]
    checks: dict[str, Any]
    phases: dict[str, float]
    status: str = "SUCCEEDED"


def run(request: Request, settings: Settings, write: Write, tell: Tell) -> Ran:
    """Run the request and hand every result file to `write`; a RelayError says what stood in the way."""
    from pc.engine import Terms, accepted, reconcile, simulate

    phases = _Phases(tell)
    phases.begin("strategy", 5)
    strategy = strategy_of(request.strategy, request.params, settings.strategies_path)
    phases.begin("prices", 10)
    asked = _asked(request, settings, strategy.module)
    phases.begin("decide", 25)
    terms = Terms(request.capital, **request.costs.model_dump(), lot=request.rules.lot, execution=request.execution)
    targets = accepted(decided(strategy, asked.prices), asked.prices.close.shape, asked.rows.start, terms.lag)
    phases.begin("simulate", 40)
    simulation = simulate(asked.prices, targets, terms)
    phases.begin("check", 55)
    checks = reconcile(asked.prices, simulation, terms)
    phases.begin("measure", 65)
    found = _measured(asked, simulation, targets, terms)
    phases.begin("tables", 70)
    _write_tables(asked, found, write)
    phases.begin("chart", 80)
    found.warnings.extend(_write_chart(asked, found, write))
    phases.begin("report", 95)
    _write_report(strategy, asked, found, write)
    return _told(strategy, asked, found, {"checks": checks, "terms": dict(vars(terms)), "phases": phases.ended()})


def warm() -> None:
    """Load everything heavy and draw one throw-away picture, so that the first real run is as fast as the second."""
    import numpy as np

    from pc.report.chart import Picture, draw
    from shared.market.providers import synthetic

    days = synthetic.sessions()
    draw(Picture("warm", days, np.linspace(1.0, 2.0, len(days)), {"KOSPI": np.ones(len(days))}))


@dataclass(frozen=True, eq=False)
class _Asked:
    """The request with every name resolved: the traded prices up to the period's end, the period's rows, the benchmarks."""

    request: Request
    settings: Settings
    prices: Prices
    rows: slice
    universe: dict[str, Any]
    growths: dict[str, Floats]
    skipped: dict[str, str]
    spans: dict[str, dict[str, Any]]

    @property
    def period(self) -> dict[str, Any]:
        """What was asked and what was used."""
        start, end, days = self.request.start, self.request.end, self.prices.dates[self.rows]
        asked = {"start": str(start) if start else None, "end": str(end) if end else None}
        return {"asked": asked, "used": {"start": str(days[0]), "end": str(days[-1]), "n_days": len(days)}}


@dataclass(frozen=True, eq=False)
class _Found:
    growth: Floats
    metrics: dict[str, Any]
    trades: list[Trade]
    warnings: list[str]
    no_trade: str


def _asked(request: Request, settings: Settings, module: ModuleType) -> _Asked:
    panel = _panel(settings)
    rows = panel.rows(request.start, request.end)
    if rows.start >= rows.stop:
        why = f"there is no session from {request.start or 'the first'} to {request.end or 'the last'}"
        raise DataMissing("reading the prices", why, f"these prices run from {panel.dates[0]} to {panel.dates[-1]}")
    panel = panel.until(rows.stop)
    _refuse_without_required(request, panel, rows)
    universe = _universe(request, module)
    prices = panel.pick(universe["symbols"])
    if all(panel.lacks(name, rows) for name in prices.symbols):
        raise DataMissing(f"reading the prices of {', '.join(prices.symbols)[:200]}", "none has a price in the period")
    why_not = {name: panel.lacks(name, rows) or panel.starts_late(name, rows) for name in request.benchmarks}
    skipped = {name: why for name, why in why_not.items() if why}
    growths = {name: panel.growth(name, rows) for name, why in why_not.items() if not why}
    spans = {name: panel.span(name) for name in (*prices.symbols, *growths)}
    return _Asked(request, settings, prices, rows, universe, growths, skipped, spans)


def _refuse_without_required(request: Request, panel: Prices, rows: slice) -> None:
    lacking = [f"{name}: {why}" for name in request.required if (why := panel.lacks(name, rows))]
    if lacking:
        raise RequiredUnavailable("the request requires prices that are not there", "; ".join(lacking))


def _panel(settings: Settings) -> Prices:
    from shared.market import open_prices
    from shared.market.providers import synthetic

    if settings.prices == "synthetic":
        return synthetic.ensure(settings.data / "prices" / "synthetic")
    return open_prices(settings.data / "prices" / "local")


def _universe(request: Request, module: ModuleType) -> dict[str, Any]:
    from shared.market import symbols_of

    if request.symbols:
        origin, symbols = "request", list(dict.fromkeys(request.symbols))
    elif request.universe:
        origin, symbols = "universe", symbols_of(request.universe, HOME / "configs" / "universes")
    else:
        origin, symbols = "strategy", list(getattr(module, "SYMBOLS", ()))
    if not symbols:
        raise DataMissing("choosing what to trade", f"strategy {request.strategy!r} has no SYMBOLS", "name symbols or a universe")
    return {"name": request.universe if origin == "universe" else None, "from": origin, "symbols": symbols}


def _measured(asked: _Asked, simulation: Simulation, targets: Targets, terms: Terms) -> _Found:
    from pc.engine import measure, trades_of
    from pc.report import no_trade_warning, why_no_trade

    request, prices, first = asked.request, asked.prices, asked.rows.start
    totals = {name: float(growth[-1]) - 1 for name, growth in asked.growths.items()}
    head = {"strategy": request.strategy, "period": asked.period["used"]}
    metrics = head | measure(simulation, first, float(request.capital)) | {"benchmarks": totals}
    warnings = [f"benchmark unavailable: {name} ({why}) (skipped)" for name, why in asked.skipped.items()]
    last = {name: asked.spans[name]["last"] for name in asked.growths}
    ended = {name: day for name, day in last.items() if day < str(prices.dates[-1])}
    warnings += [f"benchmark {name}: last price {day}, before the end of the period" for name, day in ended.items()]
    why_not = {name: prices.lacks(name, asked.rows) or prices.starts_late(name, asked.rows) for name in prices.symbols}
    warnings += [f"{name}: {why}" for name, why in why_not.items() if why]
    warnings += ["same_close decides and fills at the same close"] if terms.lag == 0 else []
    warnings += prices.falls_short(request.start, request.end) + simulation.warnings(prices)
    why = "" if len(simulation.fills) else why_no_trade(prices, targets, terms)
    warnings += [no_trade_warning(why, terms)] if why not in ("", "never_wanted") else []  # staying in cash may be right
    trades = trades_of(prices, simulation.fills)
    return _Found(simulation.equity[first:] / request.capital, metrics, trades, warnings, why)


def _write_tables(asked: _Asked, found: _Found, write: Write) -> None:
    from pc.engine import FORMULAS, daily_returns
    from pc.report import curves_csv, trades_csv

    days, curves = asked.prices.dates[asked.rows], {"STRAT": found.growth, **asked.growths}
    write("equity_curve.csv", curves_csv(days, curves))
    write("daily_returns.csv", curves_csv(days, {name: daily_returns(curve) for name, curve in curves.items()}))
    write("trades.csv", trades_csv(found.trades))
    document = json.dumps({**found.metrics, "formulas": FORMULAS}, ensure_ascii=False, indent=2, allow_nan=False)
    write("metrics.json", document.encode() + b"\n")


def _write_chart(asked: _Asked, found: _Found, write: Write) -> list[str]:
    """Draw the picture; a picture that cannot be drawn is a warning, never the end of a run."""
    if not asked.request.charts:
        return []
    try:
        from pc.report.chart import Picture, draw

        dates, synthetic = asked.prices.dates[asked.rows], asked.prices.synthetic
        png = draw(Picture(asked.request.strategy, dates, found.growth, asked.growths, synthetic, asked.settings.language))
    except Exception as error:
        return [f"chart not drawn: {type(error).__name__}: {error}"[:300]]
    write("equity_curve.png", png)
    return []


def _write_report(strategy: Strategy, asked: _Asked, found: _Found, write: Write) -> None:
    from pc.report import Facts, Head, report

    request, params, symbols = asked.request, strategy.params.model_dump(mode="json"), asked.universe["symbols"]
    head = Head(strategy.name, params, asked.period, symbols, request.execution, asked.prices.synthetic)
    facts = Facts(head, found.metrics, found.trades[-5:], found.warnings, found.no_trade)
    write("report.txt", report(facts, asked.settings.language).encode())


def _told(strategy: Strategy, asked: _Asked, found: _Found, rest: dict[str, Any]) -> Ran:
    prices = asked.prices
    provenance = {"synthetic": prices.synthetic, "provider": prices.provider, "fingerprint": prices.fingerprint}
    return Ran(
        degraded=found.warnings,
        strategy=strategy.name,
        params=strategy.params.model_dump(mode="json"),
        period=asked.period,
        universe=asked.universe,
        benchmarks={"used": list(asked.growths), "skipped": asked.skipped},
        data={**provenance, "symbols": asked.spans},
        code={"strategy_sha256": strategy.sha256},
        metrics=found.metrics,
        **rest,
    )


class _Phases:
    """Tells each phase as it begins and how many milliseconds each took."""

    def __init__(self, tell: Tell) -> None:
        self._tell, self._marks = tell, list[tuple[str, float]]()

    def begin(self, name: str, percent: int) -> None:
        self._tell(name, percent)
        self._marks.append((name, time.perf_counter()))

    def ended(self) -> dict[str, float]:
        ends = [moment for _, moment in self._marks[1:]] + [time.perf_counter()]
        return {name: round((end - start) * 1000, 2) for (name, start), end in zip(self._marks, ends, strict=True)}

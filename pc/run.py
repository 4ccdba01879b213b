"""One run, told top to bottom: strategy, scope, decision, fills, checks, measures, files.

It exists so that what happens to a request can be read on one page, without the queue around it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from inbox import Request
from pc.afresh import afresh
from pc.phases import Phases, Tell
from pc.scope import Scope, scope_of
from pc.showing import NO_CHART, Found, pictures, report_of_run
from shared.config import Settings
from shared.strategies import Targets, decided, strategy_of

if TYPE_CHECKING:
    from pc.engine import Simulation
    from pc.previous import Previous

Write = Callable[[str, bytes], None]
Block = Mapping[str, Any]  # of the manifest: written out as it is, read by nobody here


@dataclass(frozen=True)
class Ran:
    """What a finished run says about itself; errors are raised, so the status is always SUCCEEDED."""

    status: ClassVar[str] = "SUCCEEDED"

    degraded: list[str]
    strategy_sha256: str
    params: Block
    period: Block
    terms: Block
    universe: Block
    benchmarks: Block
    data: Block
    metrics: Block
    checks: Block
    phases: dict[str, float]
    key: str = ""  # of all the result depends on; see pc/reuse.py
    reused_from: Block | None = None
    previous: Block | None = None

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing that the next run might have: a picture may be drawn another time."""
        return not any(one.startswith(NO_CHART) for one in self.degraded)


class Into(NamedTuple):
    """Who takes the files of a run, and who knows how it stands to the one before: nobody, where there is no queue."""

    write: Write
    before: Callable[[Ran], Previous | None] = lambda ran: None


def run(request: Request, settings: Settings, write: Write, tell: Tell) -> Ran:
    """Run the request and hand every result file to `write`; a RelayError says what stood in the way."""
    phases = Phases(tell)
    return carry_out(prepared(request, settings, phases), Into(write), phases)


def prepared(request: Request, settings: Settings, phases: Phases) -> Scope:
    """What the run is about, with its prices open; nothing is computed yet."""
    phases.begin("strategy", 5)
    strategy = strategy_of(request.strategy, request.params, settings.strategies_path)
    phases.begin("prices", 10)
    return scope_of(request, settings, strategy)


def carry_out(scope: Scope, into: Into, phases: Phases) -> Ran:
    """The run itself, from the strategy's decision to the report."""
    from pc.engine import reconcile, simulate

    phases.begin("decide", 25)
    wanted = decided(scope.strategy, scope.prices)
    targets = _checked(scope, wanted)
    phases.begin("look_ahead", 30)
    checks = _asked_again(scope, wanted)
    phases.begin("simulate", 40)
    simulation = simulate(scope.prices, targets, scope.terms)
    phases.begin("check", 55)
    checks = {**checks, **reconcile(scope.prices, simulation, scope.terms)}
    phases.begin("measure", 65)
    found = _measured(scope, targets, simulation, checks)
    phases.begin("tables", 70)
    _write_tables(scope, found, into.write)
    phases.begin("chart", 80)
    found.warnings.extend(pictures(scope, found, into.write))
    phases.begin("report", 95)
    return replace(_reported(scope, found, into), phases=phases.ended())


def _reported(scope: Scope, found: Found, into: Into) -> Ran:
    """The report comes last: it says how all of this stands to the run before."""
    ran = _told(scope, found)
    previous = into.before(ran)
    into.write("report.txt", report_of_run(scope, found, previous))
    return replace(ran, previous=previous.told if previous else None)


def _checked(scope: Scope, wanted: Targets) -> Targets:
    """What may be traded of what the strategy wants: within the period, the universe and the request's limits."""
    from pc.engine import accepted, belonging, tempered

    targets = accepted(wanted, scope.prices.close.shape, scope.rows.start, scope.terms.lag)
    return tempered(belonging(targets, scope.prices), scope.prices, scope.terms)


def _asked_again(scope: Scope, wanted: Targets) -> dict[str, Any]:
    from pc.engine import look_ahead, warm_up

    return {
        "look_ahead": look_ahead(afresh(scope.strategy), scope.prices, wanted),
        "warm_up": warm_up(scope.strategy, scope.prices, wanted, scope.rows.start),
    }


def warm() -> None:
    """Load everything heavy and draw one throw-away picture, so that the first real run is as fast as the second."""
    import numpy as np

    import pc.report.charts  # noqa: F401
    import shared.market.indicators
    import shared.market.picking  # noqa: F401 - loaded now, as it is hashed now
    from pc.report.canvas import Picture
    from pc.report.chart import draw
    from pc.sources import engine_sha256
    from shared.market import RULES, price_limit_percent, sales_tax_bps
    from shared.market.providers import synthetic

    # What computes and its hash belong together: files that are replaced under a running worker are a later process's.
    engine_sha256(), sales_tax_bps(RULES), price_limit_percent(RULES)
    days = synthetic.sessions()
    draw(Picture("warm", days, np.linspace(1.0, 2.0, len(days)), {"KOSPI": np.ones(len(days))}))


def _measured(scope: Scope, targets: Targets, simulation: Simulation, checks: dict[str, Any]) -> Found:
    from pc.engine import Span, beyond_volume, measure, trades_of
    from pc.report import no_trade_warning, why_no_trade

    request, prices, terms = scope.request, scope.prices, scope.terms
    totals = {name: float(growth[-1]) - 1 for name, growth in scope.growths.items()}
    head = {"strategy": request.strategy, "period": scope.used, "benchmarks": totals}
    span = Span(prices.dates, prices.symbols, scope.rows.start, float(request.capital), scope.in_step)
    metrics = head | measure(simulation, span)
    warnings = [*scope.warnings(), *targets.notes, *_warm_up_warning(scope, checks["warm_up"]), *simulation.warnings(prices)]
    warnings += beyond_volume(prices, simulation.fills)
    why = "" if len(simulation.fills) else why_no_trade(prices, targets, terms)
    warnings += [no_trade_warning(why, terms)] if why not in ("", "never_wanted") else []  # staying in cash may be right
    trades = trades_of(prices, simulation.fills)
    growth = simulation.equity[scope.rows] / request.capital
    return Found(growth, metrics, checks, trades, warnings, why, simulation.fills)


def _warm_up_warning(scope: Scope, warm_up: Block) -> list[str]:
    """Of a day that was asked for; who asks for all there is knows that it begins somewhere."""
    lacking, needed = warm_up["sessions_without"] if scope.request.start else 0, warm_up["lookback"]
    return [f"the first {lacking} sessions lack the {needed} of history the strategy needs: it stays out"] if lacking else []


def _write_tables(scope: Scope, found: Found, write: Write) -> None:
    from pc.engine import FORMULAS, daily_returns
    from pc.report import curves_csv, trades_csv

    days, curves = scope.prices.dates[scope.rows], {"STRAT": found.growth, **scope.growths}
    write("equity_curve.csv", curves_csv(days, curves))
    write("daily_returns.csv", curves_csv(days, {name: daily_returns(curve) for name, curve in curves.items()}))
    write("trades.csv", trades_csv(found.trades))
    document = json.dumps({**found.metrics, "formulas": FORMULAS}, ensure_ascii=False, indent=2, allow_nan=False)
    write("metrics.json", document.encode() + b"\n")


def _told(scope: Scope, found: Found) -> Ran:
    from pc.engine import TABLES

    prices, universe = scope.prices, scope.universe
    provenance = {name: getattr(prices, name) for name in ("synthetic", "provider", "fingerprint", "adjusted")}
    return Ran(
        degraded=found.warnings,
        strategy_sha256=scope.strategy.sha256,
        params=scope.strategy.params.model_dump(mode="json"),
        period=scope.period,
        terms=asdict(scope.terms),
        universe={
            "name": universe.name,
            "from": universe.origin,
            "symbols": universe.symbols,
            "point_in_time": universe.point_in_time,
        },
        benchmarks={"used": list(scope.growths), "skipped": scope.skipped},
        data={**provenance, "symbols": scope.spans, "quality": scope.findings},
        metrics={name: value for name, value in found.metrics.items() if name not in TABLES},
        checks=found.checks,
        phases={},
    )

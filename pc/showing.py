"""What people are shown of a finished run: its report and its pictures.

It exists so that a picture that cannot be drawn costs a picture, and never the numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pc.in_force import code_in_force
from pc.scope import Scope
from shared.errors import in_words
from shared.strategies import Strategy

if TYPE_CHECKING:
    from pc.engine import Fills, Trade
    from pc.previous import Previous
    from shared.market import Floats

NO_CHART = "chart not drawn"


@dataclass(frozen=True, eq=False)
class Found:
    """What came of a run before it is told."""

    growth: Floats
    metrics: dict[str, Any]
    checks: dict[str, Any]
    trades: list[Trade]
    warnings: list[str]
    no_trade: str
    fills: Fills


def pictures(scope: Scope, found: Found, write: Callable[[str, bytes], None]) -> list[str]:
    """Draw what the request asks for; what cannot be drawn is a warning, never the end of a run."""
    if not scope.request.charts:
        return []
    try:
        from pc.report.canvas import Picture
        from pc.report.chart import draw

        shown = (scope.request.strategy, scope.prices.dates[scope.rows], found.growth, scope.growths)
        png = draw(Picture(*shown, scope.prices.synthetic, scope.settings.language, scope.request.request_id or ""))
    except Exception as error:
        return [f"{NO_CHART}: {in_words(error)}"[:300]]
    write("equity_curve.png", png)
    return []


def report_of_run(scope: Scope, found: Found, previous: Previous | None) -> bytes:
    """report.txt, in the language of the settings."""
    from pc.report import Earlier, Facts, Head, report

    strategy, universe = scope.strategy, scope.universe
    head = Head(
        strategy.name,
        strategy.params.model_dump(mode="json"),
        scope.period,
        universe.symbols,
        scope.terms,
        scope.prices.synthetic,
        scope.request.request_id,
        code=_code(strategy),
        days_old=scope.days_old,
        universe=(universe.name, universe.point_in_time),
    )
    told = (found.metrics, found.trades[-5:], found.warnings, found.no_trade, found.checks)
    earlier = Earlier(previous.told["id"], previous.found) if previous else None
    return report(Facts(head, *told, earlier), scope.settings.language).encode()


def _code(strategy: Strategy) -> str:
    """What made the numbers, short enough to be read out: the manifest has all of it."""
    ours = code_in_force()
    commit = f" ({ours['commit'][:8]})" if ours["commit"] else ""
    return f"krx-relay {ours['version']}{commit} · {strategy.name} {strategy.sha256[:8]}"

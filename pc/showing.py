"""What people are shown of a finished run: its report and its pictures.

It exists so that a picture that cannot be drawn costs a picture, and never the numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from outbox import PICTURE, PICTURES
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
    """Draw what the request asks for, and say what could not be."""
    charts = scope.request.charts
    names = PICTURES if charts == "all" else (PICTURE,) if charts else ()
    return each_drawn(names, partial(_drawn, scope, found), write)


def each_drawn(names: Iterable[str], draw: Callable[[str], bytes | None], write: Callable[[str, bytes], None]) -> list[str]:
    """What cannot be drawn is a warning, never the end of a run, nor of the other pictures."""
    warnings = list[str]()
    for name in names:
        png = None
        try:
            png = draw(name)
        except Exception as error:
            of = "" if name == PICTURE else f" {name}:"
            warnings.append(f"{NO_CHART}:{of} {in_words(error)}"[:300])
        if png is not None:
            write(name, png)
    return warnings


def _drawn(scope: Scope, found: Found, name: str) -> bytes | None:
    """The bytes of that picture; None where there is nothing to draw."""
    from pc.report.canvas import Picture
    from pc.report.chart import draw

    shown = (scope.request.strategy, scope.prices.dates[scope.rows], found.growth, scope.growths)
    picture = Picture(*shown, scope.prices.synthetic, scope.settings.language, scope.request.request_id or "")
    if name == PICTURE:
        return draw(picture)
    from pc.report import charts
    from pc.report.album import album_of

    of_this = getattr(charts, name.removesuffix(".png"))
    png: bytes | None = of_this(picture, album_of(scope.prices, scope.rows, found.fills))
    return png


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
    as_findings = scope.told_as_findings()
    warnings = [one for one in found.warnings if one not in as_findings]
    told = (found.metrics, found.trades[-5:], warnings, found.no_trade, found.checks)
    earlier = Earlier(previous.told["id"], previous.found) if previous else None
    return report(Facts(head, *told, earlier, scope.findings), scope.settings.language).encode()


def _code(strategy: Strategy) -> str:
    """What made the numbers, short enough to be read out: the manifest has all of it."""
    ours = code_in_force()
    commit = f" ({ours['commit'][:8]})" if ours["commit"] else ""
    return f"krx-relay {ours['version']}{commit} · {strategy.name} {strategy.sha256[:8]}"

"""Good news: the figures of a finished run, against its benchmark and against the run before.

It exists so that nobody has to open a report to know whether it is worth opening.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from shared.completion.curve import Curve, curve_of
from shared.completion.event import COMPLETED
from shared.completion.frame import context_of, day_of, identity_of, summary_of
from shared.completion.reading import Told, data_until, figure_in, growth_a_year, is_real, object_in
from shared.completion.words import said
from shared.figures import change, day, duration, number, percent, points, short_won, signed_percent, typeset
from shared.notices import Notice

_YEAR = 252  # as CAGR_like has it
_MOST_REMARKS = 5


class _Benchmark(NamedTuple):
    """Its name, its yearly rate, and how far the strategy's is above it."""

    name: str
    yearly: float
    above: Optional[float]


def good_news(told: Told, language: str) -> Notice:
    """The notice of an answer that succeeded; where it is degraded, its first line says so."""
    manifest = told.manifest
    degraded = [" ".join(str(one).split()) for one in manifest.get("degraded") or []]
    outcome = said("with_care" if degraded else "SUCCEEDED", language)
    curve = curve_of(told.files.get("equity_curve.csv", b""))
    name = str(manifest.get("strategy"))
    return Notice(
        event=COMPLETED,
        level="WARNING" if degraded else "INFO",
        title=f"{said('backtest', language)} {outcome} · {name}",
        day=day_of(manifest),
        identity=identity_of(manifest),
        subject=name,
        about=str(manifest.get("request_id")),
        synthetic=not is_real(manifest),
        summary=summary_of([f"{'⚠' if degraded else '✅'} {name} {outcome}", *_headlines(told, language)]),
        opening=_opening(told, curve, language),
        facts=_facts(told, curve, language),
        remarks=tuple(_shortened(degraded, language)),
        context=context_of(told, language),
        picture=told.picture,
        data_to=data_until(manifest) or "",
    )


def _headlines(told: Told, language: str) -> List[str]:
    """The figures of a telephone's one line, the most wanted first."""
    metrics = object_in(told.manifest, "metrics")
    lines = [f"CAGR {signed_percent(growth_a_year(metrics))}"]
    benchmark = _benchmark(told.manifest)
    if benchmark and benchmark.above is not None:
        lines[0] += f" ({said('versus', language, benchmark.name, points(benchmark.above, language))})"
    lines.append(f"MDD {percent(figure_in(metrics, 'MDD'))}")
    lines.append(said("sharpe_short", language, number(figure_in(metrics, "Sharpe"))))
    step = _step(told, "cagr")
    lines += [] if step is None else [said("short_since", language, change(step, language))]
    return [*lines, duration(figure_in(object_in(told.manifest, "timings"), "run_ms") or 0.0, language)]


def _opening(told: Told, curve: Curve, language: str) -> str:
    metrics, benchmark, step = object_in(told.manifest, "metrics"), _benchmark(told.manifest), _step(told, "cagr")
    first = said("yearly", language, signed_percent(growth_a_year(metrics)))
    if benchmark and benchmark.above is not None:
        first += f" ({_against(benchmark.name, points(benchmark.above, language), language)})"
    sentence = f"{first}, {said('fall', language, percent(figure_in(metrics, 'MDD')))}."
    if told.previous is not None and step is not None:
        before = told.previous
        shown = (before.get("request_id"), before.get("data_until") or "-", change(step, language))
        sentence += f" {said('since', language, *shown)}."
    used = object_in(object_in(told.manifest, "period"), "used")
    return f"{sentence}\n{curve.shape} {used.get('start')} → {used.get('end')}" if curve.shape else sentence


def _facts(told: Told, curve: Curve, language: str) -> Dict[str, str]:
    metrics = object_in(told.manifest, "metrics")
    turnover = figure_in(metrics, "turnover")
    times = "-" if turnover is None else said("times", language, number(turnover, 1))
    trades = metrics.get("trades")
    facts = {
        "final": _money(metrics, language),
        "cagr": f"{signed_percent(growth_a_year(metrics))} / {_benchmarks_cagr(told.manifest, language)}",
        "mdd": _fall(figure_in(metrics, "MDD"), curve, language),
        "sharpe": f"{number(figure_in(metrics, 'Sharpe'))} / {percent(figure_in(metrics, 'volatility'))}",
        "trades": said("fills", language, f"{trades:,}" if isinstance(trades, int) else "-", times),
        "costs": _costs(metrics, language),
        "period": _period(told.manifest, language),
        "data": day(data_until(told.manifest) or "-", language),
        "previous": _since(told, language),
        "where": told.where,
    }
    return {said(key, language): value for key, value in facts.items()}


def _money(metrics: Mapping[str, Any], language: str) -> str:
    final, capital = figure_in(metrics, "final_equity"), figure_in(metrics, "capital")
    if final is None or capital is None:
        return "-"
    return said("from", language, typeset(short_won(final, language)), short_won(capital, language))


def _fall(deepest: Optional[float], curve: Curve, language: str) -> str:
    """The deepest fall, and whether the strategy is still in one."""
    shown = percent(deepest)
    if deepest is None or curve.below is None or deepest == 0:
        return shown
    if round(curve.below, 3) == 0:
        return said("recovered", language, shown)
    return said("still", language, shown, percent(curve.below))


def _costs(metrics: Mapping[str, Any], language: str) -> str:
    total, capital = figure_in(object_in(metrics, "costs"), "total"), figure_in(metrics, "capital")
    if total is None or not capital:
        return "-"
    return said("of_capital", language, typeset(short_won(-total, language)), percent(total / capital))


def _period(manifest: Mapping[str, Any], language: str) -> str:
    used = object_in(object_in(manifest, "period"), "used")
    sessions = used.get("n_days")
    shown = f"{sessions:,}" if isinstance(sessions, int) else "-"
    return said("sessions", language, day(str(used.get("start")), language), day(str(used.get("end")), language), shown)


def _since(told: Told, language: str) -> str:
    """Both differences, and against which answer."""
    cagr, mdd = _step(told, "cagr"), _step(told, "mdd")
    if told.previous is None or cagr is None:
        return said("no_previous", language)
    fall = "" if mdd is None else f" · MDD {change(mdd, language)}"
    return f"CAGR {change(cagr, language)}{fall} ({told.previous.get('request_id')})"


def _step(told: Told, name: str) -> Optional[float]:
    """How far that figure is from the one of the answer before."""
    metrics, then = object_in(told.manifest, "metrics"), figure_in(told.previous or {}, name)
    now = growth_a_year(metrics) if name == "cagr" else figure_in(metrics, "MDD")
    return None if now is None or then is None else now - then


def _benchmark(manifest: Mapping[str, Any]) -> Optional[_Benchmark]:
    """The first one: on the dates it shares with the run; in an old answer, from its whole gain and 252 sessions a year."""
    metrics = object_in(manifest, "metrics")
    for name, theirs in object_in(metrics, "relative").items():
        figures = theirs if isinstance(theirs, dict) else {}
        rate = figure_in(figures, "CAGR")
        return None if rate is None else _Benchmark(str(name), rate, figure_in(figures, "excess_CAGR"))
    sessions = object_in(object_in(manifest, "period"), "used").get("n_days")
    for name in object_in(metrics, "benchmarks"):
        total = figure_in(object_in(metrics, "benchmarks"), name)
        if total is None or total <= -1 or not isinstance(sessions, int) or sessions < 1:
            return None
        yearly = _yearly(total, sessions)
        mine = growth_a_year(metrics)
        return None if yearly is None else _Benchmark(str(name), yearly, None if mine is None else mine - yearly)
    return None


def _yearly(total: float, sessions: int) -> Optional[float]:
    try:
        return float((1 + total) ** (_YEAR / sessions)) - 1
    except OverflowError:  # three days that doubled, over a year
        return None


def _benchmarks_cagr(manifest: Mapping[str, Any], language: str) -> str:
    benchmark = _benchmark(manifest)
    return f"{benchmark.name} {signed_percent(benchmark.yearly)}" if benchmark else said("no_benchmark", language)


def _against(name: str, difference: str, language: str) -> str:
    return said("against", language, name, difference)


def _shortened(lines: List[str], language: str) -> List[str]:
    more = len(lines) - _MOST_REMARKS
    return lines if more <= 0 else [*lines[:_MOST_REMARKS], said("more", language, more)]

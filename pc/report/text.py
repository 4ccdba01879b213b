"""report.txt: what a person reads about a finished run, from the verdict down to the last fill.

It exists so that the order in which it is told stands in one place: what must be known first, comes first.
"""

from __future__ import annotations

from pc.report.against import against
from pc.report.conditions import checked, conditions
from pc.report.facts import Facts
from pc.report.history import by_month, falls
from pc.report.labels import label
from pc.report.layout import percent, row, section, wrapped
from pc.report.numbers import numbers
from pc.report.quality import quality
from pc.report.trading import costs, last, trips
from shared.figures import won


def report(facts: Facts, language: str) -> str:
    """The whole of report.txt; its first line says so when the prices are made up, or old."""
    head, metrics = facts.head, facts.metrics
    lines = [label("synthetic", language), ""] if head.synthetic else []
    lines += [label("old", language).format(head.period["used"]["end"], head.days_old), ""] if head.days_old else []
    lines += [f"{label('title', language)}: {head.strategy}", ""]
    lines += row("request", head.request_id or label("none", language), language)
    lines += [*row("verdict", verdict(facts, language), language), ""]
    lines += numbers(metrics, facts.earlier, language)
    lines += section("warnings", language, [*_warnings(facts), *quality(facts.findings, language)])
    lines += section("conditions", language, [*conditions(head, language), *checked(facts.checks, language)])
    lines += section("benchmarks", language, against(metrics, language))
    lines += section("falls", language, falls(metrics, language))
    lines += section("months", language, by_month(metrics, language))
    lines += section("costs", language, costs(metrics, language))
    lines += section("trading", language, trips(metrics, language))
    lines += section("last_trades", language, last(facts.last_trades, language))
    return "\n".join([*lines, label("footer", language)]) + "\n"


def verdict(facts: Facts, language: str) -> str:
    """One sentence: why nothing was traded, or how it went against the first benchmark and whether the fall was deep."""
    metrics, total = facts.metrics, facts.metrics["Final_Return"]
    if facts.no_trade:
        words = {"capital": won(metrics["capital"], language), "execution": label(facts.head.terms.execution, language)}
        return label(facts.no_trade, language).format(**words)
    deep = label("deep", language) if metrics["MDD"] < -0.3 else ""
    if not metrics["benchmarks"]:
        return label("alone", language).format(total=percent(total, 1)) + deep
    name, theirs = next(iter(metrics["benchmarks"].items()))
    excess = (total - theirs) * 100
    said = label("level" if abs(excess) < 0.05 else "above" if excess > 0 else "below", language)
    return said.format(name=name, excess=f"{excess:+z,.1f}%p") + deep


def _warnings(facts: Facts) -> list[str]:
    return [line for one in facts.warnings for line in wrapped(one, "  [WARN] ", 9)]

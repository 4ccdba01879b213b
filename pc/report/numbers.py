"""The six numbers a run is judged by, each beside how it moved since the run before, and what explains it.

It exists so that they are the very figures, and the very differences, that `previous` in the manifest and `nas compare` have.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from outbox import NOT_COMPARABLE, SAME, called, causes_in_words, moves_in_words, verdict_in_words
from pc.report.facts import Earlier
from pc.report.labels import label
from pc.report.layout import LEFT, aligned, padded, percent, points, ratio, row, section, why_missing, wrapped
from shared.figures import short_won

# The figures two runs are compared by. Win rate is none of them: it says how often, not how much; and turnover, which every
# cost hangs on, stands beside the fills it is made of.
SIX = ("Final_Return", "CAGR", "MDD", "Sharpe", "volatility", "trades")
_RATES = ("Final_Return", "CAGR", "MDD", "volatility")
_MOST_CAUSES, _CELL = 6, 10


def numbers(metrics: dict[str, Any], earlier: Earlier | None, language: str) -> list[str]:
    """The section: the six, then how this run stands to the one before."""
    moves = moves_in_words(earlier.found) if earlier and earlier.found.verdict != NOT_COMPARABLE else {}
    titles = [label(title, language) for title in ("now", "since")]
    lines = [padded("", LEFT - 1) + aligned(titles, _CELL)] if moves else []
    for name in SIX:
        cells = [shown(metrics, name), *([moves[name]] if moves else [])]
        begin = padded(f"  {label(name, language)}", LEFT - 1) + aligned(cells, _CELL) + "  "
        lines += [line.rstrip() for line in wrapped(_note(metrics, name, language), begin, LEFT + 2 * _CELL)]
    return section("numbers", language, [*lines, *_since(earlier, language)])


def told_anew(report: str, metrics: dict[str, Any], earlier: Earlier | None, language: str) -> str:
    """A report whose numbers are told again, with how they stand to the run before now."""
    lines, title = report.splitlines(), f"[{label('numbers', language)}]"
    if title not in lines:
        return report
    begin = lines.index(title)
    end = lines.index("", begin) + 1
    return "\n".join([*lines[:begin], *numbers(metrics, earlier, language), *lines[end:]]) + "\n"


def shown(metrics: dict[str, Any], name: str) -> str:
    """The figure as people write it."""
    value = metrics[name]
    if value is None or name in _RATES:
        return percent(value)
    return ratio(value) if isinstance(value, float) else f"{value:,}"


def _since(earlier: Earlier | None, language: str) -> Iterator[str]:
    if earlier is None:
        yield from row("previous", label("no_previous", language), language)
        return
    found = earlier.found
    yield from row("previous", f"{called(found.verdict, language)}: {verdict_in_words(found, language)}", language)
    days = f" · {label('common_days', language).format(found.days.n)}" if found.days else ""
    yield from wrapped(f"{earlier.request_id}{days}", " " * LEFT, LEFT)
    if found.verdict == SAME:
        return
    causes = causes_in_words(found, language)
    for cause in causes[:_MOST_CAUSES]:
        yield from wrapped(cause.strip(), " " * (LEFT + 2 * cause.startswith(" ")), LEFT + 4)
    if len(causes) > _MOST_CAUSES:
        yield " " * LEFT + label("more_causes", language)


def _note(metrics: dict[str, Any], name: str, language: str) -> str:
    """What else a reader wants to know of that number, in one glance."""
    if metrics[name] is None:
        return f"({why_missing(metrics['reasons'], name, language)})"
    if name == "Final_Return":
        return " → ".join(short_won(metrics[money], language) for money in ("capital", "final_equity"))
    if name == "MDD":
        return _fall(metrics["drawdown"], language)
    if name == "Sharpe":
        return _interval(metrics["Sharpe_interval"], language)
    if name == "trades":
        return f"{label('turnover', language)} {percent(metrics['turnover'], 1)}"
    return _against(metrics, name, language)


def _fall(fall: dict[str, Any], language: str) -> str:
    if fall["start"] is None:
        return ""
    if fall["recovery"] is None:
        return f"{fall['start']}→{fall['trough']}, {label('running', language)}"
    return f"{fall['start']}→{fall['trough']}→{fall['recovery']}"


def _interval(found: dict[str, Any], language: str) -> str:
    if found["low"] is None:
        return ""
    return f"{found['level']:.0%} {label('interval', language)} {ratio(found['low'])} ~ {ratio(found['high'])}"


def _against(metrics: dict[str, Any], name: str, language: str) -> str:
    """Beside the first benchmark's."""
    for benchmark, theirs in metrics["relative"].items():
        if name == "CAGR":
            return label("against", language).format(benchmark, points(theirs["excess_CAGR"]))
        return f"{benchmark} {percent(theirs['volatility'])}"
    return ""

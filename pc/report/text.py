"""What a person reads about a finished run: report.txt, and the CSV tables.

It exists so that every line and every number format of a report stands in one place.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pc.engine import Terms, Trade
from pc.report.labels import label, reason
from shared.figures import day, short_won, won
from shared.market import Days, Floats

_PERCENT = {"Final_Return": 2, "CAGR": 2, "MDD": 2, "volatility": 2, "win_rate": 2, "turnover": 1}  # decimals
_NUMBERS = (*_PERCENT, "Sharpe", "trades", "closed_trades")


@dataclass(frozen=True)
class Head:
    """What was run."""

    strategy: str
    params: dict[str, Any]
    period: dict[str, Any]
    symbols: list[str]
    terms: Terms
    synthetic: bool
    request_id: str | None
    code: str
    days_old: int = 0  # the prices, where the newest were wanted


@dataclass(frozen=True)
class Facts:
    """Everything a report says; `no_trade` is why_no_trade()'s word where nothing was traded."""

    head: Head
    metrics: dict[str, Any]
    last_trades: list[Trade]
    warnings: list[str]
    no_trade: str = ""


def report(facts: Facts, language: str) -> str:
    """The whole of report.txt; its first line says so when the prices are made up, or old."""
    head = facts.head
    lines = [label("synthetic", language), ""] if head.synthetic else []
    lines += [label("old", language).format(head.period["used"]["end"], head.days_old), ""] if head.days_old else []
    lines += [f"{label('title', language)}: {facts.head.strategy}", ""]
    lines += _head(facts, language)
    lines += _section("numbers", language, _numbers(facts.metrics, language))
    lines += _section("benchmarks", language, _benchmarks(facts, language))
    lines += _section("costs", language, _costs(facts.metrics["costs"], language))
    lines += _section("last_trades", language, [_trade(one, language) for one in facts.last_trades])
    lines += _section("warnings", language, [f"  [WARN] {' '.join(one.split())}" for one in facts.warnings])
    return "\n".join([*lines, label("footer", language)]) + "\n"


def verdict(facts: Facts, language: str) -> str:
    """One sentence: why nothing was traded, or how it went against the first benchmark and whether the fall was deep."""
    metrics, total = facts.metrics, facts.metrics["Final_Return"]
    if facts.no_trade:
        words = {"capital": won(metrics["capital"], language), "execution": label(facts.head.terms.execution, language)}
        return label(facts.no_trade, language).format(**words)
    deep = label("deep", language) if metrics["MDD"] < -0.3 else ""
    if not metrics["benchmarks"]:
        return label("alone", language).format(total=_percent(total, 1)) + deep
    name, theirs = next(iter(metrics["benchmarks"].items()))
    excess = (total - theirs) * 100
    said = label("level" if abs(excess) < 0.05 else "above" if excess > 0 else "below", language)
    return said.format(name=name, excess=f"{excess:+z,.1f}%p") + deep


def curves_csv(dates: Days, columns: dict[str, Floats]) -> bytes:
    """One row per day, STRAT and the benchmarks beside each other, every digit kept."""
    days = np.datetime_as_string(dates).tolist()
    return _csv(("date", *columns), zip(days, *(column.tolist() for column in columns.values()), strict=True))


def trades_csv(trades: Iterable[Trade]) -> bytes:
    """One row per fill, in the order they happened."""
    return _csv(
        Trade._fields, ((*t[:4], _plain(t.shares), _plain(t.price), *(round(v, 2) for v in t[6:10]), *t[10:]) for t in trades)
    )


def _head(facts: Facts, language: str) -> list[str]:
    head, asked, used = facts.head, facts.head.period["asked"], facts.head.period["used"]
    span = f"{_day(used['start'], language)} ~ {_day(used['end'], language)}, {used['n_days']:,} {label('days', language)}"
    shown = ", ".join(head.symbols[:10]) + (f" … ({len(head.symbols)})" if len(head.symbols) > 10 else "")
    bps = ", ".join(f"{label(name, language)} {getattr(head.terms, f'{name}_bps'):g} bps" for name in ("commission", "slippage"))
    return [
        _row("request", head.request_id or label("none", language), language),
        _row("verdict", verdict(facts, language), language),
        _row("params", json.dumps(head.params, ensure_ascii=False), language),
        _row("asked", f"{_day(asked['start'], language)} ~ {_day(asked['end'], language)}", language),
        _row("used", span, language),
        _row("symbols", shown, language),
        _row("execution", label(head.terms.execution, language), language),
        _row("capital", won(head.terms.capital, language), language),
        _row("rates", bps, language),
        _row("code", head.code, language),
        "",
    ]


def _numbers(metrics: dict[str, Any], language: str) -> list[str]:
    final, short = won(metrics["final_equity"], language), short_won(metrics["final_equity"], language)
    lines = [_row("final_equity", final if short == final else f"{final} ({short})", language)]
    return lines + [_row(name, _number(metrics, name, language), language) for name in _NUMBERS]


def _number(metrics: dict[str, Any], name: str, language: str) -> str:
    value = metrics[name]
    if value is None:
        return f"- ({reason(metrics['reasons'][name], language)})"
    if name in _PERCENT:
        return _percent(value, _PERCENT[name])
    return f"{value:z.2f}" if isinstance(value, float) else f"{value:,}"


def _benchmarks(facts: Facts, language: str) -> list[str]:
    mine = facts.metrics["Final_Return"]
    return [
        f"  {_padded(name, 22)}{_percent(theirs):>10}   {label('excess', language)} {(mine - theirs) * 100:+z,.2f}%p"
        for name, theirs in facts.metrics["benchmarks"].items()
    ]


def _costs(costs: dict[str, float], language: str) -> list[str]:
    return [_row(name, won(costs[name], language), language) for name in ("commission", "slippage", "tax", "total")]


def _trade(one: Trade, language: str) -> str:
    what = _padded(f"{one.symbol} {one.name}".strip(), 28)
    side = _padded(label(one.side, language), 5)
    when = _day(one.date, language)
    shares = f"{one.shares:>12,.10g}{label('shares', language)}"
    return f"  {when}  {what}{side}{shares} × {one.price:,.10g} = {won(one.amount, language)}"


def _section(key: str, language: str, lines: list[str]) -> list[str]:
    return [f"[{label(key, language)}]", *(lines or [f"  {label('none', language)}"]), ""]


def _row(key: str, value: str, language: str) -> str:
    return f"  {_padded(label(key, language), 22)}{value}"


def _padded(text: str, width: int) -> str:
    """Hangul takes two columns of a terminal."""
    columns = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * max(1, width - columns)


def _day(found: str | None, language: str) -> str:
    return label("any", language) if found is None else day(found, language)


def _percent(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value * 100:z,.{digits}f}%"


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else number


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")

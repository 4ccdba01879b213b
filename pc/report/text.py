"""What a person reads about a finished run: report.txt, its labels in two languages, and the CSV tables.

It exists so that every label and every number format stands in one place.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from pc.engine import Trade
from shared.market import Days, Floats

LABELS = {
    "synthetic": (
        "※ 합성(가짜) 가격으로 만든 결과입니다 — 투자 판단에 쓰지 마십시오",
        "※ Made from SYNTHETIC (invented) prices — do not base any investment decision on this",
    ),
    "title": ("백테스트 보고서", "Backtest report"),
    "verdict": ("판정", "Verdict"),
    "params": ("매개변수", "Parameters"),
    "asked": ("요청 기간", "Period asked"),
    "used": ("사용 기간", "Period used"),
    "symbols": ("대상 종목", "Symbols"),
    "execution": ("체결", "Execution"),
    "numbers": ("성과", "Numbers"),
    "final_equity": ("최종 자산", "Final equity"),
    "Final_Return": ("누적수익률", "Total return"),
    "CAGR_like": ("연수익률(CAGR)", "CAGR"),
    "MDD": ("최대낙폭(MDD)", "Max drawdown"),
    "volatility": ("변동성(연)", "Volatility"),
    "Sharpe": ("샤프", "Sharpe"),
    "win_rate": ("승률", "Win rate"),
    "trades": ("체결 수", "Fills"),
    "closed_trades": ("청산된 거래", "Closed trades"),
    "turnover": ("회전율(연)", "Turnover"),
    "benchmarks": ("벤치마크", "Benchmarks"),
    "excess": ("초과수익", "Excess"),
    "costs": ("비용(수수료·슬리피지)", "Costs (commission, slippage)"),
    "commission": ("수수료", "Commission"),
    "slippage": ("슬리피지", "Slippage"),
    "total": ("합계", "Total"),
    "last_trades": ("최근 거래 5건", "Last 5 trades"),
    "warnings": ("경고", "Warnings"),
    "none": ("없음", "none"),
    "BUY": ("매수", "BUY"),
    "SELL": ("매도", "SELL"),
    "shares": ("주", "shares"),
    "days": ("거래일", "sessions"),
    "any": ("(제한 없음)", "(open)"),
    "growth": ("성장 배수 (×)", "Growth (×)"),
    "next_open": ("다음 날 시가", "next open"),
    "next_close": ("다음 날 종가", "next close"),
    "same_close": ("당일 종가 (판단에 쓴 바로 그 종가)", "same close (the very close decided on)"),
    "no_trades": ("거래가 없었습니다: 조건이 한 번도 성립하지 않았습니다", "No trade was made: the condition never held"),
    "above": ("{name}보다 누적수익률이 높습니다 ({excess})", "Total return above {name} ({excess})"),
    "below": ("{name}보다 누적수익률이 낮습니다 ({excess})", "Total return below {name} ({excess})"),
    "alone": ("누적수익률 {total} (비교할 벤치마크 없음)", "Total return {total} (no benchmark to compare with)"),
    "deep": ("; 최대낙폭 -30% 초과 → 주의", "; max drawdown beyond -30% → caution"),
    "footer": ("과거 시뮬레이션이며 매수·매도 판단이 아닙니다.", "A simulation of the past, not advice to buy or sell."),
}
_WEEKDAYS = ("월화수목금토일", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
_PERCENT = ("Final_Return", "CAGR_like", "MDD", "volatility", "win_rate", "turnover")
_NUMBERS = (*_PERCENT, "Sharpe", "trades", "closed_trades")


@dataclass(frozen=True)
class Head:
    """What was run."""

    strategy: str
    params: dict[str, Any]
    period: dict[str, Any]
    symbols: list[str]
    execution: str
    synthetic: bool


@dataclass(frozen=True)
class Facts:
    """Everything a report says."""

    head: Head
    metrics: dict[str, Any]
    last_trades: list[Trade]
    warnings: list[str]


def label(key: str, language: str) -> str:
    """The word for `key` in ko or en."""
    return LABELS[key][0 if language == "ko" else 1]


def report(facts: Facts, language: str) -> str:
    """The whole of report.txt; its first line says so when the prices are made up."""
    lines = [label("synthetic", language), ""] if facts.head.synthetic else []
    lines += [f"{label('title', language)}: {facts.head.strategy}", ""]
    lines += _head(facts, language)
    lines += _section("numbers", language, _numbers(facts.metrics, language))
    lines += _section("benchmarks", language, _benchmarks(facts, language))
    lines += _section("costs", language, _costs(facts.metrics["costs"], language))
    lines += _section("last_trades", language, [_trade(one, language) for one in facts.last_trades])
    lines += _section("warnings", language, [f"  [WARN] {' '.join(one.split())}" for one in facts.warnings])
    return "\n".join([*lines, label("footer", language)]) + "\n"


def verdict(facts: Facts, language: str) -> str:
    """One sentence: against the first benchmark, and whether the fall was deep."""
    metrics, total = facts.metrics, facts.metrics["Final_Return"]
    deep = label("deep", language) if metrics["MDD"] < -0.3 else ""
    if not metrics["trades"]:
        return label("no_trades", language)
    if not metrics["benchmarks"]:
        return label("alone", language).format(total=_percent(total, 1)) + deep
    name, theirs = next(iter(metrics["benchmarks"].items()))
    said = label("above" if total > theirs else "below", language)
    return said.format(name=name, excess=f"{(total - theirs) * 100:+,.1f}%p") + deep


def curves_csv(dates: Days, columns: dict[str, Floats]) -> bytes:
    """One row per day, STRAT and the benchmarks beside each other, every digit kept."""
    days = np.datetime_as_string(dates).tolist()
    return _csv(("date", *columns), zip(days, *(column.tolist() for column in columns.values()), strict=True))


def trades_csv(trades: Iterable[Trade]) -> bytes:
    """One row per fill, in the order they happened."""
    return _csv(Trade._fields, ((*t[:4], _plain(t.shares), _plain(t.price), *(round(v, 2) for v in t[6:])) for t in trades))


def won(amount: float, language: str) -> str:
    """`19,402,707원`."""
    sign, digits = "-" if round(amount) < 0 else "", f"{abs(round(amount)):,}"
    return f"{sign}{digits}원" if language == "ko" else f"{sign}₩{digits}"


def short_won(amount: float, language: str) -> str:
    """`1,940만원`, `1.23억원`: money in a summary."""
    if language != "ko" or abs(amount) < 10_000:
        return won(amount, language)
    return f"{amount / 1e8:,.2f}억원" if abs(amount) >= 1e8 else f"{amount / 1e4:,.0f}만원"


def _head(facts: Facts, language: str) -> list[str]:
    head, asked, used = facts.head, facts.head.period["asked"], facts.head.period["used"]
    span = f"{_day(used['start'], language)} ~ {_day(used['end'], language)}, {used['n_days']:,} {label('days', language)}"
    shown = ", ".join(head.symbols[:10]) + (f" … ({len(head.symbols)})" if len(head.symbols) > 10 else "")
    return [
        _row("verdict", verdict(facts, language), language),
        _row("params", json.dumps(head.params, ensure_ascii=False), language),
        _row("asked", f"{_day(asked['start'], language)} ~ {_day(asked['end'], language)}", language),
        _row("used", span, language),
        _row("symbols", shown, language),
        _row("execution", label(head.execution, language), language),
        "",
    ]


def _numbers(metrics: dict[str, Any], language: str) -> list[str]:
    final = metrics["final_equity"]
    lines = [_row("final_equity", f"{won(final, language)} ({short_won(final, language)})", language)]
    return lines + [_row(name, _number(metrics, name), language) for name in _NUMBERS]


def _number(metrics: dict[str, Any], name: str) -> str:
    value = metrics[name]
    if value is None:
        return f"- ({metrics['reasons'][name]})"
    if name in _PERCENT:
        return _percent(value)
    return f"{value:.2f}" if isinstance(value, float) else f"{value:,}"


def _benchmarks(facts: Facts, language: str) -> list[str]:
    mine = facts.metrics["Final_Return"]
    return [
        f"  {_padded(name, 22)}{_percent(theirs):>10}   {label('excess', language)} {(mine - theirs) * 100:+,.2f}%p"
        for name, theirs in facts.metrics["benchmarks"].items()
    ]


def _costs(costs: dict[str, float], language: str) -> list[str]:
    return [_row(name, won(costs[name], language), language) for name in ("commission", "slippage", "total")]


def _trade(one: Trade, language: str) -> str:
    what = _padded(f"{one.symbol} {one.name}".strip(), 28)
    side = _padded(label(one.side, language), 5)
    day = _day(one.date, language)
    shares = f"{one.shares:>12,.10g} {label('shares', language)}"
    return f"  {day}  {what}{side}{shares} × {one.price:,.10g} = {won(one.amount, language)}"


def _section(key: str, language: str, lines: list[str]) -> list[str]:
    return [f"[{label(key, language)}]", *(lines or [f"  {label('none', language)}"]), ""]


def _row(key: str, value: str, language: str) -> str:
    return f"  {_padded(label(key, language), 22)}{value}"


def _padded(text: str, width: int) -> str:
    """Hangul takes two columns of a terminal."""
    columns = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * max(1, width - columns)


def _day(day: str | None, language: str) -> str:
    if day is None:
        return label("any", language)
    return f"{day}({_WEEKDAYS[0 if language == 'ko' else 1][date.fromisoformat(day).weekday()]})"


def _percent(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value * 100:,.{digits}f}%"


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else number


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")

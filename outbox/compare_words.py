"""A comparison in words: the verdict and why, the figures side by side, the causes.

It exists so that whoever shows one, a command, a report or a notice, calls a verdict and its causes the same.
"""

from __future__ import annotations

import itertools
import unicodedata
from typing import Any, Dict, Iterator, List, Optional, Sequence

from outbox.compare import DRIFT, IMPROVED, NOT_COMPARABLE, REGRESSION, SAME, TOLERANCES, Comparison, Figure
from outbox.input_changes import Change
from outbox.price_changes import PriceChange
from shared.figures import way
from shared.text import Table, wording

_CALLED: Table = {
    SAME: ("동일", "same"),
    DRIFT: ("차이", "drift"),
    REGRESSION: ("악화", "regression"),
    IMPROVED: ("개선", "improved"),
    NOT_COMPARABLE: ("비교 불가", "not comparable"),
}
_WORDS: Table = {
    "same": ("같은 날들의 수치가 같습니다", "the same numbers over the same days"),
    "same_within": (
        "같은 날들의 수치가 허용 오차 안에 있습니다 (가장 큰 차이 {}, {})",
        "the numbers over the same days are within their tolerances (largest difference {}, on {})",
    ),
    "drift": ("같은 날들의 수치가 다릅니다: {}부터, {}에 최대 {}", "other numbers over the same days: from {} on, on {} by {}"),
    "worse": ("나빠진 지표: {}", "worse: {}"),
    "better": ("나아진 지표: {}", "better: {}"),
    "looks_ahead": (
        "바뀐 가격보다 앞선 날의 수치가 달라졌습니다: 전략이 나중 가격을 보고 있습니까?",
        "numbers changed on days before any price that did: does the strategy look ahead?",
    ),
    "not_repeatable": (
        "알려진 입력은 모두 같습니다: 전략이 난수, 시각, 네트워크나 순서 없는 집합을 씁니까?",
        "nothing that is known went in otherwise: does the strategy use random numbers, the time, the network, an unordered set?",
    ),
    "status": ("결과가 있는 성공만 비교합니다: {} / {}", "only answers that succeeded have numbers: {} / {}"),
    "strategy": ("전략이 다릅니다: {} / {}", "other strategies: {} / {}"),
    "made_up": ("한쪽만 합성(가짜) 가격입니다", "one of them is made of synthetic prices, the other is not"),
    "symbols": ("함께 거래한 종목이 없습니다", "no symbol is traded by both"),
    "curve": (
        "수익 곡선(equity_curve.csv)이 없거나 읽을 수 없습니다",
        "an equity_curve.csv is not here, or cannot be read",
    ),
    "days": ("겹치는 날이 없습니다: {} / {}", "no day in common: {} / {}"),
    "start": ("시작한 날이 다릅니다: {} / {}", "they begin on other days: {} / {}"),
    "common": ("공통 기간 {} → {} ({:,}일)", "days in common {} → {} ({:,})"),
    "only": ("{name}에만 {count:,}일", "{count:,} days only in {name}"),
    "CAGR": ("연수익률(CAGR)", "CAGR"),
    "MDD": ("최대낙폭(MDD)", "max drawdown"),
    "Sharpe": ("샤프", "Sharpe"),
    "Final_Return": ("누적수익률", "total return"),
    "volatility": ("변동성(연)", "volatility"),
    "trades": ("체결", "fills"),
    "cause": ("원인", "cause"),
    "differs": ("다른 점", "what differs"),
    "nothing": ("없음: 알려진 입력은 모두 같습니다", "nothing: all that is known went in alike"),
    "parameters": ("매개변수", "parameters"),
    "period": ("기간", "period"),
    "code": ("코드", "code"),
    "environment": ("환경", "environment"),
    "provider": ("가격 출처", "provider"),
    "prices": ("가격", "prices"),
    "revised": ("{} 가격이 바뀜", "other prices in {}"),
    "unknown": ("가격이 다름 (어느 달인지는 기록에 없음)", "other prices (which months is not known)"),
    "begins": ("시작 {} → {}", "begins {} → {}"),
    "ends": ("마지막 {} → {}", "ends {} → {}"),
    "only_read": ("{}에서만 읽음", "read only by {}"),
    "more": ("외 {}", "and {} more"),
}
_KINDS = ("parameters", "period", "code", "environment", "provider")
_RATES = ("CAGR", "MDD", "Final_Return", "volatility")
_SHOWN, _WIDE = 6, 14
_HASHES = ("sha256", "commit")


def called(verdict: str, language: str) -> str:
    """The verdict as people say it, and by its own name."""
    return f"{wording(_CALLED, verdict).in_language(language)} ({verdict})"


def verdict_in_words(found: Comparison, language: str) -> str:
    """Why that is the verdict, in one sentence."""
    if found.reason:
        a, b = (_short("", one) for one in (found.reason.a, found.reason.b))
        return _say(found.reason.kind, language, a, b)
    if found.verdict in (REGRESSION, IMPROVED):
        judged = [(key, names) for key, names in (("worse", found.worse), ("better", found.better)) if names]
        return " · ".join(_say(key, language, ", ".join(_say(name, language) for name in names)) for key, names in judged)
    if found.curve is None:
        return _say("same", language)
    if found.verdict == DRIFT:
        return _say("drift", language, found.curve.first, found.curve.worst, _share(found.curve.largest))
    return _say("same_within", language, _share(found.curve.largest), found.curve.worst)


def figures_in_words(found: Comparison, language: str) -> List[str]:
    """The days in common, and the figures over them side by side."""
    if found.days is None:
        return []
    days = found.days
    only = [_say("only", language, name=name, count=count) for name, count in (("A", days.only_a), ("B", days.only_b)) if count]
    head = " · ".join([_say("common", language, days.first, days.last, days.n), *only])
    names = [*TOLERANCES, "trades"]
    rows = [_row("", ["A", "B", "Δ"])] + [_row(_say(name, language), _cells(name, found.figures[name])) for name in names]
    return [head, *rows]


def moves_in_words(found: Comparison) -> Dict[str, str]:
    """How each figure moved: `▲0.31%p`, `=` where it did not, `-` where nobody knows."""
    return {name: _cells(name, figure)[2] for name, figure in found.figures.items()}


def causes_in_words(found: Comparison, language: str) -> List[str]:
    """What went in otherwise, each kind on its lines; where the numbers are the same these are no causes. Of an answer that
    did not succeed little is known: everything would seem to differ."""
    if found.reason is not None and found.reason.kind == "status":
        return []
    told = [line for kind in _KINDS for line in _changes(kind, getattr(found.changed, kind), language)]
    told += [f"  {_say('prices', language)}  {line}" for line in _prices(found.changed.prices, language)]
    title = _say("differs" if found.verdict in (SAME, NOT_COMPARABLE) else "cause", language)
    if not told:
        return [f"{title}: {_say(found.hint or 'nothing', language)}"]
    return [f"{title}:", *told, *([f"  {_say(found.hint, language)}"] if found.hint else [])]


def _say(key: str, language: str, *facts: Any, **named: Any) -> str:
    return wording(_WORDS, key, *facts, **named).in_language(language)


def _row(title: str, cells: Sequence[str]) -> str:
    return "  " + title + " " * (18 - _columns(title)) + "".join(" " * (_WIDE - _columns(cell)) + cell for cell in cells)


def _columns(text: str) -> int:
    """Hangul takes two columns of a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _share(part: float) -> str:
    """`1.20%`; a small one by its size."""
    return f"{part:.2%}" if part >= 1e-4 else f"{part:.0e}"


def _cells(name: str, figure: Figure) -> List[str]:
    if name in _RATES:
        return [_number(figure.a, 100, 2, "%"), _number(figure.b, 100, 2, "%"), _step(figure.change, 100, 2, "%p")]
    digits = 0 if name == "trades" else 2
    return [_number(figure.a, 1, digits), _number(figure.b, 1, digits), _step(figure.change, 1, digits)]


def _number(value: Optional[float], scale: int, digits: int, unit: str = "") -> str:
    """With the minus that files and terminals take, and never a zero with one."""
    return "-" if value is None else f"{round(value * scale, digits) + 0.0:,.{digits}f}{unit}"


def _step(change: Optional[float], scale: int, digits: int, unit: str = "") -> str:
    """`▲0.31%p`; a small one with as many digits as it needs to be one."""
    if change is None:
        return "-"
    size = abs(change * scale)
    if not size:
        return "="
    shown = f"{size:,.{digits}f}" if size >= 10**-digits else f"{size:.1g}"
    return f"{way(change)}{shown}{unit}"


def _changes(kind: str, changes: List[Change], language: str) -> List[str]:
    return [f"  {_say(kind, language)}  {one.name}: {_short(one.name, one.a)} → {_short(one.name, one.b)}" for one in changes]


def _short(name: str, value: Any) -> str:
    """Fit for a line: a hash by its beginning, a long list by its first."""
    if isinstance(value, list):
        more = [f"… ({len(value)})"] if len(value) > _SHOWN else []
        return ", ".join([*map(str, value[:_SHOWN]), *more]) or "-"
    text = "-" if value is None else str(value)
    return text[:8] if any(word in name for word in _HASHES) else text[:80]


def _prices(changes: List[PriceChange], language: str) -> Iterator[str]:
    """Symbols that changed alike share a line."""
    told: Dict[str, List[str]] = {}
    for one in changes:
        told.setdefault(_price_change(one, language), []).append(one.symbol)
    lines = [f"{_listed(symbols, language)}: {text}" for text, symbols in told.items()]
    yield from lines[: 2 * _SHOWN]
    if len(lines) > 2 * _SHOWN:
        yield _say("more", language, len(lines) - 2 * _SHOWN)


def _price_change(one: PriceChange, language: str) -> str:
    if one.only:
        return _say("only_read", language, one.only.upper())
    told = [_say("unknown", language)] if one.months is None else []
    told += [_say("revised", language, _listed(list(_spans(one.months)), language))] if one.months else []
    edges = (("begins", one.first), ("ends", one.last))
    told += [_say(key, language, *(each or "-" for each in edge)) for key, edge in edges if edge]
    return " · ".join(told) or _say("unknown", language)


def _spans(months: Sequence[str]) -> Iterator[str]:
    """Months that follow one another are one span: `2016-01…2026-11`."""
    numbered = ((int(month[:4]) * 12 + int(month[5:]) - place, month) for place, month in enumerate(months))
    for _, group in itertools.groupby(numbered, key=lambda each: each[0]):
        span = [month for _, month in group]
        yield span[0] if len(span) == 1 else f"{span[0]}…{span[-1]}"


def _listed(names: List[str], language: str) -> str:
    more = [_say("more", language, len(names) - _SHOWN)] if len(names) > _SHOWN else []
    return " ".join([", ".join(names[:_SHOWN]), *more])

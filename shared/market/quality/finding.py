"""A finding: what is odd about one symbol's prices, or all of them, and what was done about it.

It exists so that a result, a report and a file of the day say the same of a wrong price, by one code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from shared.market.prices import Days
from shared.text import Text

Severity = Literal["INFO", "WARNING", "ERROR"]
Done = Literal["kept", "masked", "left_out"]
_NAMED = 3  # days


class _Usual(NamedTuple):
    """What a code mostly is."""

    severity: Severity
    done: Done
    said: Text


CODES: Mapping[str, _Usual] = {
    "Q-GAP": _Usual("WARNING", "kept", Text("봉이 없는 거래일", "sessions without a bar")),
    "Q-STALE": _Usual("WARNING", "kept", Text("최근 거래일의 봉이 없음", "no bar of the last sessions")),
    "Q-OLD": _Usual("WARNING", "kept", Text("최근 가격을 아무도 주지 않음", "nobody had the last sessions")),
    "Q-STANDS-IN": _Usual("WARNING", "kept", Text("다른 종목의 가격이 대신함", "prices of another stand in")),
    "Q-SWITCHED": _Usual("WARNING", "kept", Text("가격을 주는 곳이 바뀜", "another provider's prices than before")),
    "Q-REVISED": _Usual("WARNING", "kept", Text("제공자가 지난 가격을 고침", "the provider revised past prices")),
    "Q-TWICE": _Usual("WARNING", "kept", Text("두 번 나온 같은 행", "rows that came twice, alike")),
    "Q-NO-SESSION": _Usual("WARNING", "kept", Text("거래일이 아닌 날의 봉", "bars on days without a session")),
    "Q-OTHER-DAYS": _Usual("WARNING", "left_out", Text("한국 거래소가 쉰 날의 봉", "days on which only others traded")),
    "Q-NO-PRICE": _Usual("WARNING", "masked", Text("0이거나 음수인 가격", "prices of zero or below")),
    "Q-UPSIDE-DOWN": _Usual("WARNING", "masked", Text("고가가 저가보다 낮음", "high below low")),
    "Q-OUTSIDE": _Usual("WARNING", "kept", Text("시가·종가가 고저 범위 밖", "open or close outside low to high")),
    "Q-JUMP": _Usual("WARNING", "kept", Text("가격제한폭을 넘은 변동", "moves beyond the price limit")),
    "Q-VOLUME": _Usual("INFO", "kept", Text("거래량 0인데 가격이 변함", "price moved, volume zero")),
    "Q-DISAGREE": _Usual("WARNING", "kept", Text("제공자 사이의 차이가 큼", "providers disagree")),
    "Q-AFTER-END": _Usual("WARNING", "kept", Text("상장폐지 뒤의 봉", "bars after the delisting")),
    "Q-SHORT": _Usual("INFO", "left_out", Text("이력이 너무 짧음", "too little history")),
    "Q-ABNORMAL": _Usual("ERROR", "left_out", Text("비정상 데이터", "abnormal prices")),
    "Q-HALTED": _Usual("INFO", "left_out", Text("거래 정지", "halted")),
    "Q-DELISTED": _Usual("INFO", "left_out", Text("상장폐지", "delisted")),
}
DONE: Mapping[str, Text] = {
    "kept": Text("그대로 둠", "kept"),
    "masked": Text("체결에 쓰지 않음", "fills nothing"),
    "left_out": Text("제외", "left out"),
}


@dataclass(frozen=True)
class Finding:
    """`symbol`: "" of all of them. `first` and `last` of `count` days, where it is one of days. `text` names them."""

    symbol: str
    code: str
    severity: Severity
    done: Done
    first: date | None
    last: date | None
    count: int
    text: str

    def as_dict(self) -> dict[str, Any]:
        """As it stands in manifests, panels and data/quality."""
        days = {"first": str(self.first) if self.first else None, "last": str(self.last) if self.last else None}
        return asdict(self) | days


def finding_in(told: Mapping[str, Any]) -> Finding:
    """One as a panel keeps it."""
    days = {name: date.fromisoformat(told[name]) if told[name] else None for name in ("first", "last")}
    return Finding(**{**told, **days})


def finding(code: str, symbol: str, days: Days, text: str) -> Finding:
    """One of these days, as its code mostly is."""
    usual = CODES[code]
    first, last = (days[0].item(), days[-1].item()) if len(days) else (None, None)
    return Finding(symbol, code, usual.severity, usual.done, first, last, len(days), text)


def named(days: Days) -> str:
    """The first of these days, and how many more there are."""
    more = f" and {len(days) - _NAMED} more day(s)" if len(days) > _NAMED else ""
    return ", ".join(map(str, days[:_NAMED])) + more


def notes_of(findings: Iterable[Finding]) -> dict[str, str]:
    """By symbol, in order, what a reader of any result is to look at twice: all but what is only good to know."""
    told: dict[str, list[str]] = {}
    for one in findings:
        if one.severity != "INFO":
            told.setdefault(one.symbol, []).append(one.text)
    return {symbol: "; ".join(told[symbol]) for symbol in sorted(told)}


def by_symbol(findings: Iterable[Finding]) -> dict[str, list[dict[str, Any]]]:
    """As a panel keeps them."""
    told: dict[str, list[dict[str, Any]]] = {}
    for one in sorted(findings, key=lambda found: found.symbol):
        told.setdefault(one.symbol, []).append(one.as_dict())
    return told


def sentence(told: Mapping[str, Any], language: str) -> str:
    """`Q-JUMP 069500: …` of one as a panel or a manifest keeps it, for people; one of a later version in its own words."""
    code, done = str(told["code"]), str(told["done"])
    head = " ".join(part for part in (code, str(told["symbol"])) if part)
    if code not in CODES or done not in DONE:
        return f"{head}: {told['text']}"
    said, became = CODES[code].said.in_language(language), DONE[done].in_language(language)
    return f"{head}: {said}{_how_often(told).in_language(language)}, {became}"


def _how_often(told: Mapping[str, Any]) -> Text:
    """So many days, and from which to which; or so many, of what is not one of days."""
    count, first, last = told["count"], told["first"], told["last"]
    if not first:
        return Text(f" {count}건", f", {count}") if count else Text()
    between = Text(first, first) if first == last else Text(f"{first} ~ {last}", f"{first} to {last}")
    return Text(f" {count}일 ({between.ko})", f", {count} day{'' if count == 1 else 's'} ({between.en})")

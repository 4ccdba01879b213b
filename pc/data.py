"""`pc data`: one symbol's prices and where they came from, and what is wrong with the prices in use.

It exists so that a person who doubts a number sees the bars behind it, and learns in the morning what the day will lack.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from shared import clock
from shared.closing import close
from shared.config import Settings
from shared.errors import DataMissing, RequiredUnavailable, UsageWrong, nearest
from shared.krx_calendar import open_calendar
from shared.one_line import one_line
from shared.text import Table, wording

if TYPE_CHECKING:
    from shared.market import Floats, Prices

_BARS, _CURVE, _NAMED = 5, 60, 20  # bars a screen shows, days of the small curve, findings by name
_STEPS = "▁▂▃▄▅▆▇█"
_WORDS: Table = {
    "synthetic": ("합성(가짜) 가격", "SYNTHETIC prices"),
    "head": (
        "{symbol} {name} {kind} — 제공자 {provider}: {first} ~ {last}, {rows}봉, 수정주가: {adjusted}",
        "{symbol} {name} {kind} — provider {provider}: {first} to {last}, {rows} bars, adjusted: {adjusted}",
    ),
    "delisted": ("상장폐지: {day}", "delisted: {day}"),
    "curve": ("최근 {days}일: {curve}", "last {days} days: {curve}"),
    "bar": (
        "{date} 시 {open} 고 {high} 저 {low} 종 {close} 거래량 {volume}",
        "{date} open {open} high {high} low {low} close {close} volume {volume}",
    ),
    "kept": (
        "캐시: {provider} {symbol}, {start} ~ {end}, {rows}봉, {updated_at}에 받음",
        "cache: {provider} {symbol}, {start} to {end}, {rows} bars, fetched at {updated_at}",
    ),
    "revision": (
        "제공자가 고침: {provider} {day} ~ {until} {field}, 첫날 {before} → {now} ({seen_at})",
        "its provider revised: {provider} {day} to {until} {field}, first {before} → {now} ({seen_at})",
    ),
    "yes": ("예", "yes"),
    "no": ("아니요", "no"),
    "unknown": ("모름", "unknown"),
    "in_use": (
        "가격: {provider}, 종목 {symbols}개, {first} ~ {last}",
        "prices: {provider}, {symbols} symbols, {first} to {last}",
    ),
    "none": ("가격을 열 수 없음: {why}", "the prices cannot be opened: {why}"),
    "unavailable": ("[WARNING] {name}: 쓸 가격이 없음 ({why})", "[WARNING] {name}: no prices that can be used ({why})"),
    "counted": ("발견: {counts}", "findings: {counts}"),
    "more": ("그 밖에 {count}건: --json", "and {count} more: --json"),
    "alone": ("제공자 {name}: 오늘은 더 묻지 않음 ({why})", "provider {name}: left alone today ({why})"),
    "failed": (
        "제공자 {name}: 오늘 {failures}번 실패 ({why})",
        "provider {name}: failed {failures} time(s) today ({why})",
    ),
    "fine": ("문제 없음", "nothing is wrong"),
}


def show(settings: Settings, symbol: str | None, as_json: bool) -> int:
    """What there is of one symbol; DataMissing where there is nothing."""
    if not symbol:
        raise UsageWrong("data show", "it was not said of which symbol", "python -m pc data show 069500")
    from shared.market import prices_in_use

    began, prices = time.monotonic(), prices_in_use(settings)
    told = _told(settings, prices, symbol)
    for line in [] if as_json else _lines(told, prices, settings.language):
        print(one_line(" ".join(line.split())))
    facts = {"symbol": symbol, "provider": told["provider"], "last": told["last"], "findings": len(told["findings"])}
    close("OK", facts, time.monotonic() - began, told if as_json else None)
    return 0


def doctor(settings: Settings, as_json: bool) -> int:
    """What is wrong with the prices runs read, and with who brings them; 0 where nothing is, else 2."""
    began, told = time.monotonic(), _examination(settings)
    wrong = [one for one in told["findings"] if one["severity"] != "INFO"]
    alone = [name for name, one in told["providers"].items() if one["open"]]
    word = "WARN" if wrong or alone or told["why"] or told["unavailable"] else "OK"
    for line in [] if as_json else _diagnosis(told, word == "OK", settings.language):
        print(one_line(line))
    facts = {
        "last": told["last"],
        "findings": len(wrong),
        "alone": len(alone),
        "unavailable": len(told["unavailable"]),
        "why": told["why"] or None,
    }
    close(word, facts, time.monotonic() - began, told if as_json else None)
    return 0 if word == "OK" else 2


def _told(settings: Settings, prices: Prices, symbol: str) -> dict[str, Any]:
    found = prices.findings.get(symbol, [])
    if symbol not in prices.symbols:
        said = "; ".join(str(one["text"]) for one in found) or f"{prices.provider} prices have no such symbol"
        raise DataMissing(f"showing {symbol!r}", said, nearest(symbol, prices.symbols))
    gone = prices.delisted.get(symbol)
    facts: dict[str, Any] = {"symbol": symbol, "name": prices.names.get(symbol, ""), "kind": prices.kinds.get(symbol, "")}
    facts |= {"provider": prices.providers.get(symbol, prices.provider), "adjusted": prices.adjusted}
    facts |= {"synthetic": prices.synthetic, "delisted": str(gone) if gone else None, **prices.span(symbol)}
    return {**facts, "bars": _last_bars(prices, symbol), "findings": found, **_of_the_cache(settings, symbol)}


def _last_bars(prices: Prices, symbol: str) -> list[dict[str, Any]]:
    from shared.market import NUMBERS

    column = prices.column(symbol)
    rows = [int(row) for row in (prices.close[:, column] > 0).nonzero()[0][-_BARS:]]
    return [
        {"date": str(prices.dates[row]), **{name: _known(getattr(prices, name)[row, column]) for name in NUMBERS}} for row in rows
    ]


def _of_the_cache(settings: Settings, symbol: str) -> dict[str, Any]:
    """What providers answered for it, and what they changed of that later, where this machine fetches."""
    from shared.market.cache import open_cache
    from shared.market.ingest import read_sources

    folder = settings.data / "cache"
    if not folder.is_dir():
        return {"series": [], "revisions": []}
    there, sources = open_cache(folder), read_sources(settings.data_sources, settings.data)
    whose = {step[:2] for step in sources.steps(symbol)} if sources.knows(symbol) else set()  # each calls it otherwise
    facts = ("provider", "symbol", "start", "end", "rows", "adjusted", "updated_at")
    series = [
        {name: _plain(getattr(one, name)) for name in facts} for one in there.all_series() if (one.provider, one.symbol) in whose
    ]
    changed = [one for one in there.revisions() if (one.provider, one.symbol) in whose]
    revised = [{name: _plain(value) for name, value in one._asdict().items()} for one in changed]
    return {"series": series, "revisions": revised}


def _lines(told: dict[str, Any], prices: Prices, language: str) -> Iterable[str]:
    from shared.market import sentence

    def say(key: str, **facts: object) -> str:
        return wording(_WORDS, key, **facts).in_language(language)

    if told["synthetic"]:
        yield say("synthetic")
    yield say("head", **{**told, "adjusted": say({True: "yes", False: "no", None: "unknown"}[told["adjusted"]])})
    if told["delisted"]:
        yield say("delisted", day=told["delisted"])
    curve = sparkline(prices.close[-_CURVE:, prices.column(told["symbol"])])
    yield say("curve", days=len(curve), curve=curve)
    yield from (say("bar", **{name: _shown(value) for name, value in one.items()}) for one in told["bars"])
    yield from (f"※ {sentence(one, language)} — {one['text']}" for one in told["findings"])
    yield from (say("kept", **one) for one in told["series"])
    yield from (say("revision", **one) for one in told["revisions"][-_BARS:])


def sparkline(closes: Floats) -> str:
    """The closes as eight heights, a blank where there is none."""
    known = closes[closes > 0]
    if not len(known):
        return ""
    low, span = float(known.min()), float(known.max() - known.min()) or 1.0
    heights = [int((one - low) / span * (len(_STEPS) - 1) + 0.5) if one > 0 else -1 for one in closes.tolist()]
    return "".join("·" if height < 0 else _STEPS[height] for height in heights)


def _examination(settings: Settings) -> dict[str, Any]:
    from shared.market import last_final_day, prices_in_use, stale_as_a_whole, why_unavailable
    from shared.market.asking import failed_today

    now = clock.now()
    failed = {name: one._asdict() for name, one in failed_today(settings.data / "providers", now).items()}
    told: dict[str, Any] = {"provider": None, "synthetic": None, "symbols": 0, "first": None, "last": None, "why": ""}
    told |= {"findings": [], "providers": failed, "unavailable": {}}
    try:
        prices = prices_in_use(settings)
    except (DataMissing, RequiredUnavailable) as error:
        return told | {"why": error.why, "unavailable": why_unavailable(settings.data)}
    calendar = open_calendar(settings.data)
    stale = (
        [] if prices.synthetic else [one.as_dict() for one in stale_as_a_whole(prices, last_final_day(now, calendar), calendar)]
    )
    known = [one for of_one in prices.findings.values() for one in of_one]
    findings = [*(one for one in stale if one not in known), *known]
    days = {"first": str(prices.dates[0]), "last": str(prices.dates[-1]), "symbols": len(prices.symbols)}
    facts = {name: getattr(prices, name) for name in ("provider", "synthetic", "unavailable")}
    return told | days | facts | {"findings": findings}


def _diagnosis(told: dict[str, Any], is_fine: bool, language: str) -> Iterable[str]:
    from shared.market import sentence

    def say(key: str, **facts: object) -> str:
        return wording(_WORDS, key, **facts).in_language(language)

    if told["synthetic"]:
        yield say("synthetic")
    yield say("none", why=told["why"]) if told["why"] else say("in_use", **told)
    wrong = sorted((one for one in told["findings"] if one["severity"] != "INFO"), key=lambda one: str(one["severity"]))
    yield from (f"[{one['severity']}] {sentence(one, language)}" for one in wrong[:_NAMED])
    if len(wrong) > _NAMED:
        yield say("more", count=len(wrong) - _NAMED)
    yield from _lacking(told["unavailable"], language)
    counts = Counter(f"{one['severity']} {one['code']}" for one in told["findings"])
    if counts:
        yield say("counted", counts=", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    yield from (say("alone" if one["open"] else "failed", name=name, **one) for name, one in told["providers"].items())
    if is_fine:
        yield say("fine")


def _lacking(unavailable: dict[str, str], language: str) -> Iterable[str]:
    """One line for each cause: a provider that is down has the same words for hundreds of symbols."""
    whose: dict[str, list[str]] = {}
    for name, why in unavailable.items():
        whose.setdefault(why, []).append(name)
    for why, names in list(whose.items())[:_NAMED]:
        shown = ", ".join(names[:_NAMED]) + (f" (+{len(names) - _NAMED})" if len(names) > _NAMED else "")
        yield wording(_WORDS, "unavailable", name=shown, why=why).in_language(language)


def _known(number: Any) -> float | None:
    return None if math.isnan(number) else float(number)


def _shown(value: float | str | None) -> str:
    return "-" if value is None else value if isinstance(value, str) else f"{value:,.12g}"


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (int, float, str)) else str(value)

"""`pc prices`: what the prices are that runs read here, and whether they are still what they were.

It exists so that a person who dropped a file sees what became of it, without asking for a backtest.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from shared.closing import close
from shared.config import Settings
from shared.one_line import one_line
from shared.text import Table, wording

if TYPE_CHECKING:
    from shared.market import Prices

_MOST = 40  # symbols a screen shows
_WORDS: Table = {
    "synthetic": ("합성(가짜) 가격", "SYNTHETIC prices"),
    "head": (
        "{provider}: 종목 {count}개, {first} ~ {last}, {days}일, 수정주가: {adjusted}",
        "{provider}: {count} symbols, {first} to {last}, {days} days, adjusted: {adjusted}",
    ),
    "yes": ("예", "yes"),
    "no": ("아니요", "no"),
    "unknown": ("모름", "unknown"),
    "symbol": (
        "{symbol} {name} {kind} {first} ~ {last}: {rows}봉, 거래 없음 {halted}, 빠진 날 {gaps}",
        "{symbol} {name} {kind} {first} to {last}: {rows} bars, {halted} without trade, {gaps} missing",
    ),
    "more": ("그 밖에 {count}개: --json", "and {count} more: --json"),
    "verified": ("지문 확인됨: {fingerprint}", "they are what their fingerprint says: {fingerprint}"),
    "changed": ("달라짐: {wrong}", "changed: {wrong}"),
}


def show(settings: Settings, as_json: bool) -> int:
    """Every symbol and what is odd about it; on a screen the odd ones first."""
    began = time.monotonic()
    told = _told(settings)
    if not as_json:
        _print(told, settings.language)
    symbols: dict[str, Any] = told["symbols"]
    odd = sum(1 for one in symbols.values() if one["note"])
    facts = {"symbols": len(symbols), "first": told["first"], "last": told["last"], "odd": odd}
    close("OK", facts, time.monotonic() - began, told if as_json else None)
    return 0


def verify(settings: Settings, as_json: bool) -> int:
    """Read all of them; 1 where they are not what they were."""
    from shared.market import prices_in_use, what_changed

    began, prices = time.monotonic(), prices_in_use(settings)
    wrong = what_changed(prices)
    word = "changed" if wrong else "verified"
    if not as_json:
        said = wording(_WORDS, word, wrong=", ".join(wrong), fingerprint=prices.fingerprint)
        print(one_line(said.in_language(settings.language)))
    document = {"fingerprint": prices.fingerprint, "wrong": wrong}
    facts = {"symbols": len(prices.symbols), "wrong": len(wrong)}
    close("FAILED" if wrong else "OK", facts, time.monotonic() - began, document if as_json else None)
    return 1 if wrong else 0


def _told(settings: Settings) -> dict[str, Any]:
    from shared.market import bars_of, prices_in_use

    prices = prices_in_use(settings)
    head = {name: getattr(prices, name) for name in ("provider", "synthetic", "adjusted", "fingerprint")}
    days = {"first": str(prices.dates[0]), "last": str(prices.dates[-1]), "days": len(prices.dates)}
    symbols = {symbol: _about(prices, symbol) | bars for symbol, bars in bars_of(prices).items()}
    return head | days | {"notes": prices.notes.get("", ""), "symbols": symbols}


def _about(prices: Prices, symbol: str) -> dict[str, Any]:
    gone = prices.delisted.get(symbol)
    facts: dict[str, Any] = {"name": prices.names.get(symbol, ""), "kind": prices.kinds.get(symbol, "")}
    return facts | {"delisted": str(gone) if gone else None, "note": prices.notes.get(symbol, "")} | prices.span(symbol)


def _print(told: dict[str, Any], language: str) -> None:
    adjusted = wording(_WORDS, {True: "yes", False: "no", None: "unknown"}[told["adjusted"]]).in_language(language)
    if told["synthetic"]:
        print(wording(_WORDS, "synthetic").in_language(language))
    head = {**told, "adjusted": adjusted, "count": len(told["symbols"])}
    print(one_line(wording(_WORDS, "head", **head).in_language(language)))
    if told["notes"]:
        print(one_line(f"  {told['notes']}"))
    order = sorted(told["symbols"].items(), key=lambda item: not item[1]["note"])
    for symbol, facts in order[:_MOST]:
        line = wording(_WORDS, "symbol", symbol=symbol, **facts).in_language(language)
        print(one_line(f"  {' '.join(line.split())}" + (f" ※ {facts['note']}" if facts["note"] else "")))
    if len(order) > _MOST:
        print(f"  {wording(_WORDS, 'more', count=len(order) - _MOST).in_language(language)}")

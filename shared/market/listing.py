"""What people say about dropped prices beside the bars: `symbols.csv` (names, kinds, delistings) and `prices.yaml`.

It exists because a file of bars says neither what a symbol is nor whether its splits are in the prices.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from shared.codes import trouble_with
from shared.errors import DataUnusable
from shared.market.tables import columns_called, day_in, text_of

SYMBOLS, ABOUT_ALL = "symbols.csv", "prices.yaml"
KINDS = ("KOSPI", "KOSDAQ", "KONEX", "ETF", "INDEX", "FOREIGN")
_IN_KOREAN = {"코스피": "KOSPI", "유가증권": "KOSPI", "코스닥": "KOSDAQ", "코넥스": "KONEX", "지수": "INDEX", "해외": "FOREIGN"}
_PAGE = "docs/how-to/bring-real-prices.md"


def facts_beside(contents: dict[str, bytes]) -> dict[str, Any]:
    """`names`, `kinds`, `delisted`, `adjusted` and `provider`, as far as these files say; DataUnusable where they are wrong."""
    facts: dict[str, Any] = {"provider": "files", "names": {}, "kinds": {}, "delisted": {}}
    for name, read in ((SYMBOLS, _of_symbols), (ABOUT_ALL, _of_all)):
        facts |= read(contents[name]) if name in contents else {}
    return facts


def _of_symbols(content: bytes) -> dict[str, Any]:
    facts: dict[str, dict[str, Any]] = {"names": {}, "kinds": {}, "delisted": {}}
    for number, row in enumerate(csv.DictReader(io.StringIO(text_of(content, "replace"))), 2):
        symbol = _cell(row, "symbol")
        trouble = trouble_with(symbol)
        if trouble:
            raise DataUnusable(f"reading {SYMBOLS}", f"the symbol in line {number} {trouble}", "save the symbols as text")
        for ours, (fact, read) in _READ.items():
            cell = _cell(row, ours)
            said = {symbol: read(cell, f"{symbol}, line {number}")} if cell else {}
            _refuse_two(ours, symbol, facts[fact], said)
            facts[fact] |= said
    return facts


def _cell(row: dict[str, str], ours: str) -> str:
    """What the row has under that column, empty where there is none; cells beyond the last column are nobody's."""
    return next(((row[name] or "").strip() for name in columns_called(ours, filter(None, row))), "")


def _refuse_two(what: str, symbol: str, before: dict[str, Any], now: dict[str, Any]) -> None:
    """A share that is also an ETF would pay no tax: whichever line came last."""
    if symbol in before and now and before[symbol] != now[symbol]:
        found = f"the {what} of {symbol} is {before[symbol]} in one line and {now[symbol]} in another"
        raise DataUnusable(f"reading {SYMBOLS}", found, "leave one of them")


def _kind(text: str, where: str) -> str:
    kind = _IN_KOREAN.get(text, text.upper())
    if kind not in KINDS:
        raise DataUnusable(
            f"reading {SYMBOLS}", f"the kind of {where}, is {text!r}", f"one of {', '.join(KINDS)}, or leave it empty"
        )
    return kind


def _day(text: str, where: str) -> date:
    try:
        return day_in(text)
    except ValueError as error:
        raise DataUnusable(f"reading {SYMBOLS}", f"delisted of {where}, is {text!r}", "write the day as 2024-01-02") from error


def _name(text: str, where: str) -> str:
    return text


_READ: dict[str, tuple[str, Callable[[str, str], Any]]] = {
    "name": ("names", _name),
    "kind": ("kinds", _kind),
    "delisted": ("delisted", _day),
}


def _of_all(content: bytes) -> dict[str, Any]:
    doing, fix = f"reading {ABOUT_ALL}", f"it may say provider: a word, and adjusted: true or false ({_PAGE})"
    try:
        said = yaml.safe_load(text_of(content, "replace")) or {}
    except yaml.YAMLError as error:
        raise DataUnusable(doing, f"not YAML: {' '.join(str(error).split())}", fix) from error
    wrong = not isinstance(said, dict) or set(said) - {"provider", "adjusted"}
    if wrong or not isinstance(said.get("adjusted", True), bool) or not isinstance(said.get("provider", ""), str):
        raise DataUnusable(doing, f"it says {str(said)[:100]}", fix)
    return said


def is_beside(path: Path) -> bool:
    """Whether the file says something about bars and holds none."""
    return path.name in (SYMBOLS, ABOUT_ALL)
